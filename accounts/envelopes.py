"""The address block seen through an envelope's window: NF Z 10-011, six lines of 38 characters."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from adherents.addresses import PostalAddress
from adherents.models import Site
from portal.pdf.text import displayable

LINES = 6
WIDTH = 38
LIGATURES = str.maketrans({"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D"})


def posting_address(site: Site) -> PostalAddress | None:
    """Where the site's letters go: its own address, or its company's; None when neither can be posted to."""
    for address in (site.address, site.adherent.mailing_address):
        if capitals(address.postal_code) and capitals(address.town):
            return address
    return None


def envelope_lines(company: str, site_name: str, address: PostalAddress) -> list[str]:
    """The block, company first, postal code and town last.

    Names keep their writing; from the street on, capitals and digits only. What is too long runs over
    the lines left free, the street first, and is then cut at a word.
    """
    names = [displayable(company), displayable(site_name)]
    fields = [_wrapped(text) for text in (*names, capitals(address.line1), capitals(address.line2))]
    allowed = [min(1, len(field)) for field in fields]
    spare = LINES - 1 - sum(allowed)
    for index in (2, 0, 3, 1):
        taken = min(spare, len(fields[index]) - allowed[index])
        allowed[index] += taken
        spare -= taken
    lines = [line for field, count in zip(fields, allowed, strict=True) for line in field[:count]]
    return [*lines, *_wrapped(capitals(f"{address.postal_code} {address.town}"))[:1]]


def capitals(text: str) -> str:
    """The text in plain capitals and digits: no accent, no punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.upper().translate(LIGATURES))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", letters.upper()).split())


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_on_hyphens=False)
