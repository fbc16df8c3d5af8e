"""The mark of a site: two letters on a tint, so that forty open tabs are told apart at a glance."""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# The colours of tokens.css, which a tab's icon cannot read from there.
TINTS = (
    "#5a2583",
    "#2f4f5f",
    "#0b6a72",
    "#6d2f7a",
    "#5b6410",
    "#6a4c93",
    "#7a4a2f",
    "#7d3f63",
    "#9c1f6b",
    "#4b4fae",
    "#5f5145",
    "#46566b",
)
# What many companies begin with, and what tells none of them from another.
LEGAL_FORMS = frozenset(("SA", "SARL", "SAS", "SASU", "EURL", "EI", "SNC", "SCI", "SCOP", "SCM", "SELARL"))
COMMON_WORDS = LEGAL_FORMS | {
    *("STE", "SOCIETE", "ETS", "ETABLISSEMENT", "ETABLISSEMENTS", "ENT", "ENTREPRISE", "GROUPE"),
    *("DE", "DU", "DES", "LA", "LE", "LES", "ET", "L", "D", "EN", "AU", "AUX"),
}
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="6" fill="{tint}"/>'
    '<text x="16" y="22" text-anchor="middle" font-family="sans-serif" font-size="17" font-weight="700" '
    'fill="#ffffff">{letters}</text></svg>'
)


class Adherent(Protocol):
    """What the mark reads of a company."""

    company_name: str


class Site(Protocol):
    """What the mark reads of a site."""

    cibtp_id: str
    adherent: Adherent


@lru_cache(maxsize=1024)
def letters_of(company_name: str) -> str:
    """Two capitals of a company's name, its legal form and small words left out."""
    spaced = re.sub(r"[^\w.]", " ", company_name.upper()).replace(".", "")
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode()
    words: list[str] = re.findall(r"[A-Z0-9]+", plain)
    telling = [word for word in words if word not in COMMON_WORDS] or words
    if not telling:
        return "??"
    if len(telling) == 1:
        return telling[0][:2]
    return telling[0][0] + telling[1][0]


def tint_of(cibtp_id: str) -> int:
    """Which of the tints an identifier has: the same one for ever, on every machine."""
    return zlib.crc32(cibtp_id.encode()) % len(TINTS)


def mark_of(cibtp_id: str, company_name: str) -> SafeString:
    """The mark of the site of that identifier and company."""
    return format_html(
        '<span class="site-mark tint-{}" aria-hidden="true">{}</span>',
        tint_of(cibtp_id),
        letters_of(company_name),
    )


@register.simple_tag
def site_mark(site: Site) -> SafeString:
    """The mark as a part of the page. The site's name is written beside it: it has no name of its own."""
    return mark_of(site.cibtp_id, site.adherent.company_name)


@register.simple_tag
def site_icon(site: Site) -> SafeString:
    """The mark as the tab's icon."""
    svg = ICON.format(tint=TINTS[tint_of(site.cibtp_id)], letters=letters_of(site.adherent.company_name))
    return format_html('<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{}">', quote(svg))
