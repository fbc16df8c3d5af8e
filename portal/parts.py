"""What the shared templates of `templates/pages` show: one small class for each of their lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.forms import BoundField


@dataclass(frozen=True)
class Step:
    """One part of a numbered bar (`pages/_steps.html`); another one with a `url` can be opened."""

    label: str
    state: Literal["done", "current", "next"]
    url: str = ""


@dataclass(frozen=True)
class Column:
    """The head of a column (`pages/_table.html`).

    It sorts by `sort_url`; or, in a list whose state stays out of its address, by sending `sort_value`.
    """

    label: str
    css: str = ""
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    filter: BoundField | None = None
    sort_value: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure that one looks for first, its unit included (`pages/_key_figures.html`)."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happened to a record (`pages/_history.html`)."""

    at: dt.datetime
    what: str
    who: str = ""


@dataclass(frozen=True)
class FactGroup:
    """A part of what is about to be sent (`pages/_summary.html`); `url` is where it is changed."""

    heading: str
    facts: list[tuple[str, str]]
    url: str = ""
