"""« Sessions ouvertes » of /compte/securite/, and what closes them (R33)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View

from accounts import open_sessions
from accounts.models import User
from accounts.views.account import Section
from portal.origin import Origin
from portal.reauth.pages import FreshPage
from portal.sessions import closing
from portal.sessions.devices import UNKNOWN
from portal.sessions.models import Session

ALREADY = "Cette session avait déjà pris fin."


@dataclass(frozen=True)
class ShownSession:
    """One of them, as the page says it."""

    session: Session
    this_one: bool

    @property
    def device(self) -> str:
        """The browser and the system, in words."""
        return self.session.device or UNKNOWN


def open_sessions_section(request: HttpRequest) -> Section:
    """This session first, then the last seen."""
    key = request.session.session_key
    found = closing.open_sessions(request.user)
    shown = [ShownSession(session, session.session_key == key) for session in found]
    shown.sort(key=lambda one: not one.this_one)
    facts: dict[str, Any] = {"sessions": shown, "others": sum(not one.this_one for one in shown)}
    return Section("accounts/_sessions.html", facts | {"most": closing.MOST})


class CloseSessionsPage(FreshPage, View):
    """« Fermer » and « Fermer toutes les autres »: after a fresh proof (ASVS 7.5.2)."""

    http_method_names = ("post",)
    before_gates: ClassVar[bool] = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """End what the button says; this session ends by « Se déconnecter » only."""
        person, kept = cast(User, request.user), request.session.session_key
        origin = Origin.of(request)
        if "others" in request.POST:
            count = open_sessions.close_the_others(person=person, kept=kept, origin=origin)
            messages.success(request, others_in_words(count))
        elif handle := request.POST.get("session", ""):
            closed = open_sessions.close_one(person=person, handle=handle, kept=kept, origin=origin)
            if closed is None:
                messages.info(request, ALREADY)
            else:
                messages.success(request, f"La session de {closed.device or UNKNOWN} est fermée.")
        return redirect("accounts:security")

    def fresh_back(self) -> str:
        """The page of the list."""
        return reverse("accounts:security")


def others_in_words(count: int) -> str:
    """What was closed."""
    if not count:
        return "Aucune autre session n’était ouverte."
    return "L’autre session est fermée." if count == 1 else f"Les {count} autres sessions sont fermées."
