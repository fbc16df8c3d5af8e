"""What staff do from the lists of the admin: unlock, end sessions. Each has its permission and its line."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import open_sessions, unlocking
from accounts.models import User
from accounts.second_factor.factors import is_above
from adherents.models import Site
from portal.administration.reading import verb
from portal.origin import Origin


def within_reach(request: HttpRequest, chosen: QuerySet[User]) -> list[User]:
    """Those on whom they may act: neither themselves nor whoever may more; the others are named."""
    assert isinstance(request.user, User)
    kept = []
    for person in chosen:
        if person.pk == request.user.pk or is_above(person, request.user):
            name = person.get_full_name() or person
            messages.error(request, f"Rien n’a été fait pour {name}\u00a0: demandez à un superviseur.")
        else:
            kept.append(person)
    return kept


@verb("Débloquer la connexion", "limits.unlock_sign_in")
def unlock_sign_in(admin: Any, request: HttpRequest, chosen: QuerySet[User]) -> None:
    """Forget the wrong passwords of each account chosen."""
    assert isinstance(request.user, User)
    for person in within_reach(request, chosen):
        unlocking.unlock_sign_in(person=person, staff=request.user, origin=Origin.of(request))
        messages.success(request, f"Connexion débloquée\u00a0: {person}.")


@verb("Fermer les sessions", "portal_sessions.end_sessions")
def end_sessions(admin: Any, request: HttpRequest, chosen: QuerySet[User]) -> None:
    """End every session of each account chosen."""
    assert isinstance(request.user, User)
    for person in within_reach(request, chosen):
        count = open_sessions.end_all(person=person, staff=request.user, origin=Origin.of(request))
        messages.success(request, f"Sessions de {person} fermées\u00a0: {count}.")


@verb("Débloquer l’ouverture", "limits.unlock_opening")
def unlock_opening(admin: Any, request: HttpRequest, chosen: QuerySet[Site]) -> None:
    """Forget the wrong codes of each site chosen."""
    assert isinstance(request.user, User)
    for site in chosen.select_related("adherent"):
        unlocking.unlock_opening(site=site, staff=request.user, origin=Origin.of(request))
        messages.success(request, f"L’ouverture du site {site.cibtp_id} est débloquée.")
