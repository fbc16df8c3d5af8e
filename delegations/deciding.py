"""What a person may do on a site today: the one place where it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, DateField, Exists, Model, OuterRef, Q, QuerySet

from adherents.models import Adherent, Site
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role
from portal import clock
from portal.access.site_access import SiteAccess
from portal.prepared import Blank, Prepared


def access_of(user: Any, cibtp_id: str) -> SiteAccess | None:
    """The person's access to the site of that identifier, in one query; None when there is none."""
    if not user.is_active:
        return None
    rows = HELD.rows(person=user.pk, site=cibtp_id, day=clock.today())
    return combined([read(row) for row in rows], elsewhere=rows[0][-1]) if rows else None


def combined(held: Sequence[Delegation], *, elsewhere: bool) -> SiteAccess:
    """The union of one person's live delegations on one site; a closed site is only read."""
    site: Site = held[0].site
    matrix = reduce(RightsMatrix.join, (delegation.matrix for delegation in held))
    if site.is_closed():
        matrix = matrix.read_only()
    roles = {delegation.role for delegation in held}
    return SiteAccess(
        site,
        administers=Role.ADMINISTRATOR in roles,
        read_bits=matrix.read_bits,
        write_bits=matrix.write_bits,
        elsewhere=elsewhere,
        gives_for_firm=not roles.isdisjoint((Role.HEAD, Role.DEPUTY)),
    )


# --- the query of every page of a site -----------------------------------------------------------


def columns(model: type[Model], prefix: str = "") -> list[str]:
    """A model's own columns, in the order of `from_db`."""
    return [f"{prefix}{field.attname}" for field in model._meta.concrete_fields]


def held_there() -> QuerySet[Delegation, tuple[Any, ...]]:
    """One person's live delegations on one site, the site, its company, and whether there are others."""
    person = Blank("person", Delegation._meta.pk)
    mine = Delegation.objects.in_force(Blank("day", DateField())).filter(beneficiary=person)
    others = mine.exclude(site=OuterRef("site"))
    return mine.filter(site__cibtp_id=Blank("site", CharField())).values_list(
        *columns(Delegation),
        *columns(Site, "site__"),
        *columns(Adherent, "site__adherent__"),
        "parent__read_bits",
        "parent__write_bits",
        Exists(others),
    )


HELD = Prepared(held_there)


def read(row: Sequence[Any]) -> Delegation:
    """The delegation of a row, with its site, its site's company, and what its firm holds."""
    end_of_delegation = len(Delegation._meta.concrete_fields)
    end_of_site = end_of_delegation + len(Site._meta.concrete_fields)
    end_of_company = end_of_site + len(Adherent._meta.concrete_fields)
    delegation = Delegation.from_db(DEFAULT_DB_ALIAS, columns(Delegation), row[:end_of_delegation])
    delegation.site = Site.from_db(DEFAULT_DB_ALIAS, columns(Site), row[end_of_delegation:end_of_site])
    company = row[end_of_site:end_of_company]
    delegation.site.adherent = Adherent.from_db(DEFAULT_DB_ALIAS, columns(Adherent), company)
    if delegation.parent_id is not None:
        read_bits, write_bits, _ = row[end_of_company:]
        delegation.parent = Delegation(pk=delegation.parent_id, read_bits=read_bits, write_bits=write_bits)
    return delegation


def administrators_of(site: Site) -> Sequence[Any]:
    """The people who administer the site today, by name."""
    found = Delegation.objects.administrators().filter(site=site).select_related("beneficiary")
    people = {delegation.beneficiary_id: delegation.beneficiary for delegation in found}
    return sorted(people.values(), key=lambda person: (person.last_name, person.first_name))


def has_several_sites(user: Any) -> bool:
    """Whether the person holds rights on more than one site today."""
    held = Delegation.objects.in_force().filter(beneficiary=user)
    return user.is_active and len(held.order_by().values_list("site", flat=True).distinct()[:2]) > 1


def within_firm(user: Any, site: Site) -> Sequence[Any]:
    """The Responsable and Responsables adjoints who pass rights on to the person there, by name.

    Nobody when he holds nothing there from a firm, and never himself.
    """
    in_force = Delegation.objects.active().filter(site=site)
    passed_on = in_force.filter(beneficiary=user, parent__isnull=False)
    firms = set(passed_on.values_list("parent_id", flat=True))
    if not firms:
        return []
    heads = Q(pk__in=firms) | Q(parent__in=firms, role=Role.DEPUTY)
    found = in_force.filter(heads).exclude(beneficiary=user).select_related("beneficiary")
    people = [delegation.beneficiary for delegation in found if delegation.beneficiary]
    return sorted(people, key=lambda person: (person.last_name, person.first_name))
