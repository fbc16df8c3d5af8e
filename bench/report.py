"""docs/figures.md: what was measured, when, on what, and which aims are met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from bench.figures import Figure, Section

HEAD = """# Figures

Written by `make bench` on {day}: do not edit. {verdict}

{machine}

All is measured on one instance as in production (`portal.settings.production`, PostgreSQL, Redis, gunicorn),
in a database made for it, filled by the importer with 20,000 invented sites, and dropped at the end.
"""
TABLE_HEAD = "| figure | measured | aim | |\n|---|---|---|---|"


def missed(sections: Iterable[Section]) -> list[Figure]:
    """The figures that do not meet their aim."""
    return [figure for section in sections for figure in section.figures if figure.missed]


def verdict(sections: Sequence[Section]) -> str:
    """How many aims are met, in a sentence."""
    aims = sum(figure.aim is not None for section in sections for figure in section.figures)
    short = len(missed(sections))
    return f"**{short} of {aims} aims NOT MET.**" if short else f"Aims met: {aims} of {aims}."


def line(figure: Figure) -> str:
    """A row of a table."""
    aim, met = "", ""
    if figure.aim is not None:
        aim, met = figure.aim.words, "**NOT MET**" if figure.missed else "met"
    return f"| {figure.name} | {figure.shown} | {aim} | {met} |"


def told(figure: Figure) -> str:
    """The same for a terminal."""
    aim = f"  ({figure.aim.words}: {'NOT MET' if figure.missed else 'met'})" if figure.aim else ""
    return f"{figure.name}: {figure.shown}{aim}"


def written(sections: Sequence[Section], machine: Mapping[str, str], day: dt.date) -> str:
    """The whole page, in Markdown."""
    about = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    parts = [HEAD.format(day=day.isoformat(), verdict=verdict(sections), machine=about)]
    for section in sections:
        rows = "\n".join(line(figure) for figure in section.figures)
        parts.append(f"## {section.title}\n\n{section.how}\n\n{TABLE_HEAD}\n{rows}\n")
    return "\n".join(parts)
