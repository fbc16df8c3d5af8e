"""The back office takes what companies declared: nothing twice, nothing lost, nothing of a draft."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch

from intemperies.models import Line, Stoppage, TakenDeclaration, Taking
from intemperies.taken_file import HEADS, rows_of
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin
from portal.spreadsheets import extract
from portal.templatetags.french import pluralize_fr

PERMISSION = "intemperies.take_stoppages"
MOST = 500  # declarations of a batch: what is left is the next one's


class NothingToTake(Exception):
    """The back office has the state of every declaration."""


@transaction.atomic
def take(staff: Any, origin: Origin) -> Taking:
    """A batch of the declarations whose state the back office does not have. Raises NothingToTake.

    One that is cancelled or replaced after it was taken is taken again, as such.
    """
    batch = _locked()
    if not batch:
        raise NothingToTake
    rows = [row for stoppage in batch for row in rows_of(stoppage)]
    taking = Taking.objects.create(
        at=clock.now(),
        by=staff.get_full_name(),
        declarations=len(batch),
        lines=len(rows),
        content=extract(HEADS, rows),
    )
    _mark(batch, taking)
    _record(taking, staff, origin)
    return taking


def _mark(batch: list[Stoppage], taking: Taking) -> None:
    TakenDeclaration.objects.bulk_create(
        TakenDeclaration(taking=taking, stoppage=one, state=one.state) for one in batch
    )
    Stoppage.objects.filter(pk__in=[one.pk for one in batch]).update(
        taken_at=taking.at, taken_state=F("state")
    )


def _locked() -> list[Stoppage]:
    """Rows that nobody else takes, cancels or replaces meanwhile.

    Who waited for a row reads it again: what makes one to be taken is all in the row itself.
    """
    lines = Line.objects.select_related("employee").order_by("employee__matricule", "pk")
    waiting = Stoppage.objects.to_take().select_for_update(of=("self",)).order_by("pk")
    found = waiting.select_related("site", "worksite", "corrects")
    return list(
        found.prefetch_related("periods", Prefetch("lines", lines.prefetch_related("lost_hours")))[:MOST]
    )


def download(taking: Taking, staff: Any, origin: Origin) -> bytes:
    """The file of a batch, as it was made; the journal keeps who had it."""
    record(
        "stoppages.downloaded",
        f"{staff.get_full_name()} télécharge les arrêts intempéries du {_named(taking)}",
        kind=Kind.COMPANY,
        origin=origin,
        actor=staff,
    )
    return bytes(taking.content)


def _record(taking: Taking, staff: Any, origin: Origin) -> None:
    declarations, lines = taking.declarations, taking.lines
    counted = f"{declarations} déclaration{pluralize_fr(declarations)}, {lines} ligne{pluralize_fr(lines)}"
    record(
        "stoppages.taken",
        f"{staff.get_full_name()} prend les arrêts intempéries\u00a0: {_named(taking)}, {counted}",
        kind=Kind.COMPANY,
        origin=origin,
        actor=staff,
        after={"batch": taking.pk, "declarations": declarations, "lines": lines},
    )


def _named(taking: Taking) -> str:
    return f"lot n°\u00a0{taking.pk}"
