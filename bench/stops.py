"""Stops: the grid of hours, sending, the list."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

from bench.figures import Aim, Figure, Section, ratio_of_rounds
from bench.instance import HOST, Instance
from bench.load import Page, rounds
from bench.pages import FRAMED
from bench.stopped import DAYS, DECLARATIONS, FEW, MANY

MOST_QUERIES = 12

HOW = f"""The grid of {MANY} employees by {DAYS} days, its draft sent, and the list of {DECLARATIONS:,}
declarations, on a site of the importer's. *Queries* through every middleware (the
begin and the end of a transaction are not counted), for {FEW} employees and for
{MANY}; the ratios are of requests per second, page by page in turn, to the framed page."""


def measure(instance: Instance, framed: Page, times: int, seconds: float) -> Section:
    """Every figure of the stops."""
    told = instance.told_by("bench.stopped")
    instance.execute("ANALYZE")
    grid = Page(framed.port, told["grids"][str(MANY)], HOST, told["cookie"])
    listed = Page(framed.port, told["list"], HOST, told["cookie"])
    rates = rounds([framed, grid, listed], times=times, seconds=seconds)
    return Section("Stops", HOW, [*counted(told), *ratios(rates)])


def counted(told: Mapping[str, Any]) -> list[Figure]:
    """Queries of each, the same for few and many."""
    most = Aim(f"≤ {MOST_QUERIES}", at_most=MOST_QUERIES)
    figures = []
    for name in ("grid", "sending"):
        few, many = (told["queries"][f"{name} {number}"] for number in (FEW, MANY))
        figures += [
            Figure(f"{name}, {MANY} employees: queries", many, str(many), most),
            Figure(
                f"{name}: more for {MANY} than for {FEW}", many - few, str(many - few), Aim("0", at_most=0)
            ),
        ]
    listed = told["queries"]["list"]
    return [*figures, Figure(f"list of {DECLARATIONS:,}: queries", listed, str(listed), most)]


def ratios(rates: list[list[float]]) -> list[Figure]:
    """How much slower than the framed page."""
    framed, grid, listed = rates
    found = []
    for name, values in ((f"grid of {MANY} × {DAYS}", grid), (f"list of {DECLARATIONS:,}", listed)):
        ratio = ratio_of_rounds(values, framed)
        found.append(Figure(f"{name} / {FRAMED}", ratio, f"{ratio:.2f} ({median(values):.0f} rps)"))
    return found
