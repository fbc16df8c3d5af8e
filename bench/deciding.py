"""`python -m bench.deciding`: how long a right takes to decide, as JSON; fills the database first."""

from __future__ import annotations

import copy
import gc
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from bench.rivals import Decider

PEOPLE, EACH = 2_000, 50  # 100,000 delegations
ROUNDS, FIRST, AGAIN = 25, 80, 2_000
BURSTS = 10  # of which the least disturbed counts: both calls take a few microseconds
EMPTY = ["django.contrib.auth.backends.ModelBackend", "bench.rivals.EmptyBackend"]
Pair = tuple[Any, Any]


def pairs() -> list[Pair]:
    """A person and one of his sites, for each person, in an order that no cache expects."""
    import random

    from adherents.models import Site
    from bench import given

    sites = list(Site.objects.order_by("pk"))
    holders = given.people(PEOPLE + 1, "personne")
    like = given.delegation(beneficiary=holders.pop(), site=sites[0])
    like.save()
    given.spread(like, holders, sites, EACH)
    chance = random.Random(1)  # noqa: S311  no secret
    found = [
        (who, sites[(place * EACH + chance.randrange(EACH)) % len(sites)])
        for place, who in enumerate(holders)
    ]
    chance.shuffle(found)
    return found


def check(deciders: Sequence[Decider], asked: Sequence[Pair]) -> None:
    """All must say the same: yes on a site that is held, no on another."""
    for (who, site), (_, other) in zip(asked[:50], asked[50:100], strict=True):
        for one in deciders:
            for place, expected in ((site, True), (other, False)):
                said = {one.first(copy.copy(who), place), one.again(copy.copy(who), place)()}
                if said != {expected}:
                    raise RuntimeError(f"{one.name} says {said} where it is {expected}")


def microseconds(act: Callable[[], object], times: int) -> float:
    """How long one act takes, the mean of so many."""
    gc.disable()
    began = time.perf_counter()
    for _ in range(times):
        act()
    taken = time.perf_counter() - began
    gc.enable()
    return 1e6 * taken / times


def rounds(deciders: Sequence[Decider], asked: Sequence[Pair]) -> dict[str, dict[str, list[float]]]:
    """First and next decisions of each, in turn, round after round."""
    found: dict[str, dict[str, list[float]]] = {
        kind: {one.name: [] for one in deciders} for kind in ("first", "again")
    }
    for turn in range(ROUNDS):
        for one in deciders:
            strangers = iter([(copy.copy(who), site) for who, site in _some(asked, turn)])
            found["first"][one.name].append(microseconds(lambda: one.first(*next(strangers)), FIRST))  # noqa: B023
            who, site = asked[turn]
            found["again"][one.name].append(microseconds(one.again(copy.copy(who), site), AGAIN))
    return found


def _some(asked: Sequence[Pair], turn: int) -> Sequence[Pair]:
    begin = turn * FIRST % (len(asked) - FIRST)
    return asked[begin : begin + FIRST]


def through_django(asked: Sequence[Pair]) -> dict[str, list[float]]:
    """`user.has_perm`, with our backend and with an empty one in its place, and `request.access.allows`."""
    from django.test import override_settings

    from bench.rivals import PERMISSION
    from delegations.backend import remember
    from delegations.deciding import access_of

    found: dict[str, list[float]] = {"allows": [], "has_perm": [], "empty": []}
    for who, site in asked[:ROUNDS]:
        access = access_of(who, site.cibtp_id)
        assert access is not None
        remember(who, access)
        found["allows"].append(microseconds(lambda: access.allows("employees.employee"), AGAIN))  # noqa: B023
        decide = partial(who.has_perm, PERMISSION, access.site)
        ours, empty = [], []
        for _ in range(BURSTS):
            ours.append(microseconds(decide, AGAIN // BURSTS))
            with override_settings(AUTHENTICATION_BACKENDS=EMPTY):
                empty.append(microseconds(decide, AGAIN // BURSTS))
        found["has_perm"].append(min(ours))
        found["empty"].append(min(empty))
    return found


def plan_of(decider: Decider, pair: Pair) -> tuple[int, list[str]]:
    """How many queries a first decision makes, and the plan of the last."""
    from django.db import connection

    asked: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, parameters: Any, many: bool, context: Any) -> Any:
        asked.append((statement, parameters))
        return execute(statement, parameters, many, context)

    with connection.execute_wrapper(note):
        decider.first(copy.copy(pair[0]), pair[1])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[-1][0]}", asked[-1][1])
        return len(asked), [row[0].strip() for row in cursor.fetchall()]


def told() -> dict[str, Any]:
    """All that the section shows."""
    from bench import rivals

    asked = pairs()
    casbin = rivals.Casbin()
    deciders: list[Decider] = [rivals.Portal(), rivals.Guardian(), rivals.Rules(), casbin]
    check(deciders, asked)
    plans = {one.name: plan_of(one, asked[-1]) for one in deciders}
    return {
        **rounds(deciders, asked),
        **through_django(asked),
        "queries": {name: count for name, (count, _) in plans.items()},
        "plan": plans[rivals.OURS][1],
        "load": casbin.load_seconds,
        "ours": rivals.OURS,
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(told()))
