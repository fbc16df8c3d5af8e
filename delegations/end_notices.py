"""What is told of ends that the clock brings: many mails at once, each written once (product.md 6.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.urls import reverse

from adherents.models import Site
from delegations.models import Delegation, Role
from delegations.notices import TEMPLATE, Notice, giver_sides, page_of, period, place, role_of, spelled
from portal.messaging.outbox import Mail, absolute, queue_mails


def tell_ended(ended: Sequence[Delegation]) -> None:
    """Tell each beneficiary, and whoever gave, that these rights have ended."""
    own = (mail for one in ended for mail in _to_beneficiary(one, _ended(one), f"ended:{one.pk}"))
    queue_mails(TEMPLATE, own)
    queue_mails(TEMPLATE, _to_givers(ended, _those_ended, "ended"))


def tell_ending(ending: Sequence[Delegation], days: int) -> None:
    """Warn each beneficiary, and whoever gave, that these rights end within so many days."""
    own = (
        mail
        for one in ending
        for mail in _to_beneficiary(one, _ending(one), f"ending:{one.pk}:{one.last_day}:{days}")
    )
    queue_mails(TEMPLATE, own)
    queue_mails(TEMPLATE, _to_givers(ending, _those_ending, f"ending:{days}"))


# --- to the beneficiary -----------------------------------------------------------------------------


def _to_beneficiary(delegation: Delegation, notice: Notice, once: str) -> Iterator[Mail]:
    """Nobody is written to who never accepted, or whose account was disabled."""
    person = delegation.beneficiary
    if delegation.accepted_at is not None and person is not None and person.is_active and person.email:
        yield Mail(to=person.email, context=notice.context(), once=once)


def _ended(delegation: Delegation) -> Notice:
    site = delegation.site
    if delegation.confirmed_at is None:
        return Notice(
            subject=f"Votre délégation sur {site.cibtp_id} a expiré",
            before=[
                f"Bonjour {delegation.named},",
                f"{site.adherent.company_name} n’a pas confirmé à temps les droits donnés à votre cabinet "
                f"sur {place(site)}\u00a0: la demande a expiré. Vous n’avez aucun droit à ce titre.",
            ],
        )
    return Notice(
        subject=f"Vos droits sur {site.cibtp_id} ont pris fin",
        before=[
            f"Bonjour {delegation.named},",
            f"Les droits qui vous avaient été donnés sur {place(site)} ont pris fin\u00a0: leur dernier jour "
            f"était le {_last_day(delegation)}. Vous n’y avez plus accès à ce titre.",
            *_passed_on(delegation, "a pris fin en même temps"),
        ],
    )


def _ending(delegation: Delegation) -> Notice:
    site = delegation.site
    return Notice(
        subject=f"Vos droits sur {site.cibtp_id} prennent fin après le {_last_day(delegation)}",
        before=[
            f"Bonjour {delegation.named},",
            f"Les droits qui vous sont donnés sur {place(site)} prennent bientôt fin\u00a0: leur dernier "
            f"jour est le {_last_day(delegation)}.",
            *_passed_on(delegation, "prend fin en même temps"),
            "S’ils vous restent utiles, demandez à qui vous les a donnés de changer leur date de fin.",
        ],
    )


def _passed_on(delegation: Delegation, ends: str) -> list[str]:
    head = delegation.role == Role.HEAD
    return [f"Ce que votre cabinet a transmis à ses collaborateurs sur ce site {ends}."] if head else []


def _last_day(delegation: Delegation) -> str:
    last = delegation.last_day
    assert last is not None, "only what has a last day ends by the clock"
    return spelled(last)


# --- to the giver's side ----------------------------------------------------------------------------


def _to_givers(
    told: Sequence[Delegation], write: Callable[[Site, list[Delegation]], Notice], once: str
) -> Iterator[Mail]:
    """A mail for each giver and site, whatever the number of delegations.

    What ends with its firm is left out: the firm's people lose their own rights then, and are told.
    """
    own_day = [one for one in told if not _ends_with_firm(one)]
    givers = giver_sides(own_day)
    lists: dict[tuple[int, str], list[Delegation]] = defaultdict(list)
    for one in own_day:
        for address in sorted(_addresses(givers[one.pk]) - {one.address}):
            lists[one.site_id, address].append(one)
    for (_, address), some in lists.items():
        keys = ",".join(f"{one.pk}:{one.last_day}" for one in some)
        yield Mail(to=address, context=write(some[0].site, some).context(), once=f"{once}:{keys}:{address}")


def _ends_with_firm(delegation: Delegation) -> bool:
    return delegation.parent is not None and delegation.ends_on != delegation.last_day


def _addresses(people: Iterable[Any]) -> set[str]:
    return {person.email for person in people if person.email}


def _those_ended(site: Site, ended: list[Delegation]) -> Notice:
    return Notice(
        subject=f"Des droits ont pris fin sur {site.cibtp_id}",
        before=["Bonjour,", f"Ces droits, donnés sur {place(site)}, ont pris fin\u00a0:"],
        items=[f"{_line(one)}{_why(one)}" for one in ended],
        url=_where(site, ended),
        action=_action(ended),
        after=["S’ils restent utiles, donnez-les à nouveau\u00a0: des droits terminés ne reprennent pas."],
    )


def _those_ending(site: Site, ending: list[Delegation]) -> Notice:
    return Notice(
        subject=f"Des droits prennent bientôt fin sur {site.cibtp_id}",
        before=["Bonjour,", f"Ces droits, donnés sur {place(site)}, prennent bientôt fin\u00a0:"],
        items=[_line(one) for one in ending],
        url=_where(site, ending),
        action=_action(ending),
        after=["Pour les prolonger, changez leur date de fin avant leur dernier jour."],
    )


def _line(delegation: Delegation) -> str:
    name = f"{delegation.named} ({delegation.address})" if delegation.beneficiary else delegation.email
    return f"{name}\u00a0: {role_of(delegation)}, {period(delegation)}"


def _why(delegation: Delegation) -> str:
    if delegation.accepted_at is None:
        return ", invitation restée sans réponse"
    return ", jamais confirmés par votre entreprise" if delegation.confirmed_at is None else ""


def _where(site: Site, some: list[Delegation]) -> str:
    if len(some) == 1:
        return page_of(some[0])
    return absolute(reverse("rights:list", kwargs={"cibtp_id": site.cibtp_id}))


def _action(some: list[Delegation]) -> str:
    return "Voir cette délégation" if len(some) == 1 else "Voir les droits d’accès"
