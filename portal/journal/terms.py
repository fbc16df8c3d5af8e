"""How long each kind of line is kept: until then nobody can delete it, after that nothing keeps it.

Twelve months for sign-ins, three years for rights and bank details (product.md 6.6; twelve months is also
the most that CNIL 2021-122 advises for traces of who connects). What else tells how a right came to be (an
opening, its letter, a company's own change) is kept as long as the right's own lines. Terms are whole days,
so that both databases reckon alike: never less than the months they stand for, leap years included.

Migration 0004 holds the same figures in the triggers that refuse the deletion of a younger line.
"""

from __future__ import annotations

import datetime as dt

from portal.journal.models import Kind

TWELVE_MONTHS = dt.timedelta(days=366)
THREE_YEARS = dt.timedelta(days=3 * 365 + 1)

TERMS: dict[Kind, dt.timedelta] = {
    Kind.SIGN_IN: TWELVE_MONTHS,
    Kind.ACCOUNT: THREE_YEARS,
    Kind.RIGHTS: THREE_YEARS,
    Kind.LETTERS: THREE_YEARS,
    Kind.COMPANY: THREE_YEARS,
}
