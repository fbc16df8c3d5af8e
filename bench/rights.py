"""What deciding a right costs, beside three libraries that are given the same rights."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.extracts import write
from bench.figures import Aim, Figure, Section, ratio_of_rounds
from bench.instance import Instance

SITES = 5_000
ALLOWS_UNDER = 2  # microseconds
OVER_EMPTY = 1.5
NAMES = {"first": "asked of the database", "again": "asked again in the same request"}

HOW = f"""{SITES:,} sites and 100,000 delegations of 2,000 people, one process on PostgreSQL. *Asked of the
database*: nothing is remembered of the person, each time another person and site. *Asked again*: within the
same request. Ours is the permission backend; django-guardian has a row for each person, site and permission
in its own tables (its backend, then its checker); rules has a predicate that asks our tables and keeps the
answer on the person; PyCasbin loads the lines of the person and site, which is what keeps it true, then
answers from all lines in memory, indexed by person and site (`FastEnforcer`), where what is closed meanwhile
stays open. All must give the same answers. By turns, round after round: the median (lowest – highest), and
the medians of the rounds' ratios. `user.has_perm` is held against the same call with an empty backend in
the place of ours."""


def measure(instance: Instance) -> Section:
    """Import the sites, give the rights, decide."""
    with tempfile.TemporaryDirectory(dir=instance.folder) as folder:
        write(Path(folder), SITES)
        instance.run("bench.command", "import_extracts", folder)
    return Section("Deciding a right", HOW, figures(instance.told_by("bench.deciding")))


def figures(told: Mapping[str, Any]) -> list[Figure]:
    """The rounds of each way to decide, and what share ours is of each other's."""
    ours = told["ours"]
    queries, scans = told["queries"][ours], sequential(told["plan"])
    over_empty = Aim(f"≤ {OVER_EMPTY}", at_most=OVER_EMPTY)
    found = [
        Figure("SQL queries, first decision", queries, str(queries), Aim("≤ 1", at_most=1)),
        Figure("tables read from end to end", scans, str(scans), Aim("0", at_most=0)),
        Figure(
            "`request.access.allows`", median(told["allows"]), shown(told["allows"]),
            Aim(f"< {ALLOWS_UNDER} µs", under=ALLOWS_UNDER),
        ),
        Figure("`user.has_perm`", median(told["has_perm"]), shown(told["has_perm"])),
        Figure("the same, empty backend", median(told["empty"]), shown(told["empty"])),
        _ratio("`user.has_perm` / empty backend", told["has_perm"], told["empty"], over_empty),
    ]  # fmt: skip
    for kind, words in NAMES.items():
        found += _beside(words, told[kind], ours)
    found.append(Figure("PyCasbin: loading all lines", told["load"], f"{told['load']:.1f} s"))
    return found


def _beside(words: str, taken: Mapping[str, Sequence[float]], ours: str) -> Iterable[Figure]:
    faster = Aim("< 1", under=1)
    yield from (Figure(f"{name}, {words}", median(some), shown(some)) for name, some in taken.items())
    for name, some in taken.items():
        if name != ours:
            yield _ratio(f"{ours} / {name}, {words}", taken[ours], some, faster)


def _ratio(name: str, above: Sequence[float], below: Sequence[float], aim: Aim) -> Figure:
    ratio = ratio_of_rounds(above, below)
    return Figure(name, ratio, f"{ratio:.3g}", aim)


def shown(values: Sequence[float]) -> str:
    """`0.52 µs (0.50 – 0.61)`."""
    return f"{median(values):,.2f} µs ({min(values):,.2f} – {max(values):,.2f})"


def sequential(plan: Iterable[str]) -> int:
    """How many tables the plan reads from end to end."""
    return sum("Seq Scan" in line for line in plan)
