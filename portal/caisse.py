"""The one caisse that a deployment serves: its name, address and hours, read from the settings."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Caisse:
    """What the portal prints and shows about the fund. `address` is one line per element."""

    name: str
    address: tuple[str, ...]
    circumscription: str
    phone: str
    hours: str
    email: str
    logo: str  # a static file's path, shown in the top bar and on letters; empty: the name alone


def current_caisse() -> Caisse:
    """The caisse of this deployment (setting `CAISSE`)."""
    caisse = settings.CAISSE
    assert isinstance(caisse, Caisse)
    return caisse
