"""What a person may do on a site today: the one place where it is decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from adherents.models import Site
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role
from portal.access.site_access import SiteAccess


def access_of(user: Any, cibtp_id: str) -> SiteAccess | None:
    """The person's access to the site of that identifier, in one query; None when there is none."""
    held = Delegation.objects.active().filter(beneficiary=user, site__cibtp_id=cibtp_id)
    return combined(held.select_related("site__adherent"))


def combined(delegations: Iterable[Delegation]) -> SiteAccess | None:
    """The union of one person's live delegations on one site; a closed site is only read."""
    held = list(delegations)
    if not held:
        return None
    site: Site = held[0].site
    matrix = reduce(RightsMatrix.join, (delegation.matrix for delegation in held))
    if site.is_closed():
        matrix = matrix.read_only()
    administers = any(delegation.role == Role.ADMINISTRATOR for delegation in held)
    return SiteAccess(site, administers, matrix.read_bits, matrix.write_bits)


def administrators_of(site: Site) -> Sequence[Any]:
    """The people who administer the site today, by name."""
    found = Delegation.objects.administrators().filter(site=site).select_related("beneficiary")
    people = {delegation.beneficiary_id: delegation.beneficiary for delegation in found}
    return sorted(people.values(), key=lambda person: (person.last_name, person.first_name))


def has_several_sites(user: Any) -> bool:
    """Whether the person holds rights on more than one site today."""
    held = Delegation.objects.active().filter(beneficiary=user)
    return len(held.order_by().values_list("site", flat=True).distinct()[:2]) > 1
