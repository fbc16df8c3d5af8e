"""`python -m bench.nightly give | end COUNT | run`: the nightly task and what it needs, measured as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time

import django

from bench.command import memory

PEOPLE, EACH = 10_000, 100  # 1,000,000 delegations
ADMINISTRATORS, SITES_EACH = 1_000, 5


def give() -> None:
    """In the place of what is there: a million delegations, and an Administrateur for each site."""
    from adherents.models import Site
    from bench import given
    from delegations.models import Delegation, Role
    from portal import clock

    Delegation.objects.all().delete()
    sites = list(Site.objects.order_by("pk")[: ADMINISTRATORS * SITES_EACH])
    later = clock.today() + dt.timedelta(days=300)
    for count, each, name, fields in (
        (PEOPLE, EACH, "beneficiaire", {"ends_on": later}),
        (ADMINISTRATORS, SITES_EACH, "patron", {"role": Role.ADMINISTRATOR, "read_bits": 0, "write_bits": 0}),
    ):
        holders = given.people(count + 1, name)
        like = given.delegation(beneficiary=holders.pop(), site=sites[0], **fields)
        like.save()
        given.spread(like, holders, sites, each)


def end(count: int) -> None:
    """Bring the last day of some, scattered among the million, to yesterday."""
    from django.db import connection

    from portal import clock

    yesterday = clock.today() - dt.timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE delegations_delegation SET ends_on = %s WHERE id IN (
                SELECT id FROM delegations_delegation WHERE over_at IS NULL AND ends_on IS NOT NULL
                ORDER BY md5(id::text) LIMIT %s)""",
            [yesterday, count],
        )


def run() -> dict[str, float]:
    """The task itself."""
    from delegations.models import Delegation
    from delegations.tasks import keep_up

    recorded = Delegation.objects.filter(outcome="expired").count()
    before = memory("VmRSS")
    began = time.perf_counter()
    keep_up()
    seconds = time.perf_counter() - began
    recorded = Delegation.objects.filter(outcome="expired").count() - recorded
    return {"seconds": seconds, "before": before, "peak": memory("VmHWM"), "recorded": recorded}


if __name__ == "__main__":
    django.setup()
    act, *arguments = sys.argv[1:]
    if act == "give":
        give()
    elif act == "end":
        end(int(arguments[0]))
    else:
        print(json.dumps(run()))
