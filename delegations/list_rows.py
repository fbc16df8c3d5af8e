"""The rows of the lists of delegations, and what may be done from each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from delegations.givers import Giver
from delegations.listing import name_of
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role, Status
from delegations.notices import OPENED_BY_FIRM
from portal.access.features import all_features
from portal.access.levels import Access, College
from portal.templatetags.french import pluralize_fr

STATE_OF = {
    Status.ACTIVE: "state-ok",
    Status.INVITED: "state-wait",
    Status.TO_CONFIRM: "state-wait",
    Status.REFUSED: "state-stop",
}


@dataclass(frozen=True)
class Action:
    """What may be done from a row: an icon with its name; it posts when it changes something at once."""

    label: str
    icon: str
    url: str
    posts: bool = False
    ends: bool = False  # the dangerous one, apart from the others


@dataclass(frozen=True)
class Row:
    """A delegation as a list shows it."""

    number: int
    role: str
    beside: str  # what stands beside the role: the firm's name on its own line, or who opened the space
    name: str
    status: Status
    starts_on: dt.date
    last_day: dt.date | None
    address: str
    rights: str
    actions: tuple[Action, ...]

    @property
    def state(self) -> str:
        """The class of its state."""
        return STATE_OF.get(self.status, "")

    @property
    def named(self) -> str:
        """What tells the row apart: a name, or the address invited."""
        return self.name or self.address

    @classmethod
    def of(cls, delegation: Delegation, actions: tuple[Action, ...]) -> Row:
        """The row of one that `listing.shown` gave."""
        return cls(
            delegation.pk,
            delegation.get_role_display(),
            beside(delegation),
            name_of(delegation),
            delegation.status_on(),
            delegation.starts_on,
            delegation.ended_on,
            delegation.address,
            summary(delegation),
            actions,
        )


def beside(delegation: Delegation) -> str:
    """The firm's name on its own line; « ouvert par un cabinet comptable » where one opened the space."""
    if delegation.role == Role.HEAD and delegation.firm:
        return delegation.firm.name
    return OPENED_BY_FIRM if delegation.opened_by_firm else ""


def listed(delegation: Delegation, giver: Giver) -> Row:
    """A row of the list of whoever gives."""
    return Row.of(delegation, (see(giver, delegation), *acts(giver, delegation)))


def read_only(delegation: Delegation, giver: Giver) -> Row:
    """A row that one reads without changing it."""
    return Row.of(delegation, (see(giver, delegation),))


def see(giver: Giver, delegation: Delegation) -> Action:
    """« Visualisation »."""
    return Action("Visualisation", "eye", _url("delegation", giver, delegation))


def acts(giver: Giver, delegation: Delegation) -> tuple[Action, ...]:
    """What the giver may do with one of his list: nothing once it is over; renouncing his own."""
    status = delegation.status_on()
    if status.is_over:
        return ()
    if giver.is_own(delegation):
        return (
            Action(
                "Renoncer", "arrow-right-start-on-rectangle", _url("renounce", giver, delegation), ends=True
            ),
        )
    found = [Action("Modification", "pencil-square", _url("change", giver, delegation))]
    if status is Status.INVITED and delegation.invitation_id is not None:
        resend = _url("resend", giver, delegation)
        found.append(Action("Renvoyer l’invitation", "paper-airplane", resend, posts=True))
    if status is Status.TO_CONFIRM:
        found.insert(0, Action("Confirmer ou refuser", "check-badge", _url("answer", giver, delegation)))
    label = "Suppression" if delegation.role == Role.HEAD else "Fermeture"
    return (*found, Action(label, "trash", _url("close", giver, delegation), ends=True))


def _url(name: str, giver: Giver, delegation: Delegation) -> str:
    place = {"cibtp_id": giver.site.cibtp_id, "number": delegation.pk}
    return reverse(f"rights:{name}", kwargs=place)


def summary(delegation: Delegation) -> str:
    """How many rows of the matrix are held: « Mise à jour de 5 fonctionnalités, consultation de 2 »."""
    highest = highest_levels(delegation.matrix)
    counts = [(level, highest.count(level)) for level in (Access.WRITE, Access.READ)]
    parts = [f"{level.label} de {count}" for level, count in counts if count]
    if not parts:
        return Access.NONE.label
    first = next(count for _, count in counts if count)
    parts[0] += f" fonctionnalité{pluralize_fr(first)}"
    return ", ".join([parts[0], *(part.lower() for part in parts[1:])])


def highest_levels(matrix: RightsMatrix) -> list[Access]:
    """The highest level of each row of the matrix, whatever the collège."""
    return [max(matrix.level(feature, college) for college in College) for feature in all_features()]
