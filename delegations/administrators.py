"""A site always keeps an Administrateur (product.md 6.2). Asked under the lock of the site's row."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from adherents.models import Site
from delegations.models import Delegation, Role
from delegations.refusals import LastAdministrator
from portal import clock


def keep_one(delegation: Delegation) -> None:
    """Refuse to take this delegation away from the site's count. Raises LastAdministrator.

    Counted: live, begun, with no last day, account activated (a pending address change still counts).
    """
    counted = Delegation.objects.lasting_administrators().filter(site=delegation.site_id)
    if counts(delegation) and not counted.exclude(pk=delegation.pk).exists():
        raise LastAdministrator


def counts(delegation: Delegation) -> bool:
    """Whether the delegation is one of those that its site counts today."""
    begun = delegation.confirmed_at is not None and delegation.starts_on <= clock.today()
    lasting = delegation.over_at is None and delegation.ends_on is None
    person = delegation.beneficiary
    return (
        delegation.role == Role.ADMINISTRATOR
        and begun
        and lasting
        and person is not None
        and (person.is_active or person.address_changing)
    )


def kept_by_one_alone(person: Any) -> QuerySet[Site]:
    """The sites whose only counted Administrateur is that person: his account cannot be disabled."""
    counted = Delegation.objects.lasting_administrators().filter(site=OuterRef("pk"))
    return Site.objects.filter(Exists(counted.filter(beneficiary=person))).exclude(
        Exists(counted.exclude(beneficiary=person))
    )
