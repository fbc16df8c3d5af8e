"""The mails of a delegation's life (product.md 6.3): what each says, and to whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from adherents.models import Site
from delegations.models import Delegation, Invitation, Role, Side
from portal import tokens
from portal.access.answers import administrators_of
from portal.messaging.outbox import absolute, queue_mail

INVITATION = "delegation"
CONFIRMATION = "delegation.confirmation"
TEMPLATE = "delegations/mails/notice"


@dataclass(frozen=True)
class Notice:
    """A mail: its subject, what happened, a list, what to do; a link when there is one."""

    subject: str
    before: Sequence[str]
    items: Sequence[str] = ()
    between: Sequence[str] = ()
    url: str = ""
    action: str = ""
    after: Sequence[str] = field(default_factory=tuple)

    def context(self) -> dict[str, Any]:
        """What the template is given."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def send(notice: Notice, *, to: str, secret: str = "", once: str | None = None) -> None:
    """Write a notice into the outbox, in the caller's transaction; once only for the same key."""
    queue_mail(TEMPLATE, to=to, context=notice.context(), secret=secret, once=once)


def tell(notice: Notice, people: Iterable[Any], *, secret: str = "", once: str | None = None) -> None:
    """The same to several people, each once."""
    for address in sorted({person.email for person in people if person.email}):
        send(notice, to=address, secret=secret, once=f"{once}:{address}" if once else None)


def place(site: Site) -> str:
    """`29209-001-12, MAÇONNERIE MEYER, AGENCE DE BREST`; a name that says the same is said once."""
    return ", ".join(
        dict.fromkeys(part for part in (site.cibtp_id, site.adherent.company_name, site.name) if part)
    )


def spelled(day: dt.date) -> str:
    """A day as a table writes it."""
    return f"{day:%d/%m/%Y}"


def last_day(day: dt.date | None) -> str:
    """A last day in a sentence: `31/12/2026 inclus`, or that there is none."""
    return f"{spelled(day)} inclus" if day else "sans date de fin"


def period(delegation: Delegation) -> str:
    """`du 01/02/2026 au 31/12/2026`, or `à compter du 01/02/2026`."""
    last = delegation.last_day
    start = spelled(delegation.starts_on)
    return f"du {start} au {spelled(last)} inclus" if last else f"à compter du {start}"


OPENED_BY_FIRM = "ouvert par un cabinet comptable"


def role_and_opening(delegation: Delegation) -> str:
    """The role, and whether a firm opened the space in its client's stead (product.md 3.2)."""
    role = role_of(delegation)
    return f"{role}, {OPENED_BY_FIRM}" if delegation.opened_by_firm else role


def role_of(delegation: Delegation) -> str:
    """The role as a sentence names it: a firm's head stands for his firm."""
    if delegation.role == Role.HEAD and delegation.firm:
        return f"Responsable, pour {delegation.firm.name}"
    return delegation.get_role_display()


def role_and_firm(delegation: Delegation) -> str:
    """The same for whoever may not know for whom he acts: a firm's collaborators as well."""
    if delegation.parent_id and delegation.firm:
        return f"{delegation.get_role_display()}, pour {delegation.firm.name}"
    return role_of(delegation)


def whom_to_ask(person: Any) -> str:
    """The sentence that says to whom one turns."""
    return f"Pour toute question, adressez-vous à {person.get_full_name()} ({person.email})."


def who_confirms(given: Iterable[Delegation]) -> str:
    """The companies that must still confirm what is offered to their firm's head; empty for none."""
    heads = [one for one in given if one.role == Role.HEAD]
    return ", ".join(dict.fromkeys(one.site.adherent.company_name for one in heads))


def giver_side(delegation: Delegation) -> list[Any]:
    """Who gave, today: the site's Administrateurs, or those who give rights within the firm."""
    return giver_sides([delegation])[delegation.pk]


