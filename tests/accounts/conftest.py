"""The doors as a browser meets them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from adherents.models import Site
from contact import terms
from portal.messaging.models import Message
from portal.messaging.outbox import send
from portal.messaging.sms import outbox as sms_outbox
from tests.factories import SiteFactory, letters_of
from tests.messaging.gateways import Kept

NEW_PASSWORD = "Ardoise-Grise-7"


@dataclass
class Letters:
    """What the two letters and the company's own papers say."""

    site: Site
    code: str

    @property
    def typed(self) -> dict[str, str]:
        """Step 1 filled in."""
        return {"cibtp_id": self.site.cibtp_id, "siret": self.site.siret, "code": self.code}


@pytest.fixture
def letters(db: Any) -> Letters:
    """The letters of a site that is not opened."""
    site = SiteFactory()
    code, _ = letters_of(site)
    return Letters(site, code)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """The gateway of the caisse, which keeps what it is given."""
    made = Kept()
    monkeypatch.setattr(sms_outbox, "current_gateway", lambda: made)
    return made


def connection(email: str = "marie.keller@exemple.fr", **changes: str) -> dict[str, str]:
    """Step 2 filled in."""
    return {
        "email": email,
        "email_again": email,
        "password": NEW_PASSWORD,
        "password_again": NEW_PASSWORD,
        "last_name": "Keller",
        "first_name": "Marie",
        "landline": "",
        "mobile": "",
    } | changes


def opened(client: Client, letters: Letters, **changes: str) -> Any:
    """Walk both steps; returns the response to step 2."""
    assert client.post("/ouverture/", letters.typed)["Location"] == "/ouverture/connexion/"
    return client.post("/ouverture/connexion/", connection(**changes))


def accept_terms(client: Client) -> None:
    """What a newcomer is asked after signing in for the first time."""
    text = terms.in_effect()
    assert text is not None
    client.post("/conditions-generales/accepter/", {"version": text.pk, "agreed": "on"})


def mails_to(email: str) -> list[Message]:
    """The mails written to an address, oldest first."""
    return list(Message.objects.filter(recipient=email).order_by("pk"))


def link_in(message: Message) -> str:
    """The path of the link in a mail."""
    found = re.search(r"http://localhost:\d+(/\S+)", message.text)
    assert found is not None
    return found.group(1)


def send_all() -> None:
    """Send what waits, as the worker does."""
    for message_id in Message.objects.filter(sent_at=None).values_list("pk", flat=True):
        send(message_id)
