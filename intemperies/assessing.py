"""What the rules say of a declaration, and what it is worth: rows in, the calculator's answers out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from employees.absences import Absence, AbsenceKind, absences_of
from intemperies.calculation import eligibility
from intemperies.calculation.allowance import Allowance, allowance
from intemperies.calculation.causes import Cause, Heat, Vigilance, cause_finding, heat_finding, season_finding
from intemperies.calculation.deadline import Deadline, deadline
from intemperies.calculation.findings import Answer, Finding, gravest, refuse, warn
from intemperies.calculation.lost_hours import Lost, Share, Stop, shared_out
from intemperies.calculation.parameters import ParameterMissing, Parameters
from intemperies.calculation.periods import Period as Span
from intemperies.calculation.periods import payroll_finding, period_findings
from intemperies.calculation.refund import Refund, by_campaign, refund
from intemperies.calculation.sentences import hours as in_words
from intemperies.models import Line, LostHours, Period, State, Stoppage
from portal import clock

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
        return [finding for finding in self.findings if finding.sentence]

    @property
    def lost_words(self) -> str:
        """« 12 h »."""
        return in_words(self.lost)

    @property
    def refunded(self) -> Decimal:
        """What comes back, in euros."""
        return sum((each.amount for each in self.refunds), Decimal(0))


@dataclass(frozen=True)
class Assessment:
    """The declaration's own findings, its deadline once work resumed, and its lines."""

    findings: tuple[Finding, ...]
    deadline: Deadline | None
    lines: tuple[LineAssessment, ...] = field(default=())

    @property
    def told(self) -> list[Finding]:
        """What there is to read of the declaration itself."""
        return [finding for finding in self.findings if finding.sentence]

    @property
    def may_be_sent(self) -> bool:
        """Whether no rule refuses it, and somebody lost hours."""
        refused = gravest(self.findings) is Answer.REFUSE or any(line.refused for line in self.lines)
        return not refused and any(line.lost for line in self.lines)

    @property
    def lost(self) -> Decimal:
        """The hours of all its lines."""
        return sum((line.lost for line in self.lines), Decimal(0))

    @property
    def lost_words(self) -> str:
        """« 120 h »."""
        return in_words(self.lost)

    @property
    def owed(self) -> Decimal:
        """The allowances of all its lines, in euros."""
        return sum((line.allowance.amount for line in self.lines if line.allowance), Decimal(0))

    @property
    def refunded(self) -> Decimal:
        """The refunds of all its lines, in euros."""
        return sum((line.refunded for line in self.lines), Decimal(0))


def assess(
    stoppage: Stoppage, lines: Iterable[Line], parameters: Parameters, *, now: dt.datetime
) -> Assessment:
    """What the rules say of a declaration as it would be sent at that instant, for some of its lines.

    `lines` come `with_contract`, and have their `lost_hours` at hand.
    """
    periods, lines = list(stoppage.periods.all()), list(lines)
    spans = [Span(period.begins, period.resumes) for period in periods]
    findings = [*period_findings(spans, now, sending=True), *_of_the_cause(stoppage, periods, parameters)]
    until = deadline_of(stoppage, parameters)
    if until:
        findings.append(until.finding(clock.day_of(now)))
    findings.append(_of_the_payroll(stoppage, periods, parameters))
    context = _Context(stoppage, periods, lines, parameters)
    return Assessment(tuple(findings), until, tuple(context.assessed(line) for line in lines))


def _of_the_cause(stoppage: Stoppage, periods: Sequence[Period], parameters: Parameters) -> Iterable[Finding]:
    cause, worksite = Cause(stoppage.cause), stoppage.worksite
    heat = Heat(Vigilance(stoppage.vigilance), stoppage.prefect_order) if stoppage.vigilance else None
    yield cause_finding(cause)
    for period in periods:
        yield heat_finding(cause, period.first_day, heat)
        yield season_finding(
            period.first_day,
            departement=worksite.departement,
            activity=worksite.activity,
            altitude=worksite.altitude,
            exclusions=parameters.exclusions,
        )


def deadline_of(stoppage: Stoppage, parameters: Parameters) -> Deadline | None:
    """From the last resumption; None as long as work has not resumed."""
    periods = list(stoppage.periods.all())
    resumed = [period.resumes for period in periods if period.resumes]
    if not resumed or len(resumed) < len(periods):
        return None
    return deadline(clock.day_of(max(resumed)), parameters, stoppage.worksite.departement)


def _of_the_payroll(stoppage: Stoppage, periods: Sequence[Period], parameters: Parameters) -> Finding:
    try:
        campaign = parameters.campaign_of(periods[0].first_day)
    except ParameterMissing as missing:
        return warn(26, f"{missing} L’estimation du remboursement n’est pas possible.")
    payroll = stoppage.site.adherent.payroll
    if payroll is None:
        return warn(7, "Votre caisse ne connaît pas vos salaires\u00a0: le remboursement n’est pas estimé.")
    return payroll_finding(payroll, campaign)