def giver_sides(delegations: Sequence[Delegation]) -> dict[int, list[Any]]:
    """The same for many delegations, by their keys, in one query."""
    leading = Q(role=Role.ADMINISTRATOR) | Q(side=Side.FIRM, role__in=(Role.HEAD, Role.DEPUTY))
    sites = {delegation.site_id for delegation in delegations}
    people: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for found in Delegation.objects.active().filter(leading, site__in=sites).select_related("beneficiary"):
        people[found.site_id, found.side].append(found.beneficiary)
    return {one.pk: people[one.site_id, Side.FIRM if one.parent_id else Side.COMPANY] for one in delegations}


# --- the invitation ---------------------------------------------------------------------------------


def send_invitation(invitation: Invitation, given: Sequence[Delegation]) -> None:
    """Mail the link of an invitation, with what it offers on each site."""
    token = tokens.make(INVITATION, invitation.pk, invitation.number)
    url = absolute(reverse("accounts:delegation", kwargs={"token": token}))
    first = given[0]
    by = first.given_by.get_full_name() if first.given_by else ""
    where = place(first.site) if len(given) == 1 else f"{len(given)} sites"
    confirmer = who_confirms(given)
    notice = Notice(
        subject=f"Des droits vous sont donnés sur l’espace sécurisé de {first.site.adherent.company_name}",
        before=["Bonjour,", f"{by} vous donne des droits sur l’espace sécurisé ({where})\u00a0:"],
        items=[f"{place(one.site)}\u00a0: {role_and_firm(one)}, {period(one)}" for one in given],
        between=[
            *([f"Après votre accord, {confirmer} devra confirmer."] if confirmer else []),
            "Pour les accepter, ouvrez cette page. Si vous avez déjà un espace sécurisé avec cette adresse, "
            "vous vous y connecterez\u00a0; sinon, vous créerez votre compte\u00a0:",
        ],
        url=url,
        action="Voir ces droits",
        after=[
            f"Ce lien est valable {settings.INVITATION_LINK_DAYS}\u00a0jours. Si vous ne connaissez pas "
            "cette entreprise, ne faites rien\u00a0: aucun compte n’est créé sans vous."
        ],
    )
    send(notice, to=invitation.email, secret=url)


# --- the answers ------------------------------------------------------------------------------------


def tell_accepted(delegation: Delegation) -> None:
    """Tell whoever gave that the person accepted."""
    if delegation.given_by is None or not delegation.given_by.is_active:
        return
    notice = Notice(
        subject=f"{delegation.named} a accepté vos droits sur {delegation.site.cibtp_id}",
        before=[
            f"Bonjour {delegation.given_by.get_full_name()},",
            f"{delegation.named} ({delegation.address}) a accepté les droits que vous lui donnez sur "
            f"{place(delegation.site)}\u00a0: {role_of(delegation)}, {period(delegation)}.",
        ],
        url=page_of(delegation),
        action="Voir cette délégation",
    )
    tell(notice, [delegation.given_by])


def ask_confirmation(delegation: Delegation, *, reminder: bool = False, once: str | None = None) -> None:
    """Ask the site's Administrateurs to confirm their firm."""
    token = tokens.make(CONFIRMATION, delegation.pk)
    url = absolute(reverse("accounts:delegation_confirmation", kwargs={"token": token}))
    assert delegation.firm is not None
    assert delegation.answer_by is not None
    subject = f"{delegation.firm.name} attend votre confirmation pour {delegation.site.cibtp_id}"
    notice = Notice(
        subject=f"Rappel\u00a0: {subject}" if reminder else subject,
        before=[
            "Bonjour,",
            f"{delegation.named} ({delegation.address}), pour votre cabinet comptable "
            f"{delegation.firm.name}, a accepté les droits donnés sur {place(delegation.site)}.",
            "Ces droits ne prennent effet que si vous les confirmez\u00a0:",
        ],
        url=url,
        action="Confirmer ou refuser",
        after=[
            f"Répondez au plus tard le {spelled(delegation.answer_by)}\u00a0: ensuite, la demande expire."
        ],
    )
    tell(notice, administrators_of(delegation.site), secret=url, once=once)


