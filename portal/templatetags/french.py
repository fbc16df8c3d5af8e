"""How a date, an amount, a number and an identifier are written, the same way on every page.

A template builtin: no `{% load %}`. An empty value gives an empty text, which `or_missing` then says
in words: `{{ adherent.phone|phone|or_missing }}`.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import phonenumbers
from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal.identifiers import format_siren, format_siret
from portal.phones import parsed_phone, written_phone

register = template.Library()

NO_BREAK = "\u00a0"
MINUS = "\u2212"
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def local(value: Any) -> Any:
    """A moment in the portal's own time zone; anything else as it is."""
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
def siren(value: str | None) -> str:
    """`732 829 320`, with no-break spaces."""
    return format_siren(value) if value else ""


@register.filter
def siret(value: str | None) -> str:
    """`732 829 320 00074`, with no-break spaces."""
    return format_siret(value) if value else ""


@register.filter
def phone(value: str | None) -> str:
    """`06 12 34 56 78` for a French number, `+32 470 12 34 56` for another; as it is when unreadable."""
    return written_phone(str(value)) if value else ""


@register.filter
def phone_link(value: str | None) -> str:
    """The number, as a link that a phone dials; plain text when unreadable."""
    return dialled_phone(str(value)) if value else ""


@lru_cache(maxsize=1024)
def dialled_phone(text: str) -> str:
    """The same, worked out once."""
    number = parsed_phone(text)
    if number is None:
        return text
    dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return format_html('<a class="phone" href="tel:{}">{}</a>', dialled, written_phone(text))


@register.filter
def long_date(value: dt.date | None) -> str:
    """`1er mars 2026`, `14 mars 2026`: in a sentence."""
    if not value:
        return ""
    day = local(value)
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


@register.filter
def short_date(value: dt.date | None) -> str:
    """`14/03/2026`: in a table."""
    if not value:
        return ""
    day = local(value)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


@register.filter
def time_fr(value: dt.datetime | dt.time | None) -> str:
    """`14 h 30`, `8 h`: with no-break spaces."""
    if value is None or value == "":
        return ""
    moment = local(value)
    minutes = f"{NO_BREAK}{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour}{NO_BREAK}h{minutes}"


@register.filter
def euros(value: Decimal | float | str | None) -> str:
    """`1 234,56`: under a heading that says the unit. What is not a number gives an empty text."""
    if value is None or value == "":
        return ""
    try:
        rounded = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        return ""
    if not rounded.is_finite():
        return ""
    units, cents = f"{abs(rounded):,.2f}".split(".")
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{units.replace(',', NO_BREAK)},{cents}"


@register.filter
def amount(value: Decimal | float | str | None) -> str:
    """`1 234,56 €`, with no-break spaces: in a sentence. What is not a number gives an empty text."""
    figures = euros(value)
    return f"{figures}{NO_BREAK}€" if figures else ""


@register.filter
def or_missing(value: Any) -> SafeString:
    """The value, or « Non renseigné » where there is none. Zero and False are values."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return format_html('<span class="missing">{}</span>', "Non renseigné")
    if hasattr(value, "__len__") and not len(value):
        return format_html('<span class="missing">{}</span>', "Non renseigné")
    return conditional_escape(value)


@register.filter
def address(value: str | None) -> SafeString:
    """A courriel that breaks, where the column is narrow, after its @ and before its dots only."""
    parts = re.split(r"(?<=@)|(?=\.)", value) if value else []
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts))


@register.filter
def pluralize_fr(count: int, plural: str = "s") -> str:
    """The plural's ending from two on: French says « 0 site », « 1 site », « 2 sites »."""
    return plural if abs(count) >= 2 else ""
