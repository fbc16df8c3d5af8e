"""Somebody in his own account: signed in, proving again, asking for another address."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import User
from portal.messaging.models import Message
from tests.accounts.conftest import link_in, mails_to
from tests.factories import PASSWORD

ADDRESS, OWN_PASSWORD, CONTACT = "/compte/adresse/", "/compte/mot-de-passe/", "/compte/contact/"
FORMER = "marie.keller@exemple.fr"
NEW_ADDRESS = "nouvelle@exemple.fr"


def sign_in(browser: Client, email: str | None, password: str = PASSWORD) -> Any:
    """Send the sign-in form."""
    return browser.post("/connexion/", {"email": email, "password": password})


def proved_on(browser: Client, page: str, password: str = PASSWORD) -> Any:
    """Give the current password to the page that asks for it."""
    return browser.post(page, {"reauth_password": password})


def browser_of(user: User) -> Client:
    """A browser in which that person signed in by the page, as people do."""
    browser = Client()
    assert sign_in(browser, user.email).status_code == 302
    return browser


def ask_address(browser: Client, address: str = NEW_ADDRESS, again: str | None = None) -> Any:
    """Prove again, and send the form of « Modifier adresse mail »."""
    proved_on(browser, ADDRESS)
    return browser.post(ADDRESS, {"email": address, "email_again": again or address})


def kinds_to(email: str) -> list[str]:
    """What was written to an address, oldest first: the last part of each template's name."""
    return [mail.kind.rpartition("/")[2] for mail in mails_to(email)]


def mail_of_kind(email: str, kind: str) -> Message:
    """The last mail of that kind to an address."""
    return [mail for mail in mails_to(email) if mail.kind.endswith(f"/{kind}")][-1]


def confirmation_link(address: str = NEW_ADDRESS) -> str:
    """The last link sent to the new address."""
    return link_in(mail_of_kind(address, "address_confirmation"))


def cancellation_link(former: str | None) -> str:
    """The link sent to the former address."""
    return link_in(mail_of_kind(former or "", "address_change_asked"))


def asked(browser: Client, address: str = NEW_ADDRESS) -> str:
    """A change asked for; the link sent to the new address."""
    assert ask_address(browser, address)["Location"] == "/compte/adresse/envoyee/"
    return confirmation_link(address)
