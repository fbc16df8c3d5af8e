"""Staff lift a suspension, with a trace: who, for whom (R08)."""

from __future__ import annotations

from django.db import transaction

from accounts.limits import OPENING_BY_IDENTIFIER, SIGN_IN_BY_ACCOUNT
from accounts.models import User
from accounts.second_factor.limits import forgive
from adherents.models import Site
from portal.identifiers import identifier_key
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import clear
from portal.origin import Origin


@transaction.atomic
def unlock_sign_in(*, person: User, staff: User, origin: Origin) -> None:
    """« Débloquer la connexion »: the wrong passwords and second factors of that account are forgotten."""
    clear(SIGN_IN_BY_ACCOUNT, person.email or "")
    forgive(person.pk)
    record(
        "sign_in.unlocked",
        f"Débloque la connexion de {person.get_full_name() or person}",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=staff,
        after={"Compte": person.pk},
    )


@transaction.atomic
def unlock_opening(*, site: Site, staff: User, origin: Origin) -> None:
    """« Débloquer l'ouverture »: the wrong codes of that identifier are forgotten."""
    clear(OPENING_BY_IDENTIFIER, identifier_key(site.cibtp_id))
    record(
        "opening.unlocked",
        f"Débloque l’ouverture du site {site.cibtp_id}",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=staff,
        site=site,
    )