def tell_answered(delegation: Delegation, *, confirmed: bool) -> None:
    """Tell the firm's head whether the company confirmed."""
    done = "confirme" if confirmed else "refuse"
    assert delegation.firm is not None
    company = delegation.site.adherent.company_name
    notice = Notice(
        subject=f"{company} {done} votre délégation sur {delegation.site.cibtp_id}",
        before=[
            f"Bonjour {delegation.named},",
            f"{company} {done} les droits donnés à {delegation.firm.name} "
            f"({delegation.get_role_display()}\u00a0: {delegation.named}) sur {place(delegation.site)}"
            + (f", {period(delegation)}." if confirmed else ". Vous n’avez aucun droit à ce titre."),
        ],
        url=absolute(reverse("home:home", kwargs={"cibtp_id": delegation.site.cibtp_id}))
        if confirmed
        else "",
        action="Ouvrir ce site",
    )
    send(notice, to=delegation.address)


# --- changes and ends -------------------------------------------------------------------------------


def tell_changed(delegation: Delegation, sentences: Sequence[str], *, by: Any) -> None:
    """Tell the beneficiary what somebody changed in his rights."""
    notice = Notice(
        subject=f"Vos droits sur {delegation.site.cibtp_id} ont été modifiés",
        before=[
            f"Bonjour {delegation.named},",
            f"{by.get_full_name()} change vos droits sur {place(delegation.site)}\u00a0:",
        ],
        items=sentences,
        between=[whom_to_ask(by)],
    )
    send(notice, to=delegation.address)


def tell_firm_changed(delegation: Delegation, sentences: Sequence[str], *, by: Any, head: Any) -> None:
    """Tell a collaborator what the company's change of his firm's delegation takes from him."""
    assert delegation.firm is not None
    notice = Notice(
        subject=f"Vos droits sur {delegation.site.cibtp_id} ont été modifiés",
        before=[
            f"Bonjour {delegation.named},",
            f"{by.get_full_name()} change la délégation de {delegation.firm.name} sur "
            f"{place(delegation.site)}. Vos droits changent avec elle\u00a0:",
        ],
        items=sentences,
        between=[whom_to_ask(head)],
    )
    send(notice, to=delegation.address)


def tell_closed(delegation: Delegation, *, by: Any) -> None:
    """Tell the beneficiary that somebody ended his rights."""
    notice = Notice(
        subject=f"Vos droits sur {delegation.site.cibtp_id} ont pris fin",
        before=[
            f"Bonjour {delegation.named},",
            f"{by.get_full_name()} a mis fin aux droits qui vous avaient été donnés sur "
            f"{place(delegation.site)}. Vous n’y avez plus accès à ce titre.",
            whom_to_ask(by),
        ],
    )
    send(notice, to=delegation.address)


def tell_closed_with_firm(delegation: Delegation, firm: Delegation) -> None:
    """Tell a collaborator that his rights ended with his firm's delegation, and who was its head."""
    assert delegation.firm is not None
    notice = Notice(
        subject=f"Vos droits sur {delegation.site.cibtp_id} ont pris fin",
        before=[
            f"Bonjour {delegation.named},",
            f"La délégation de {delegation.firm.name} sur {place(delegation.site)} a pris fin, et avec elle "
            "les droits que le cabinet vous y avait donnés. Vous n’y avez plus accès à ce titre.",
            *([whom_to_ask(firm.beneficiary)] if firm.beneficiary else []),
        ],
    )
    send(notice, to=delegation.address)


def tell_renounced(delegation: Delegation, people: Iterable[Any]) -> None:
    """Tell the giver's side, found before the end, that the beneficiary gave his rights back or declined."""
    notice = Notice(
        subject=f"{delegation.named} renonce à ses droits sur {delegation.site.cibtp_id}",
        before=[
            "Bonjour,",
            f"{delegation.named} ({delegation.address}) renonce aux droits qui lui étaient donnés sur "
            f"{place(delegation.site)}\u00a0: {role_of(delegation)}.",
        ],
        url=page_of(delegation),
        action="Voir cette délégation",
    )
    tell(notice, people)


def page_of(delegation: Delegation) -> str:
    """The address of the delegation's own page."""
    place = {"cibtp_id": delegation.site.cibtp_id, "number": delegation.pk}
    return absolute(reverse("rights:delegation", kwargs=place))
