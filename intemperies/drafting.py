"""A declaration is written step by step, by whoever may: each writing says which version it started from.

Whoever writes holds the row of the draft; two people who write at once are told of each other, and nothing
that was typed is lost (the pages keep it).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from adherents.models import Site
from employees.models import Employee
from intemperies.calculation.lost_hours import week_of
from intemperies.features import STOPPAGE
from intemperies.models import Line, LostHours, Period, State, Stoppage, Worksite
from portal import clock
from portal.access.levels import Access, College
from portal.access.site_access import SiteAccess


class ChangedMeanwhile(Exception):
    """Somebody wrote the draft after it was shown."""

    def __init__(self, stoppage: Stoppage) -> None:
        super().__init__("the draft was written meanwhile")
        self.stoppage = stoppage


class NotADraft(Exception):
    """It was sent or deleted meanwhile."""


class WeekTaken(Exception):
    """That worksite has a declaration of that week already: a draft, or one that was sent (rule 3)."""

    def __init__(self, stoppage: Stoppage) -> None:
        super().__init__("that worksite has a declaration of that week")
        self.stoppage = stoppage


class OutOfReach(Exception):
    """The person may not write every collège of the declaration (product.md 6.5)."""


@dataclass(frozen=True)
class Span:
    """A stop, and the resumption once it is known."""

    begins: dt.datetime
    resumes: dt.datetime | None = None


@dataclass(frozen=True)
class StopFacts:
    """What the first step says: where, why, and when; at least one span."""

    worksite: Worksite
    trade: str
    cause: str
    work: str
    spans: Sequence[Span]
    weather: str = ""
    vigilance: str = ""
    prefect_order: bool = False

    @property
    def week(self) -> tuple[int, int]:
        """ISO year and week of the first stop."""
        return week_of(clock.day_of(min(span.begins for span in self.spans)))


@dataclass(frozen=True)
class Stated:
    """What a line says of an employee; None when it is not known."""

    wage: Decimal | None
    worked_hours: Decimal | None
    paid_days: int | None


def begin(*, site: Site, person: Any, facts: StopFacts, corrects: Stoppage | None = None) -> Stoppage:
    """A new draft. Raises WeekTaken when that worksite has a declaration of that week."""
    year, week = facts.week
    except_for = {corrects.pk} if corrects else set()
    try:
        with transaction.atomic():
            _refuse_a_second(facts, except_for)
            made = Stoppage.objects.create(
                site=site,
                iso_year=year,
                iso_week=week,
                begun_by=person,
                written_by=person.get_full_name(),
                corrects=corrects,
                **_columns(facts),
            )
            _write_spans(made, facts.spans)
    except IntegrityError:  # a double click, or a colleague
        _refuse_a_second(facts, except_for)
        raise
    return made


def is_begun_twice(draft: Stoppage, person: Any, facts: StopFacts) -> bool:
    """Whether that draft is what the same person has just begun: a double click."""
    spans = {(span.begins, span.resumes) for span in facts.spans}
    same = all(getattr(draft, name) == value for name, value in _columns(facts).items())
    begun = draft.is_draft and draft.begun_by_id == person.pk and draft.version == 1
    return begun and same and spans == set(draft.periods.values_list("begins", "resumes"))


def _refuse_a_second(facts: StopFacts, except_for: Collection[int]) -> None:
    """Rule 3: one declaration for a worksite, its trade and its week. Raises WeekTaken."""
    year, week = facts.week
    live = Stoppage.objects.filter(state__in=(State.DRAFT, State.SENT), iso_year=year, iso_week=week)
    same = live.filter(worksite=facts.worksite, trade=facts.trade).exclude(pk__in=except_for)
    other = same.order_by("state").first()
    if other is not None:
        raise WeekTaken(other)


def write_stop(
    *, draft: Stoppage, person: Any, version: int, access: SiteAccess, facts: StopFacts
) -> Stoppage:
    """Rewrite the first step, which is of everybody on it; their collèges are those of its new first day.

    Raises NotADraft, ChangedMeanwhile, WeekTaken, and OutOfReach.
    """
    try:
        with transaction.atomic():
            hold(draft, version)
            require_whole(colleges_of_both(draft), access)
            _refuse_a_second(facts, _itself(draft))
            return _rewritten(draft, person, facts)
    except IntegrityError:  # a colleague's draft moved to that week at the same instant
        _refuse_a_second(facts, _itself(draft))
        raise


def _itself(draft: Stoppage) -> set[int]:
    return {key for key in (draft.pk, draft.corrects_id) if key}


def _rewritten(draft: Stoppage, person: Any, facts: StopFacts) -> Stoppage:
    draft.iso_year, draft.iso_week = facts.week
    for name, value in _columns(facts).items():
        setattr(draft, name, value)
    draft.periods.all().delete()
    _write_spans(draft, facts.spans)
    _renew_colleges(draft, clock.day_of(min(span.begins for span in facts.spans)))
    return _written(draft, person)


def _renew_colleges(draft: Stoppage, first: dt.date) -> None:
    """Each line is of the collège of its employee on the first day; who was in none is taken off."""
    lines = {line.employee_id: line for line in draft.lines.all()}
    then = Employee.objects.in_colleges(draft.site_id, list(College), first).filter(pk__in=lines)
    colleges: dict[int, str] = {employee.pk: employee.college or "" for employee in then}
    for employee, line in lines.items():
        if employee not in colleges:
            line.delete()
        elif line.college != colleges[employee]:
            line.college = colleges[employee]
            line.save(update_fields=["college"])


@transaction.atomic
def choose_employees(
    *,
    draft: Stoppage,
    person: Any,
    version: int,
    access: SiteAccess,
    chosen: Mapping[int, Stated],
) -> Stoppage:
    """Keep the employees chosen, with what is stated of them, among those whose collège one may write.

    The lines of other collèges stay as they are. Raises NotADraft, ChangedMeanwhile.
    """
    hold(draft, version)
    offered = {employee.pk: employee for employee in offered_employees(draft, access)}
    mine = {
        line.employee_id: line
        for line in Line.objects.visible_to(access, Access.WRITE).filter(stoppage=draft)
    }
    for key in (mine.keys() & offered.keys()) - chosen.keys():
        mine[key].delete()
    others = set(draft.lines.values_list("employee", flat=True)) - mine.keys()  # of collèges out of reach
    for key in chosen.keys() & offered.keys() - others:
        _write_line(draft, offered[key], mine.get(key), chosen[key], person)
    return _written(draft, person)


def _write_line(draft: Stoppage, employee: Any, line: Line | None, stated: Stated, person: Any) -> None:
    made = line or Line(stoppage=draft, employee=employee)
    before = Stated(made.wage, made.worked_hours, made.paid_days)
    made.college = employee.college_then
    made.wage, made.worked_hours, made.paid_days = stated.wage, stated.worked_hours, stated.paid_days
    if stated == known_of(employee):
        made.stated_by = ""
    elif line is None or stated != before:
        made.stated_by = person.get_full_name()
    made.save()


@transaction.atomic
def write_hours(
    *,
    draft: Stoppage,
    person: Any,
    version: int,
    access: SiteAccess,
    days: Collection[dt.date],
    hours: Mapping[tuple[int, dt.date], Decimal],
) -> Stoppage:
    """What the grid says of these days, whole: hours by line and day, of the lines that one may write.

    Raises NotADraft, ChangedMeanwhile.
    """
    hold(draft, version)
    mine = set(
        Line.objects.visible_to(access, Access.WRITE).filter(stoppage=draft).values_list("pk", flat=True)
    )
    LostHours.objects.filter(line__in=mine, day__in=days).delete()
    LostHours.objects.bulk_create(
        LostHours(line_id=line, day=day, hours=value)
        for (line, day), value in hours.items()
        if line in mine and day in days and value
    )
    return _written(draft, person)


@transaction.atomic
def delete(*, draft: Stoppage, person: Any, access: SiteAccess) -> None:
    """Throw a draft away. Raises NotADraft, OutOfReach."""
    hold(draft, None)
    if not may_delete(draft, person, access):
        raise OutOfReach
    draft.delete()


def require_whole(present: Collection[str], access: SiteAccess) -> None:
    """Raises OutOfReach unless the person may write every collège present (product.md 6.5)."""
    if not may_write_all(present, access):
        raise OutOfReach


def may_write_all(present: Collection[str], access: SiteAccess) -> bool:
    """Whether the person may write every collège present, and one at least when there is none."""
    writable = access.colleges(STOPPAGE, Access.WRITE)
    return bool(writable) and set(present) <= writable


def may_delete(draft: Stoppage, person: Any, access: SiteAccess) -> bool:
    """Whether he may write all that it holds; what holds nobody yet is of who began it, or may write all."""
    present = colleges_of(draft)
    if not present and draft.begun_by_id == person.pk:
        return access.allows(STOPPAGE, Access.WRITE)
    return may_write_all(present or set(College), access)


def colleges_of_both(draft: Stoppage) -> set[str]:
    """The collèges present in a draft and in what it corrects."""
    both = [key for key in (draft.pk, draft.corrects_id) if key]
    return set(Line.objects.filter(stoppage__in=both).order_by().values_list("college", flat=True))


def colleges_of(stoppage: Stoppage) -> set[str]:
    """The collèges present."""
    return set(stoppage.lines.order_by().values_list("college", flat=True))


def offered_employees(stoppage: Stoppage, access: SiteAccess) -> Collection[Employee]:
    """Who may be put on it, or is: under contract during its stops, of a collège that one may write.

    Each as he was then (`hired_on`, `left_on`, `hourly_rate`), with his `college_then`, of the first day
    (`stopped_on`), his `college_now`, and his `days_taken`.
    """
    first, last = first_and_last_day(list(stoppage.periods.all()))
    on_it = stoppage.lines.order_by().values("employee")
    return list(
        (Employee.objects.working_between(first, last) | Employee.objects.filter(pk__in=on_it))
        .in_colleges(access.site.pk, access.colleges(STOPPAGE, Access.WRITE), first)
        .as_of(first)
        .with_college_now()
        .annotate(stopped_on=Value(first), days_taken=_days_taken(first.year))
        .order_by("last_name", "first_name", "matricule")
    )


def _days_taken(year: int) -> Coalesce:
    """The days of a year by declarations that the back office took: its own count holds them."""
    taken = LostHours.objects.filter(
        line__employee=OuterRef("pk"),
        line__stoppage__state=State.SENT,
        line__stoppage__taken_at__isnull=False,
        day__year=year,
    )
    counted = taken.order_by().values("line__employee").annotate(days=Count("day", distinct=True))
    return Coalesce(Subquery(counted.values("days")), 0)


def known_of(employee: Any) -> Stated:
    """What the file says of one of the employees offered; nothing of who is in another collège today.

    Its days are those that these pages do not count themselves, and of this year alone. Whoever was hired
    since 1 January had other employers: his days are asked for (rule 12).
    """
    if employee.college_now != employee.college_then:
        return Stated(None, None, None)
    year, hired_on = employee.stopped_on.year, employee.hired_on
    days = None
    if year == clock.today().year and hired_on and hired_on <= dt.date(year, 1, 1):
        days = max(employee.bad_weather_days - employee.days_taken, 0)
    return Stated(employee.hourly_rate, employee.recent_hours, days)


def first_day_of(stoppage: Stoppage) -> dt.date:
    """The day of its first stop."""
    return first_and_last_day(list(stoppage.periods.all()))[0]


def first_and_last_day(periods: Sequence[Period]) -> tuple[dt.date, dt.date]:
    """Of all the periods; the last is today as long as work has not resumed."""
    return min(period.first_day for period in periods), max(_last_day(period) for period in periods)


def days_of(periods: Sequence[Period], first: dt.date, last: dt.date) -> list[dt.date]:
    """The days from one to the other that the periods touch, in order."""
    touched = [(period.first_day, _last_day(period)) for period in periods]
    days = (first + dt.timedelta(days=rank) for rank in range((last - first).days + 1))
    return [day for day in days if any(begins <= day <= ends for begins, ends in touched)]


def _last_day(period: Period) -> dt.date:
    return clock.day_of(period.resumes) if period.resumes else max(period.first_day, clock.today())


def hold(draft: Stoppage, version: int | None) -> None:
    """Lock the row of a draft that was read: what was read of it, its periods included, still stands.

    `version` is what was shown to the person. Raises NotADraft, and ChangedMeanwhile for another version
    than shown, or than read.
    """
    locked = Stoppage.objects.select_for_update().filter(pk=draft.pk).values_list("state", "version").first()
    if locked is None or locked[0] != State.DRAFT:
        raise NotADraft
    if version is not None and {version, draft.version} != {locked[1]}:
        draft.refresh_from_db(fields=["version", "written_by", "written_at"])
        raise ChangedMeanwhile(draft)


def _written(draft: Stoppage, person: Any) -> Stoppage:
    draft.version = F("version") + 1
    draft.written_by, draft.written_at = person.get_full_name(), clock.now()
    draft.save()
    draft.refresh_from_db()
    return draft


def _columns(facts: StopFacts) -> dict[str, Any]:
    names = ("worksite", "trade", "cause", "work", "weather", "vigilance", "prefect_order")
    return {name: getattr(facts, name) for name in names}


def _write_spans(stoppage: Stoppage, spans: Sequence[Span]) -> None:
    Period.objects.bulk_create(
        Period(stoppage=stoppage, begins=span.begins, resumes=span.resumes) for span in spans
    )
