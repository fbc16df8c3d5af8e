"""Giving rights."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from adherents.models import Site
from delegations.models import Delegation, Role, Side
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin


@transaction.atomic
def name_administrator(*, site: Site, user: Any, origin: Origin) -> Delegation:
    """Make the person an Administrateur of the site from today, with no last day.

    Whoever proved the two letters becomes the site's Administrateur (product.md 3.2, 3.4).
    """
    Site.objects.locked().get(pk=site.pk)
    Delegation.objects.filter(site=site, beneficiary=user, side=Side.COMPANY, closed_at=None).update(
        closed_at=clock.now()
    )
    delegation = Delegation.objects.create(
        site=site, beneficiary=user, side=Side.COMPANY, role=Role.ADMINISTRATOR, starts_on=clock.today()
    )
    record(
        "rights.administrator_named",
        f"{user.get_full_name()} devient Administrateur de {site.cibtp_id}",
        kind=Kind.RIGHTS,
        origin=origin,
        actor=user,
        site=site,
        after={"role": Role.ADMINISTRATOR.label, "starts_on": delegation.starts_on.isoformat()},
    )
    return delegation
