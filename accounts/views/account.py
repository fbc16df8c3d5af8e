"""/compte/: « Gérer mon compte utilisateur », tabs « Connexion et contact » and « Sécurité »."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.certification import last_day
from accounts.mobile import certified_on
from accounts.models import User
from portal.messaging.sms.gateway import is_offered

TITLE = "Gérer mon compte utilisateur"


@dataclass(frozen=True)
class Tab:
    """A tab: a link, the current one marked."""

    label: str
    url: str
    current: bool


def tabs(current: str) -> list[Tab]:
    """The tabs of the account; `current` is the name of an address."""
    names = {"accounts:account": "Connexion et contact", "accounts:security": "Sécurité"}
    return [Tab(label, reverse(name), name == current) for name, label in names.items()]


@dataclass(frozen=True)
class Section:
    """A part of the security tab: its template, and what it is given under `section`."""

    template: str
    facts: dict[str, Any]


SectionOf = Callable[[HttpRequest], Section]
security_sections: list[SectionOf] = []


class AccountPage(LoginRequiredMixin, TemplateView):
    """« Connexion et contact »: address, password, name and phones, with what changes each."""

    template_name = "accounts/account.html"
    before_gates: ClassVar[bool] = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tabs and the person."""
        person = self.request.user
        assert isinstance(person, User)
        facts: dict[str, Any] = {"title": TITLE, "tabs": tabs("accounts:account"), "person": person}
        certified = certified_on(person)
        facts |= {
            "certified_until": last_day(person),
            "mobile_certified_on": certified,
            "may_certify": is_offered() and bool(person.mobile) and not certified,
        }
        return super().get_context_data(**facts, **kwargs)


class SecurityPage(LoginRequiredMixin, TemplateView):
    """« Sécurité »: the open sessions, the second factor."""

    template_name = "accounts/security.html"
    before_gates: ClassVar[bool] = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tabs, and each section with its facts."""
        sections = [section(self.request) for section in security_sections]
        facts = {"title": TITLE, "tabs": tabs("accounts:security"), "sections": sections}
        return super().get_context_data(**facts, **kwargs)
