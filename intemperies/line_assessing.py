"""What the rules say of each employee of a declaration, and what his hours are worth."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from employees.absences import Absence, AbsenceKind, absences_of
from intemperies.calculation import eligibility
from intemperies.calculation.allowance import Allowance, allowance
from intemperies.calculation.causes import Cause
from intemperies.calculation.findings import Answer, Finding, by_gravity, gravest, ok, refuse, warn
from intemperies.calculation.lost_hours import Lost, Share, Stop, days_paid, giving_up, shared_out, week_of
from intemperies.calculation.parameters import ParameterMissing, Parameters
from intemperies.calculation.refund import Refund, by_campaign, refund
from intemperies.calculation.sentences import hours as in_words
from intemperies.elsewhere import OtherHours, hours_elsewhere, paid_hours_told
from intemperies.models import Line, LostHours, Stoppage
from portal import clock
from portal.templatetags.french import long_date

OWN_READINGS_OF = {
    AbsenceKind.LEAVE: eligibility.Absence.LEAVE,
    AbsenceKind.SICKNESS: eligibility.Absence.SICKNESS,
    AbsenceKind.WORK_ACCIDENT: eligibility.Absence.WORK_ACCIDENT,
    AbsenceKind.UNFIT: eligibility.Absence.UNFIT,
}


@dataclass(frozen=True)
class LineAssessment:
    """One employee's: what the rules say, what he is owed, what comes back; each may be missing."""

    line: Line
    lost: Decimal
    findings: tuple[Finding, ...]
    allowance: Allowance | None = None
    refunds: tuple[Refund, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether a rule refuses it."""
        return gravest(self.findings) is Answer.REFUSE

    @property
    def told(self) -> list[Finding]:
        """What there is to read."""
        return by_gravity(self.findings)

    @property
    def lost_words(self) -> str:
        """« 12 h »."""
        return in_words(self.lost)

    @property
    def refunded(self) -> Decimal:
        """What comes back, in euros."""
        return sum((each.amount for each in self.refunds), Decimal(0))


class Spanned(Protocol):
    """A stop and its resumption."""

    @property
    def begins(self) -> dt.datetime:
        """When work stopped."""
        ...

    @property
    def resumes(self) -> dt.datetime | None:
        """When it went on, once it did."""
        ...

    @property
    def first_day(self) -> dt.date:
        """The day of the stop."""
        ...


class LineAssessor:
    """What the lines share: the other declarations of their year, and who is away."""

    def __init__(
        self, stoppage: Stoppage, periods: Sequence[Spanned], lines: Sequence[Line], parameters: Parameters
    ) -> None:
        self.stoppage, self.periods, self.parameters = stoppage, periods, parameters
        days = [lost.day for line in lines for lost in line.lost_hours.all()]
        first, last = min(days, default=clock.today()), max(days, default=clock.today())
        employees = [line.employee_id for line in lines] if days else []
        self.away: Mapping[int, list[Absence]] = absences_of(employees, first, last, OWN_READINGS_OF.keys())
        itself = [key for key in (stoppage.pk, stoppage.corrects_id) if key]
        self.elsewhere = hours_elsewhere(lines, first, last, itself) if days else {}
        self.weeks = {week_of(day) for day in days}
        of_the_weeks = (other for each in self.elsewhere.values() for other in each if self._near(other))
        self.told = paid_hours_told(of_the_weeks)
        self.people = Counter(line.employee.nir for line in lines)

    def assessed(self, line: Line) -> LineAssessment:
        """One employee's line."""
        hours = list(line.lost_hours.all())
        lost = sum((row.hours for row in hours), Decimal(0))
        if not hours:
            return LineAssessment(line, lost, ())
        findings = [*self._of_the_person(line, hours), *self._of_the_days(line, hours)]
        if line.wage is None:
            wage = refuse(16, "Indiquez le salaire horaire de la veille de l’arrêt.")
            return LineAssessment(line, lost, (*findings, wage))
        shares = self._shares(line, hours)
        if not any(share.carence for share in shares):
            findings.append(ok(18, "L’heure de carence est déjà prise par un autre arrêt envoyé."))
        try:
            owed = allowance(shares, line.wage, self.parameters)
        except ParameterMissing as missing:
            return LineAssessment(line, lost, (*findings, warn(16, str(missing))))
        try:
            refunds = self._refunds(shares, line.wage)
        except ParameterMissing as missing:
            return LineAssessment(line, lost, (*findings, warn(22, str(missing))), owed)
        return LineAssessment(line, lost, tuple(findings), owed, refunds)

    def _of_the_person(self, line: Line, hours: Sequence[LostHours]) -> Iterable[Finding]:
        first = hours[0].day
        contract: Any = line  # `with_contract`
        if self.people[line.employee.nir] > 1:
            yield refuse(14, "Cette personne figure deux fois, sous deux matricules\u00a0: gardez-en un.")
        yield eligibility.hours_finding(line.worked_hours)
        yield eligibility.newcomer_finding(contract.hired_on, first, line.paid_days)
        here = days_paid(self._granted(line), self.parameters.readings)[first.year]
        yield eligibility.days_finding((line.paid_days or 0) + here, first.year)
        if contract.hired_on and first < contract.hired_on:
            yield refuse(13, f"Embauché le {contract.hired_on:%d/%m/%Y}\u00a0: rien n’est perdu avant.")
        if contract.left_on and hours[-1].day > contract.left_on:
            yield refuse(13, f"Sorti le {contract.left_on:%d/%m/%Y}\u00a0: rien n’est perdu après.")

    def _of_the_days(self, line: Line, hours: Sequence[LostHours]) -> Iterable[Finding]:
        for row in hours:
            for absence in self.away.get(line.employee_id, ()):
                if absence.holds(row.day):
                    yield eligibility.absence_finding(row.day, OWN_READINGS_OF[absence.kind])
            yield self._within_the_stop(row)
            others = [other for other in self._others(line) if other.day == row.day]
            if others:
                yield from eligibility.same_day_findings(
                    row.day, [self._claim(row), *map(_other_claim, others)]
                )

    def _within_the_stop(self, row: LostHours) -> Finding:
        """No more hours than the stops of the declaration last on that day (rule 5)."""
        day = long_date(row.day)
        if period_of(row.day, self.periods) is None:
            return refuse(
                5, f"Le {day} n’est plus dans aucun arrêt\u00a0: enregistrez de nouveau les heures."
            )
        lasts = lasting(row.day, self.periods)
        if row.hours > lasts:
            stopped, lost = in_words(lasts), in_words(row.hours)
            return refuse(5, f"Le {day}, l’arrêt a duré {stopped}\u00a0: {lost} ne peuvent pas être perdues.")
        return ok(5)

    def _shares(self, line: Line, hours: Sequence[LostHours]) -> list[Share]:
        """What becomes of this declaration's hours, what others hold being counted first."""
        mine = [_lost(row, self.stoppage.worksite_id, self.periods) for row in hours]
        before = {hours[0].day.year: line.paid_days or 0}
        if hours[-1].day.year != hours[0].day.year:  # what the file knows of the year that began meanwhile
            before[hours[-1].day.year] = line.employee.bad_weather_days
        shares = shared_out(mine, self.parameters.readings, before, self._granted(line))
        return giving_up(shares, self._paid_beyond(line))

    def _paid_beyond(self, line: Line) -> Decimal:
        """What others of the weeks were told is paid, and would not be any more.

        What took the carence, or left them its part of the caps, was cancelled, or is corrected by this one.
        """
        others, granted = self._others(line), self._granted(line)
        of = {id(lost): other.line for lost, other in zip(granted, others, strict=True)}
        now: dict[int, Decimal] = defaultdict(Decimal)
        for share in shared_out(granted, self.parameters.readings):
            now[of[id(share.lost)]] += share.paid
        beyond = (self.told[key] - paid for key, paid in now.items() if key in self.told)
        return sum((each for each in beyond if each > 0), Decimal(0))

    def _granted(self, line: Line) -> list[Lost]:
        return [_lost(other, other.worksite, other.periods) for other in self._others(line)]

    def _others(self, line: Line) -> Sequence[OtherHours]:
        return self.elsewhere.get(line.employee.nir, ())

    def _near(self, other: OtherHours) -> bool:
        return week_of(other.day) in self.weeks

    def _refunds(self, shares: Sequence[Share], wage: Decimal) -> tuple[Refund, ...]:
        payroll = self.stoppage.site.adherent.payroll
        if payroll is None:
            return ()
        canicule = Cause(self.stoppage.cause) is Cause.HEAT
        return tuple(
            refund(of_campaign, wage, payroll, self.parameters, canicule=canicule)
            for of_campaign in by_campaign(shares, self.parameters).values()
        )

    def _claim(self, row: LostHours) -> eligibility.Claim:
        times = times_of(row.day, self.periods)
        return eligibility.Claim(self.stoppage.pk, self.stoppage.worksite.name, *times, row.hours)


def period_of(day: dt.date, periods: Sequence[Spanned]) -> Spanned | None:
    """The last period that touches a day: a cell of the grid says hours of a day, not of a stop (OWN)."""
    touching = [period for period in periods if _touches(period, day)]
    return touching[-1] if touching else None


def lasting(day: dt.date, periods: Iterable[Spanned]) -> Decimal:
    """The hours of a day in which work was stopped."""
    midnight, next_midnight = clock.start_of(day), clock.start_of(day + dt.timedelta(days=1))
    seconds = Decimal(0)
    for period in periods:
        ends = min(period.resumes or next_midnight, next_midnight)
        seconds += max(Decimal((ends - max(period.begins, midnight)).total_seconds()), Decimal(0))
    return seconds / 3600


def times_of(day: dt.date, periods: Sequence[Spanned]) -> tuple[dt.time, dt.time]:
    """From the first stop of a day to its last resumption; the whole day by default."""
    touching = [period for period in periods if _touches(period, day)]
    begun = [clock.local_time(each.begins) if each.first_day == day else dt.time.min for each in touching]
    over = [
        clock.local_time(each.resumes) if each.resumes and clock.day_of(each.resumes) == day else dt.time.max
        for each in touching
    ]
    return min(begun, default=dt.time.min), max(over, default=dt.time.max)


def _touches(period: Spanned, day: dt.date) -> bool:
    return period.first_day <= day and (period.resumes is None or day <= clock.day_of(period.resumes))


def _lost(row: LostHours | OtherHours, worksite: int, periods: Sequence[Spanned]) -> Lost:
    period = period_of(row.day, periods)
    begins = period.begins if period else clock.start_of(row.day)
    return Lost(Stop(worksite, begins), row.day, row.hours)


def _other_claim(other: OtherHours) -> eligibility.Claim:
    times = times_of(other.day, other.periods)
    return eligibility.Claim(other.declaration, other.worksite_name, *times, other.hours)