class _Context:
    """What the lines share: the other declarations of their weeks, and who is away."""

    def __init__(
        self, stoppage: Stoppage, periods: Sequence[Period], lines: Sequence[Line], parameters: Parameters
    ) -> None:
        self.stoppage, self.periods, self.parameters = stoppage, periods, parameters
        days = [lost.day for line in lines for lost in line.lost_hours.all()]
        self.first = min(days, default=clock.today())
        self.last = max(days, default=clock.today())
        employees = [line.employee_id for line in lines]
        self.away: Mapping[int, list[Absence]] = absences_of(
            employees, self.first, self.last, OWN_READINGS_OF.keys()
        )
        self.elsewhere = self._elsewhere(employees) if days else {}

    def _elsewhere(self, employees: Sequence[int]) -> dict[int, list[LostHours]]:
        """What these employees lost in the same weeks by other declarations that stand."""
        monday = self.first - dt.timedelta(days=self.first.weekday())
        sunday = self.last + dt.timedelta(days=6 - self.last.weekday())
        rows = LostHours.objects.filter(
            line__employee__in=employees,
            line__stoppage__state=State.SENT,
            day__range=(monday, sunday),
        ).exclude(line__stoppage__in=[key for key in (self.stoppage.pk, self.stoppage.corrects_id) if key])
        found: dict[int, list[LostHours]] = defaultdict(list)
        rows = rows.select_related("line__stoppage__worksite").prefetch_related("line__stoppage__periods")
        for row in rows.order_by("day"):
            found[row.line.employee_id].append(row)
        return found

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
        yield eligibility.hours_finding(line.worked_hours)
        yield eligibility.newcomer_finding(contract.hired_on, first, line.paid_days)
        yield eligibility.days_finding(line.paid_days or 0, first.year)
        for row in hours:
            if contract.hired_on and row.day < contract.hired_on:
                yield refuse(13, f"Embauché le {contract.hired_on:%d/%m/%Y}\u00a0: rien n’est perdu avant.")
                break
        for row in hours:
            if contract.left_on and row.day > contract.left_on:
                yield refuse(13, f"Sorti le {contract.left_on:%d/%m/%Y}\u00a0: rien n’est perdu après.")
                break

    def _of_the_days(self, line: Line, hours: Sequence[LostHours]) -> Iterable[Finding]:
        for row in hours:
            for absence in self.away.get(line.employee_id, ()):
                if absence.holds(row.day):
                    yield eligibility.absence_finding(row.day, OWN_READINGS_OF[absence.kind])
            if period_of(row.day, self.periods) is None:
                yield refuse(5, f"Le {row.day:%d/%m/%Y} n’est dans aucun arrêt\u00a0: effacez ces heures.")
            others = [other for other in self.elsewhere.get(line.employee_id, ()) if other.day == row.day]
            if others:
                yield from eligibility.same_day_findings(
                    row.day, [_claim(row, self.stoppage, self.periods), *map(_other_claim, others)]
                )

    def _shares(self, line: Line, hours: Sequence[LostHours]) -> list[Share]:
        """What becomes of this declaration's hours, the others of its weeks being counted before or among."""
        mine = [_lost(row, self.stoppage.worksite_id, self.periods) for row in hours]
        others = [
            _lost(row, row.line.stoppage.worksite_id, list(row.line.stoppage.periods.all()))
            for row in self.elsewhere.get(line.employee_id, ())
        ]
        before = {hours[0].day.year: line.paid_days or 0}
        shares = shared_out([*mine, *others], self.parameters.readings, before)
        return [share for share in shares if share.lost in mine]

    def _refunds(self, shares: Sequence[Share], wage: Decimal) -> tuple[Refund, ...]:
        payroll = self.stoppage.site.adherent.payroll
        if payroll is None:
            return ()
        canicule = Cause(self.stoppage.cause) is Cause.HEAT
        return tuple(
            refund(of_campaign, wage, payroll, self.parameters, canicule=canicule)
            for of_campaign in by_campaign(shares, self.parameters).values()
        )


def period_of(day: dt.date, periods: Sequence[Period]) -> Period | None:
    """The last period that touches a day: a cell of the grid says hours of a day, not of a stop (OWN)."""
    touching = [
        period
        for period in periods
        if period.first_day <= day and (period.resumes is None or day <= clock.day_of(period.resumes))
    ]
    return touching[-1] if touching else None


def _lost(row: LostHours, worksite: int, periods: Sequence[Period]) -> Lost:
    period = period_of(row.day, periods)
    begins = period.begins if period else clock.start_of(row.day)
    return Lost(Stop(worksite, begins), row.day, row.hours)


def _claim(row: LostHours, stoppage: Stoppage, periods: Sequence[Period]) -> eligibility.Claim:
    """The hours of a day with the part of the day that its stop covers."""
    period = period_of(row.day, periods)
    begins, ends = dt.time.min, dt.time.max
    if period and period.first_day == row.day:
        begins = clock.local_time(period.begins)
    if period and period.resumes and clock.day_of(period.resumes) == row.day:
        ends = clock.local_time(period.resumes)
    return eligibility.Claim(stoppage.worksite.name, begins, ends, row.hours)


def _other_claim(row: LostHours) -> eligibility.Claim:
    stoppage = row.line.stoppage
    return _claim(row, stoppage, list(stoppage.periods.all()))
