"""How long letters take to print, and the memory they need."""

from __future__ import annotations

from collections.abc import Sequence

from bench.figures import Figure, Section
from bench.importing import MEGABYTE
from bench.instance import Instance

HOW = """`print_letters --site …` for 200 sites, each with its two letters (two PDFs of 200 pages), in a
process of its own; Django's own start is not counted in the seconds. Peak memory is the process's
`VmHWM`."""


def measure(instance: Instance, sites: Sequence[str]) -> Section:
    """Print the letters of these sites once."""
    told = instance.told_by(
        "bench.command", "print_letters", str(instance.folder / "letters"), "--site", *sites
    )
    seconds, peak = told["seconds"], told["peak"]
    figures = [
        Figure(f"letters of {len(sites)} sites", seconds, f"{seconds:.1f} s"),
        Figure("for one site", seconds / len(sites), f"{1000 * seconds / len(sites):.0f} ms"),
        Figure("peak memory", peak, f"{peak / MEGABYTE:.0f} MB"),
    ]
    return Section("Letters", HOW, figures)
