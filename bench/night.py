"""What the nightly task costs among a million delegations, and whether its memory stays flat."""

from __future__ import annotations

from collections.abc import Sequence

from bench.figures import Aim, Figure, Section
from bench.importing import FLAT, MEGABYTE
from bench.instance import Instance

FEWER, ENDS = 2_500, 10_000
SECONDS = 30

HOW = f"""1,000,000 delegations on 5,000 sites, each with its Administrateur. The last day of {FEWER:,}
passes, then of {ENDS:,}: the task records them (stamps, journal, a mail to each beneficiary and one to each
site), each time in a process of its own; Django's own start is not counted. Then once more, with nothing
left to do. Peak memory is the process's `VmHWM`; it is flat when the peak for {ENDS:,} is at most {FLAT}
times the one for {FEWER:,}."""


def measure(instance: Instance) -> Section:
    """Give the million, then let some end. The instance has its sites."""
    instance.run("bench.nightly", "give")
    instance.execute("VACUUM ANALYZE")
    runs = []
    for count in (FEWER, ENDS, 0):
        instance.run("bench.nightly", "end", str(count))
        runs.append(instance.told_by("bench.nightly", "run"))
        if runs[-1]["recorded"] != count:
            raise RuntimeError(f"{runs[-1]['recorded']} ends recorded of {count}")
    return Section("The nightly task", HOW, figures(runs))


def figures(runs: Sequence[dict[str, float]]) -> list[Figure]:
    """Seconds and peaks of the three runs."""
    few, many, none = runs
    ratio, flat = many["peak"] / few["peak"], Aim(f"≤ {FLAT}", at_most=FLAT)
    return [
        Figure(
            f"{ENDS:,} ends among 1,000,000 delegations", many["seconds"], f"{many['seconds']:.1f} s",
            Aim(f"< {SECONDS} s", under=SECONDS),
        ),
        Figure("nothing to do", none["seconds"], f"{none['seconds']:.2f} s"),
        Figure(f"peak memory, {FEWER:,} ends", few["peak"], f"{few['peak'] / MEGABYTE:.0f} MB"),
        Figure(f"peak memory, {ENDS:,} ends", many["peak"], f"{many['peak'] / MEGABYTE:.0f} MB"),
        Figure(f"peak for {ENDS:,} / peak for {FEWER:,}", ratio, f"{ratio:.2f}", flat),
    ]  # fmt: skip
