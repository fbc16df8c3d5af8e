"""The rows of the choice of a site.

A template costs some eighty microseconds a row, most of a page of twenty-five: so the row's template is made
once for each shape that a row can take, with its values left open, and a row only fills them in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from portal import clock
from portal.identifiers import format_siret
from portal.templatetags.site_mark import mark_of

SOME_SITE = "00000-000-00"
FIELDS = ("cibtp_id", "siret", "name", "town", "closed_on", "adherent__company_name")


@dataclass(frozen=True, slots=True)
class Row:
    """What the table shows of a site."""

    cibtp_id: str
    siret: str
    name: str
    town: str  # empty when the site's name says it
    company: str
    closed: bool
    favourite: bool

    @classmethod
    def of(cls, values: Sequence[Any], favourite: bool) -> Row:
        """The row of a site, from its `FIELDS`."""
        cibtp_id, siret, name, town, closed_on, company = values
        closed = closed_on is not None and closed_on <= clock.today()
        shown_town = "" if town in name else town
        return cls(cibtp_id, format_siret(siret), name, shown_town, company, closed, favourite)


class Shape(NamedTuple):
    """Which parts a row has."""

    name: bool
    town: bool
    closed: bool
    favourite: bool


def written(rows: Sequence[Row]) -> SafeString:
    """The rows of the table, in HTML."""
    return mark_safe("".join(_filled(place, row) for place, row in enumerate(rows, 1)))  # noqa: S308  escaped below


def _filled(place: int, row: Row) -> str:
    shape = Shape(bool(row.name), bool(row.town), row.closed, row.favourite)
    named = ", ".join(part for part in (row.company, row.name, row.cibtp_id) if part)
    return _open(shape).format(
        place=place,
        cibtp_id=escape(row.cibtp_id),
        siret=escape(row.siret),
        name=escape(row.name),
        town=escape(row.town),
        company=escape(row.company),
        named=escape(named),
        mark=mark_of(row.cibtp_id, row.company),
    )


@lru_cache(maxsize=16)
def _open(shape: Shape) -> str:
    """The template of a row of that shape, its values left open as `str.format` fills them."""
    home = reverse("home:home", kwargs={"cibtp_id": SOME_SITE}).replace(SOME_SITE, "{cibtp_id}")
    context = {
        "place": "{place}",
        "cibtp_id": "{cibtp_id}",
        "siret": "{siret}",
        "company": "{company}",
        "named": "{named}",
        "name": "{name}" if shape.name else "",
        "town": "{town}" if shape.town else "",
        "mark": mark_safe("{mark}"),
        "home": home,
        "closed": shape.closed,
        "favourite": shape.favourite,
    }
    return render_to_string("delegations/_choice_row.html", context)
