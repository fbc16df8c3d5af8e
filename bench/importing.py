"""How fast extracts come in, and whether memory stays flat when they grow."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.extracts import write
from bench.figures import Aim, Figure, Section, spread
from bench.instance import Instance

FEWER, SITES = 5_000, 20_000
LINES_A_SECOND = 5_000
FLAT = 1.1  # the peak for four times the lines, over the peak for one
MEGABYTE = 1_000_000

HOW = f"""`import_extracts` on an empty base, in a process of its own each time: {FEWER:,} sites, then
{SITES:,} sites (about {SITES * 1.66:,.0f} lines in the three files), repeated; Django's own start is not
counted in the seconds. Peak memory is the process's `VmHWM`, Python and Django included; it is flat when
the peak for {SITES:,} sites is at most {FLAT} times the one for {FEWER:,}."""


class Run(NamedTuple):
    """One import: lines a second, and the process's peak memory in bytes."""

    rate: float
    peak: float


def measure(instance: Instance, times: int) -> Section:
    """Import both sizes that many times, each on an empty base; the larger one stays."""
    runs: dict[int, list[Run]] = {FEWER: [], SITES: []}
    with tempfile.TemporaryDirectory(dir=instance.folder) as folder:
        for _ in range(times):
            for sites, found in runs.items():
                found.append(_import(instance, Path(folder), sites))
    return Section("Import of extracts", HOW, figures(runs[FEWER], runs[SITES]))


def figures(fewer: list[Run], more: list[Run]) -> list[Figure]:
    """What is told of the runs of both sizes."""
    rates = [run.rate for run in more]
    low, high = (median(run.peak for run in runs) for runs in (fewer, more))
    fast = Aim(f"≥ {LINES_A_SECOND:,}", at_least=LINES_A_SECOND)
    flat = Aim(f"≤ {FLAT}", at_most=FLAT)
    return [
        Figure(f"lines a second, {SITES:,} sites", median(rates), spread(rates, "lines/s"), fast),
        Figure(f"peak memory, {FEWER:,} sites", low, f"{low / MEGABYTE:.0f} MB"),
        Figure(f"peak memory, {SITES:,} sites", high, f"{high / MEGABYTE:.0f} MB"),
        Figure(f"peak for {SITES:,} / peak for {FEWER:,}", high / low, f"{high / low:.2f}", flat),
    ]


def _import(instance: Instance, folder: Path, sites: int) -> Run:
    instance.execute("TRUNCATE adherents_accountingfirm CASCADE")
    lines = write(folder, sites)
    told = instance.told_by("bench.command", "import_extracts", str(folder))
    return Run(lines / told["seconds"], told["peak"])
