"""What an invitation offers and what became of it, as its pages show them (product.md 6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from delegations.models import Delegation, Role, Status
from delegations.notices import period, place, role_and_firm, spelled
from delegations.sentences import held
from portal.parts import FactGroup

LEADING = {
    Role.ADMINISTRATOR: "Tous les droits de ce site, et la gestion des droits d’accès",
    Role.DEPUTY: "Tous les droits que le cabinet a reçus, et leur gestion dans le cabinet",
}


def facts_of(delegation: Delegation) -> list[tuple[str, str]]:
    """Its role, its days, and its rights in words: a line for a role that holds all, else one a group."""
    facts = [("Rôle", role_and_firm(delegation)), ("Durée", period(delegation))]
    all_of_it = LEADING.get(Role(delegation.role))
    return facts + ([("Droits d’accès", all_of_it)] if all_of_it else held(delegation.matrix))


def offers(given: Iterable[Delegation]) -> list[FactGroup]:
    """What is offered, the sites that are offered the same thing together."""
    alike: dict[tuple[tuple[str, str], ...], list[Delegation]] = {}
    for delegation in given:
        alike.setdefault(tuple(facts_of(delegation)), []).append(delegation)
    return [_offer(list(facts), of_them) for facts, of_them in alike.items()]


def _offer(facts: list[tuple[str, str]], given: Sequence[Delegation]) -> FactGroup:
    places = [place(one.site) for one in given]
    if len(places) == 1:
        return FactGroup(places[0], facts)
    listed = format_html_join(mark_safe("<br>"), "{}", ((one,) for one in places))
    return FactGroup(f"{len(places)} sites", [("Sites", listed), *facts])


def answers(offered: Iterable[Delegation]) -> list[tuple[str, str]]:
    """Where each site's rights stand today, for the person to whom they were offered."""
    return [(place(one.site), standing(one)) for one in offered]


def standing(delegation: Delegation) -> str:
    """The sentence of a delegation's status, said to its beneficiary."""
    status = delegation.status_on()
    if status is Status.TO_CONFIRM and delegation.answer_by:
        limit = spelled(delegation.answer_by)
        return (
            f"À confirmer par l’entreprise, au plus tard le {limit}\u00a0: un courriel vous dira sa réponse."
        )
    if status is Status.COMING:
        return f"Ces droits commencent le {spelled(delegation.starts_on)}."
    if status is Status.REFUSED:
        by = "L’entreprise a" if delegation.accepted_at else "Vous avez"
        return f"{by} refusé."
    if status is Status.EXPIRED and delegation.confirmed_at is None and delegation.accepted_at:
        return "L’entreprise n’a pas répondu à temps."
    return {
        Status.ACTIVE: "Ces droits sont actifs.",
        Status.INVITED: "Ces droits attendent votre réponse.",
        Status.CLOSED: "Ces droits ont été fermés.",
        Status.EXPIRED: "Ces droits sont arrivés à leur terme.",
    }[status]
