"""What a page says of one delegation: its facts, and what its role means (product.md 6.2, 6.3)."""

from __future__ import annotations

from delegations.listing import NOT_YET_KNOWN
from delegations.models import Delegation, Role, Side, Status
from delegations.notices import role_and_opening, spelled
from portal import clock

MEANING = {
    Role.ADMINISTRATOR: (
        "Un Administrateur a tous les droits sur ce site. Il les délègue à des utilisateurs de l’entreprise "
        "et au cabinet comptable, les modifie et y met fin."
    ),
    Role.HEAD: (
        "Le Responsable a, pour son cabinet, les droits ci-dessous. Il peut en donner une part à des "
        "collaborateurs du cabinet, jamais plus ni plus longtemps que ce que le cabinet a reçu."
    ),
    Role.DEPUTY: (
        "Un Responsable adjoint a, sur ce site, tous les droits que le cabinet y a reçus. Il en donne une "
        "part à des collaborateurs du cabinet."
    ),
    Role.USER: "Un Utilisateur a les droits ci-dessous. Il n’en donne à personne.",
}


MEANT = {
    Role.ADMINISTRATOR: (
        "Cet Administrateur avait tous les droits sur ce site, et en donnait aux autres bénéficiaires."
    ),
    Role.HEAD: (
        "Le Responsable avait, pour son cabinet, les droits ci-dessous. Il pouvait en donner une part à des "
        "collaborateurs du cabinet."
    ),
    Role.DEPUTY: "Ce Responsable adjoint avait, sur ce site, tous les droits que le cabinet y avait reçus.",
    Role.USER: "Cet Utilisateur avait les droits ci-dessous.",
}
ADDRESS = "Courriel"
NEVER_HELD = "Les droits ci-dessous étaient proposés, et n’ont jamais été en vigueur."


def meaning(delegation: Delegation) -> str:
    """What the role may do; once it is over, what it could."""
    if not delegation.status_on().is_over:
        return MEANING[Role(delegation.role)]
    return MEANT[Role(delegation.role)] if delegation.confirmed_at else NEVER_HELD


def facts(delegation: Delegation) -> list[tuple[str, str]]:
    """Who, as what, from when to when, given by whom."""
    person = delegation.beneficiary
    found = [
        ("Nom et prénom", f"{person.last_name} {person.first_name}" if person else NOT_YET_KNOWN),
        (ADDRESS, delegation.address),
        ("Rôle", role_and_opening(delegation)),
        ("Date d’effet", spelled(delegation.starts_on)),
        ("Date de fin", last_day_in_words(delegation) or "Sans date de fin"),
        ("Donnée par", given_by(delegation)),
    ]
    if delegation.side == Side.FIRM and delegation.parent_id is not None and delegation.firm:
        found.insert(3, ("Cabinet", delegation.firm.name))
    return found


def last_day_in_words(delegation: Delegation) -> str:
    """The last day, and whose it is when the firm's comes first; the day it really ended, once over."""
    last = delegation.last_day
    if delegation.ended_on != last:
        return spelled(delegation.ended_on) if delegation.ended_on else ""
    day = f"{spelled(last)} inclus" if last else ""
    return f"{day}, comme celle du cabinet" if last and last != delegation.ends_on else day


def given_by(delegation: Delegation) -> str:
    """Who gave, and when: whoever opened the space proved the two letters instead."""
    day = spelled(clock.day_of(delegation.created_at))
    if delegation.given_by is None and delegation.role != Role.ADMINISTRATOR:
        return ""
    if delegation.given_by is None and delegation.opened_by_firm:
        return f"Ouverture de l’espace par un cabinet comptable, avec les deux courriers, le {day}"
    if delegation.given_by is None:
        return f"Ouverture de l’espace par les deux courriers, le {day}"
    return f"{delegation.given_by.get_full_name()}, le {day}"


def where_it_stands(delegation: Delegation) -> str:
    """The status in a sentence: what is waited for, since when it holds, how it ended."""
    status = delegation.status_on()
    if status is Status.INVITED:
        sent = delegation.invitation.sent_at if delegation.invitation else delegation.created_at
        return f"Invitation envoyée le {spelled(clock.day_of(sent))}, pas encore acceptée."
    if status is Status.TO_CONFIRM and delegation.answer_by is not None:
        limit = spelled(delegation.answer_by)
        return f"Acceptée\u00a0; l’entreprise doit la confirmer, au plus tard le {limit}."
    if status is Status.COMING:
        return f"Acceptée\u00a0; elle prend effet le {spelled(delegation.starts_on)}."
    return _ended(delegation) if status.is_over else "Ces droits sont en vigueur."


def _ended(delegation: Delegation) -> str:
    ended = delegation if delegation.over_at else delegation.parent or delegation
    status = delegation.status_on()
    if status is Status.EXPIRED or ended.over_at is None:
        return "Ces droits ont pris fin avec leur dernier jour, ou faute de réponse."
    day = spelled(clock.day_of(ended.over_at))
    if status is Status.REFUSED:
        return f"Refusée le {day}."
    return f"Terminée le {day}. Elle ne peut pas être rétablie\u00a0: il faudrait en donner une nouvelle."


def answer_given(delegation: Delegation) -> str:
    """What the company answered its firm; the first answer holds for all."""
    if delegation.confirmed_at is not None:
        day = spelled(clock.day_of(delegation.confirmed_at))
        return f"La délégation à {delegation.firm} a été confirmée le {day}."
    if delegation.status_on() is Status.EXPIRED:
        return f"Sans réponse à temps, la délégation à {delegation.firm} a expiré."
    if delegation.status_on() is Status.REFUSED and delegation.over_at is not None:
        return (
            f"La délégation à {delegation.firm} a été refusée le {spelled(clock.day_of(delegation.over_at))}."
        )
    return f"La délégation à {delegation.firm} est terminée."
