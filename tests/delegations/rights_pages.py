"""What the tests of the pages of rights have in common: a site, its people, and reading a form back."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from delegations.models import Delegation
from portal.access.levels import Access, College
from tests.factories import AccountingFirmFactory, AdherentFactory, SiteFactory, owner_of

ADDRESS = "invitee@exemple.fr"


def site_with_firm() -> Any:
    """A site whose company has a firm on file."""
    return SiteFactory(adherent=AdherentFactory(accounting_firm=AccountingFirmFactory(name="FIDUCIAIRE")))


def owner_at(site: Any) -> tuple[Any, Client]:
    """Its Administrateur, and his browser."""
    owner = owner_of(site)
    return owner, browser_of(owner)


def browser_of(person: Any) -> Client:
    """A browser in which that person is signed in."""
    browser = Client()
    browser.force_login(person)
    return browser


def url(site: Any, name: str, **kwargs: Any) -> str:
    """A page of the rights."""
    return reverse(f"rights:{name}", kwargs={"cibtp_id": site.cibtp_id, **kwargs})


def radio(code: str, college: College | None = None) -> str:
    """The name of a radio group."""
    return f"droit.{code}.{college.value}" if college else f"droit.{code}"


def level(access: Access) -> str:
    """What a radio sends."""
    return str(access.value)


class Form(HTMLParser):
    """The first form of the page's `main`, as a browser without a script would send it."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.radios: list[dict[str, str]] = []
        self.buttons: list[str] = []
        self.texts: dict[str, str] = {}
        self.controls = 0
        self._inside = self._main = False
        self._select = ""
        self._ids: list[str] = []
        self.source = response.content.decode()
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._main = self._main or tag == "main"
        if tag == "form" and self._main:
            self._inside = True
        if given.get("id"):
            self.texts[given["id"]] = ""
        if tag in {"span", "label"}:
            self._ids.append(given.get("id", ""))
        if not self._inside:
            return
        if tag == "button":
            self.buttons.append(given.get("value", ""))
        if tag == "input":
            self._input(given)
        if tag == "select":
            self._select = given["name"]
            self.controls += 1
        if tag == "option" and "selected" in given:
            self._add(self._select, given["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag in {"span", "label"} and self._ids:
            self._ids.pop()

    def handle_data(self, data: str) -> None:
        for known in filter(None, self._ids):
            self.texts[known] += data

    def _input(self, given: dict[str, str]) -> None:
        self.controls += 1
        if given.get("type") == "radio":
            self.radios.append(given)
        if "disabled" in given:
            return
        if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
            self._add(given["name"], given.get("value", "on" if given.get("type") == "checkbox" else ""))

    def _add(self, name: str, value: str) -> None:
        if name != "csrfmiddlewaretoken":
            self.values.setdefault(name, []).append(value)

    def name_of(self, given: dict[str, str]) -> str:
        """What assistive technologies call a radio."""
        return " ".join(self.texts[one].strip() for one in given["aria-labelledby"].split())

    def sent(self, do: str, **changes: Any) -> dict[str, Any]:
        """What a press on that button sends, some fields changed; dots and dashes come through `droit`."""
        return {**self.values, **changes, "do": do}


def press(
    browser: Client, address: str, response: Any, do: str, changes: dict[str, Any] | None = None
) -> Any:
    """Press a button of the page's form."""
    form = Form(response)
    assert do in form.buttons, (do, form.buttons)
    return browser.post(address, form.sent(do, **(changes or {})))


def said(response: Any) -> str:
    """What the page says, its entities and spaces plain."""
    return html.unescape(response.content.decode())


def checked(browser: Client, page: str, changes: dict[str, Any]) -> Any:
    """The summary, reached from an empty form."""
    return press(browser, page, browser.get(page), "check", {"email": ADDRESS} | changes)


def given() -> Delegation:
    """The one delegation that was given to the address."""
    return Delegation.objects.get(email=ADDRESS)
