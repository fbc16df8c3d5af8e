"""A draft becomes a declaration: numbered, dated, with what was said to who signed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from intemperies.assessing import Assessment, assess
from intemperies.drafting import (
    ChangedMeanwhile,
    NotADraft,
    WeekTaken,
    colleges_of_both,
    first_day_of,
    require_whole,
)
from intemperies.figures import current_parameters
from intemperies.models import Line, State, Stoppage
from intemperies.models.stoppages import StoppageQuerySet
from intemperies.snapshots import snapshot
from portal import clock
from portal.access.site_access import SiteAccess
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin


class NotReady(Exception):
    """A rule refuses it: the assessment says which."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__("a rule refuses it")
        self.assessment = assessment


@dataclass(frozen=True)
class Attestation:
    """What the declarant signs (rule 9): the works council, the conditions, the payment."""

    committee: str
    project_manager: str = ""


def lines_of(stoppage: Stoppage, access: SiteAccess | None = None) -> list[Line]:
    """Its lines, those of the collèges that one may read when `access` is given; ready to be assessed."""
    lines = Line.objects.visible_to(access) if access else Line.objects.all()
    there = lines.filter(stoppage=stoppage).with_contract(first_day_of(stoppage))
    return list(there.prefetch_related("lost_hours"))


def assessed(stoppage: Stoppage, access: SiteAccess | None = None) -> Assessment:
    """What the rules say of it now, of the collèges that one may read when `access` is given."""
    return _assessed(stoppage, lines_of(stoppage, access))


def _assessed(stoppage: Stoppage, lines: list[Line]) -> Assessment:
    return assess(stoppage, lines, current_parameters(), now=clock.now())


def _held_lines_of(stoppage: Stoppage) -> list[Line]:
    """All of them, their site locked: two declarations of one employee are sent one after the other.

    Else neither would know of the other's hours. No key is changed: rows that name the site are still
    written. The employees themselves are not locked: their import does it in another order.
    """
    held = Line.objects.select_for_update(of=("stoppage__site",), no_key=True)
    lines = held.filter(stoppage=stoppage).with_contract(first_day_of(stoppage))
    return list(lines.select_related("employee", "stoppage__site").prefetch_related("lost_hours"))


def send(
    *,
    draft: Stoppage,
    person: Any,
    version: int,
    access: SiteAccess,
    attestation: Attestation,
    origin: Origin,
) -> Stoppage:
    """Send a draft that was read, once. What it corrects is replaced by it, if it still stands.

    It is held by its version rather than by a lock: whatever anybody writes of it renews that, and then
    this changes nothing. Raises NotADraft, ChangedMeanwhile, OutOfReach, NotReady, and WeekTaken when a
    colleague sent another declaration of that worksite and week first.
    """
    try:
        with transaction.atomic():
            if draft.version != version:
                raise ChangedMeanwhile(draft)
            former = _standing_former(draft)
            found = _assessed(draft, _held_lines_of(draft))
            require_whole({each.line.college for each in found.lines}, access)
            if not found.may_be_sent:
                raise NotReady(found)
            if former:
                _replace(former, draft, person, access)
            columns = _sent_columns(draft, person, attestation, found)
            _number(draft, columns | {"corrects": former})
            _record(draft, person, origin)
            return draft
    except IntegrityError as error:
        if (other := _sent_before(draft)) is None:
            raise
        raise WeekTaken(other) from error


def _sent_columns(
    draft: Stoppage, person: Any, attestation: Attestation, found: Assessment
) -> dict[str, Any]:
    now = clock.now()
    return {
        "state": State.SENT,
        "sent_at": now,
        "number": f"INT-{clock.day_of(now).year}-{draft.pk:06}",
        "committee": attestation.committee,
        "project_manager": attestation.project_manager,
        "attested_by": person.get_full_name(),
        "written_by": person.get_full_name(),
        "written_at": now,
        "version": draft.version + 1,
        "out_of_time": found.out_of_time,
        "said": snapshot(found, draft.place),
    }


def _number(draft: Stoppage, columns: dict[str, Any]) -> None:
    """Raises NotADraft and ChangedMeanwhile, when what was read of it does not stand any more."""
    if not _as_read(draft).update(**columns):
        now = Stoppage.objects.drafts().filter(pk=draft.pk).first()
        raise ChangedMeanwhile(now) if now else NotADraft
    for name, value in columns.items():
        setattr(draft, name, value)


def _as_read(draft: Stoppage) -> StoppageQuerySet:
    return Stoppage.objects.drafts().filter(pk=draft.pk, version=draft.version)


def _standing_former(draft: Stoppage) -> Stoppage | None:
    """What it corrects, read again and held; None when that was cancelled: it is declared anew."""
    if draft.corrects_id is None:
        return None
    draft.corrects = Stoppage.objects.select_for_update(of=("self",)).get(pk=draft.corrects_id)
    return draft.corrects if draft.corrects.is_sent else None


def _replace(former: Stoppage, draft: Stoppage, person: Any, access: SiteAccess) -> None:
    """What it corrects gives way. Raises OutOfReach."""
    require_whole(colleges_of_both(draft), access)
    former.state, former.over_at, former.over_by = State.REPLACED, clock.now(), person.get_full_name()
    former.save(update_fields=["state", "over_at", "over_by"])


def _sent_before(mine: Stoppage) -> Stoppage | None:
    same = Stoppage.objects.sent().filter(
        worksite_id=mine.worksite_id, trade=mine.trade, iso_year=mine.iso_year, iso_week=mine.iso_week
    )
    return same.exclude(pk=mine.pk).first()


def _record(sent: Stoppage, person: Any, origin: Origin) -> None:
    sentence = f"{person.get_full_name()} envoie l’arrêt intempéries {sent.number} ({sent.place.name})"
    if sent.corrects_id:
        sentence += f", qui corrige {sent.corrects}"
    record("stoppage.sent", sentence, kind=Kind.COMPANY, origin=origin, actor=person, site=sent.site)
