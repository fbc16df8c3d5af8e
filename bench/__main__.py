"""`python -m bench`: measure, write the report, fail when an aim is missed.

CI_POSTGRES and CI_REDIS name the servers, as for `.ci/run`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import importing, letters, night, pages, report, rights, signing_in, stops
from bench.figures import Section
from bench.instance import BARE, PORTAL, RIGHTS, ROOT, Instance
from bench.machine import described

POSTGRES = os.environ.get("CI_POSTGRES", "postgres://postgres@127.0.0.1:5432")
REDIS = os.environ.get("CI_REDIS", "redis://127.0.0.1:6379/9")


def arguments() -> argparse.Namespace:
    """How long, where to, and whether a missed aim is a failure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the portal.")
    parser.add_argument("--report-only", action="store_true", help="succeed even when an aim is missed")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "figures.md", help="the report")
    parser.add_argument("--rounds", type=int, default=40, help="rounds over the pages")
    parser.add_argument("--seconds", type=float, default=0.3, help="seconds on each page in a round")
    parser.add_argument("--imports", type=int, default=3, help="imports of each size")
    parser.add_argument("--tries", type=int, default=100, help="people who sign in at each door")
    return parser.parse_args()


def measured(options: argparse.Namespace) -> Iterator[Section]:
    """Every section, as it is measured."""
    with Instance(POSTGRES, REDIS) as instance:
        imported = importing.measure(instance, options.imports)
        people = instance.told_by("bench.people", str(2 * (options.tries + signing_in.WARMING)))
        instance.execute("VACUUM ANALYZE")  # else the database does it while pages are measured
        with instance.server(PORTAL) as portal, instance.server(BARE) as bare:
            shown = pages.addresses(portal, bare, people)
            yield from pages.measure(instance, shown, options.rounds, options.seconds)
            yield stops.measure(instance, shown[pages.FRAMED], options.rounds, options.seconds)
            yield signing_in.measure(portal, bare, people["signing_in"], people["password"])
        yield imported
        yield letters.measure(instance, people["letters"])
    with Instance(POSTGRES, REDIS, RIGHTS) as instance:
        yield rights.measure(instance)
        yield night.measure(instance)


def main() -> int:
    """Measure, write, print; the exit code."""
    options = arguments()
    machine = described(POSTGRES, REDIS)
    sections = []
    for section in measured(options):
        sections.append(section)
        print(f"\n{section.title}")
        for figure in section.figures:
            print("  " + report.told(figure), flush=True)
    options.output.write_text(report.written(sections, machine, dt.date.today()))  # noqa: DTZ011
    print(f"\n{report.verdict(sections)} {options.output}")
    return 1 if report.missed(sections) and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
