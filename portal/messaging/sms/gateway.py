"""What sends SMS: one small interface, and the gateway that the settings name.

A gateway says one of four things. What it does not know it says by raising anything else: whoever calls
takes that for uncertain, and never hands the same SMS over again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from portal.messaging.models import SmsState

PATIENCE = 10  # seconds, to connect and between two bytes of an answer

GATEWAYS = {
    "file": "portal.messaging.sms.folder.FolderGateway",
    "https": "portal.messaging.sms.https.HttpsGateway",
    "ovh": "portal.messaging.sms.ovhcloud.OvhGateway",
}


@dataclass(frozen=True)
class Accepted:
    """The gateway took it; `reference` is how it can be asked about, or empty."""

    reference: str = ""


class NotSent(Exception):
    """Surely not taken: nothing reached the gateway, or it asks to come back. May be tried again."""


class Refused(Exception):
    """The gateway says no, to this number or to us: trying again would change nothing."""


class Uncertain(Exception):
    """The gateway may have taken it: it went silent, or answered what says neither yes nor no."""


class Gateway(Protocol):
    """One way to send an SMS."""

    def send(self, *, number: str, text: str, row: int) -> Accepted:
        """Hand one SMS over, once. Raises NotSent, Refused or Uncertain, whose words quote neither."""
        ...

    def became(self, *, reference: str, number: str, row: int) -> SmsState | None:
        """DELIVERED or REFUSED once the gateway knows of that very SMS, else None.

        May raise anything: it is asked again.
        """
        ...


def is_offered() -> bool:
    """Whether this caisse sends SMS at all."""
    return bool(settings.SMS_GATEWAY)


def current_gateway() -> Gateway:
    """The gateway that the settings name. Raises NotSent when there is none, or when it cannot be made."""
    path = GATEWAYS.get(settings.SMS_GATEWAY)
    if path is None:
        raise NotSent("no gateway")
    try:
        gateway: Gateway = import_string(path)()
    except Exception as error:
        raise NotSent(type(error).__name__) from None
    return gateway
