"""The one way out of the journal: lines past their term are deleted, whenever that was."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from portal.journal.models import Entry
from portal.journal.terms import TERMS

AT_ONCE = 5_000  # lines of one statement: its locks are short, and a worker that dies loses one chunk


def past_term() -> QuerySet[Entry]:
    """The lines that nothing keeps any longer, by the database's own clock: its triggers reckon by it."""
    ended = [Q(kind=kind, at__lt=Now() - term) for kind, term in TERMS.items()]
    return Entry._base_manager.filter(reduce(or_, ended))


def purge(at_once: int = AT_ONCE) -> int:
    """Delete the lines past their term, the oldest first; returns how many (product.md 6.6).

    Each chunk is deleted for good before the next: run again, it goes on where it was stopped.
    """
    purged = 0
    while True:
        chunk = past_term().order_by("at").values("pk")[:at_once]
        deleted, _ = Entry._base_manager.filter(pk__in=chunk).delete()
        purged += deleted
        if deleted < at_once:
            return purged
