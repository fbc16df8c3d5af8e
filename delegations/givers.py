"""Who gives rights on a site, on which side, and how much he can give (product.md 6.2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from adherents.models import Site
from delegations.matrix import RightsMatrix, everything
from delegations.models import Delegation, Role, Side
from delegations.models.delegation import DelegationQuerySet
from delegations.refusals import NoLongerGiver

GIVERS = (Role.ADMINISTRATOR, Role.HEAD, Role.DEPUTY)


@dataclass(frozen=True)
class Giver:
    """One person who gives rights on one site, for the company or for its firm."""

    person: Any
    site: Site
    firm: Delegation | None = None  # the firm's own delegation, from which all that he gives hangs

    @property
    def side(self) -> Side:
        """On whose side he gives."""
        return Side.FIRM if self.firm else Side.COMPANY

    @property
    def offered(self) -> RightsMatrix:
        """The most that he can give today: what his side holds."""
        return self.firm.cells if self.firm else everything()

    @property
    def last_day(self) -> dt.date | None:
        """The last day that he can give; None when his side holds the site without end."""
        return self.firm.ends_on if self.firm else None

    @property
    def leading_role(self) -> Role:
        """The role that may give in its turn."""
        return Role.DEPUTY if self.firm else Role.ADMINISTRATOR

    def beneficiaries(self) -> DelegationQuerySet:
        """The delegations that his list shows and that he may change or close.

        A company sees its own people and its firm; a firm's people see the firm's only.
        """
        if self.firm:
            return Delegation.objects.filter(parent=self.firm)
        return Delegation.objects.filter(site=self.site, parent=None)

    def collaborators(self) -> DelegationQuerySet:
        """What a company reads without changing it: to whom its firm passed rights on."""
        if self.firm:
            return Delegation.objects.none()
        return Delegation.objects.filter(site=self.site, parent__isnull=False)

    def manages(self, delegation: Delegation) -> bool:
        """Whether one that he reads stands in his list, rather than among what he only reads."""
        return self.firm is not None or delegation.parent_id is None

    def is_own(self, delegation: Delegation) -> bool:
        """Whether it is his own, on either side, or waits for him: nobody changes his own rights (6.2)."""
        if delegation.beneficiary_id is None:
            return bool(delegation.email == self.person.email)
        return bool(delegation.beneficiary_id == self.person.pk)

    def depends_on(self, delegation: Delegation) -> bool:
        """Whether rights of his own hang from it: to widen it or move its last day would move his."""
        his = delegation.children.filter(beneficiary=self.person, over_at=None).select_related("parent")
        return any(not one.status_on().is_over for one in his)


def givers_of(person: Any, site: Site) -> list[Giver]:
    """As whom the person gives rights on the site today, the company's side first; empty for nobody."""
    if not person.is_active:
        return []
    held = Delegation.objects.in_force().filter(site=site, beneficiary=person, role__in=GIVERS)
    found = [
        Giver(person, site, delegation.parent or delegation if delegation.side == Side.FIRM else None)
        for delegation in held.select_related("parent__firm", "firm")
    ]
    return sorted(found, key=lambda giver: giver.side != Side.COMPANY)


def giver_on(person: Any, site: Site, side: str) -> Giver:
    """The same on one side. Raises NoLongerGiver."""
    for giver in givers_of(person, site):
        if giver.side == side:
            return giver
    raise NoLongerGiver
