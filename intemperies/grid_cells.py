"""The cells of the grid of hours.

Sixty employees over seven days are 420 fields, which a template would write in most of the page's time: the
cell's template is made once for each shape that a cell can take, its values left open, and a cell only fills
them in.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape  # Django's looks for a lazy text first, which here there is none of
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


class Cell(NamedTuple):
    """A field: its name, its day, what was typed, why it is wrong, what a colleague recorded meanwhile."""

    name: str
    day: str
    typed: str
    error: str = ""
    recorded: str | None = None


class Shape(NamedTuple):
    """Which parts a cell has."""

    error: bool
    recorded: bool


def written(who: str, cells: Iterable[Cell]) -> SafeString:
    """The cells of an employee in HTML, given his name."""
    whose = escape(who)
    return mark_safe("".join(_filled(whose, cell) for cell in cells))  # noqa: S308  each value is escaped


def _filled(whose: str, cell: Cell) -> str:
    return _open(Shape(bool(cell.error), cell.recorded is not None)).format(
        name=escape(cell.name),
        who=whose,
        day=escape(cell.day),
        typed=escape(cell.typed),
        error=escape(cell.error),
        recorded=escape(cell.recorded or ""),
    )


@lru_cache(maxsize=4)
def _open(shape: Shape) -> str:
    """The template of a cell of that shape, its values left open as `str.format` fills them."""
    context = {
        "name": "{name}",
        "who": "{who}",
        "day": "{day}",
        "typed": "{typed}",
        "error": "{error}" if shape.error else "",
        "recorded": "{recorded}" if shape.recorded else "",
    }
    return render_to_string("intemperies/_hours_cell.html", context).rstrip()
