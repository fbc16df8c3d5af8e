"""What the rules say of a declaration, and what it is worth: rows in, the calculator's answers out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from intemperies.calculation.causes import Cause, Heat, Vigilance, cause_finding, heat_finding, season_finding
from intemperies.calculation.deadline import Deadline, Standing, deadline
from intemperies.calculation.findings import Answer, Finding, by_gravity, gravest, ok, warn
from intemperies.calculation.parameters import ParameterMissing, Parameters
from intemperies.calculation.periods import Period as Span
from intemperies.calculation.periods import payroll_finding, period_findings
from intemperies.calculation.sentences import hours as in_words
from intemperies.line_assessing import LineAssessment, LineAssessor
from intemperies.models import Line, Period, Stoppage
from portal import clock
from portal.templatetags.french import long_date

WHICH = ("worksite_id", "trade", "iso_year", "iso_week")  # one declaration each (rule 3)


@dataclass(frozen=True)
class Assessment:
    """The declaration's own findings, its deadline once work resumed, and its lines."""

    findings: tuple[Finding, ...]
    deadline: Deadline | None
    lines: tuple[LineAssessment, ...] = field(default=())
    out_of_time: bool = False

    @property
    def told(self) -> list[Finding]:
        """What there is to read of the declaration itself."""
        return by_gravity(self.findings)

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
    def kept(self) -> list[LineAssessment]:
        """Its lines but those that a rule refuses: what the totals are of."""
        return [line for line in self.lines if not line.refused]

    @property
    def lost_words(self) -> str:
        """« 120 h », of the lines kept."""
        return in_words(sum((line.lost for line in self.kept), Decimal(0)))

    @property
    def owed(self) -> Decimal:
        """The allowances of the lines kept, in euros."""
        return sum((line.allowance.amount for line in self.kept if line.allowance), Decimal(0))

    @property
    def refunded(self) -> Decimal | None:
        """The refunds of the lines kept, in euros; None when none is known."""
        known = [line.refunded for line in self.kept if line.refunds]
        return sum(known, Decimal(0)) if known else None


def assess(
    stoppage: Stoppage, lines: Iterable[Line], parameters: Parameters, *, now: dt.datetime
) -> Assessment:
    """What the rules say of a declaration as it would be sent at that instant, for some of its lines.

    `lines` come `with_contract`, and have their `lost_hours` at hand.
    """
    periods, lines = list(stoppage.periods.all()), list(lines)
    spans = [Span(period.begins, period.resumes) for period in periods]
    findings = [*period_findings(spans, now, sending=True), *of_the_cause(stoppage, periods, parameters)]
    until, today = deadline_of(stoppage, parameters), clock.day_of(now)
    kept = _in_time_already(stoppage)
    if until:
        findings.append(kept or until.finding(today))
    findings.append(_of_the_payroll(stoppage, periods, parameters))
    assessor = LineAssessor(stoppage, periods, lines, parameters)
    assessed = tuple(assessor.assessed(line) for line in lines)
    late = until is not None and not kept and until.standing(today) is Standing.OUT_OF_TIME
    return Assessment(tuple(findings), until, assessed, late)


def _in_time_already(stoppage: Stoppage) -> Finding | None:
    """What corrects a declaration that was sent in time is in time (OWN): told instead of the deadline.

    Of the same worksite, trade and week: another one is another declaration.
    """
    former = stoppage.corrects
    if former is None or not former.is_sent or former.out_of_time or former.sent_at is None:
        return None
    if any(getattr(former, name) != getattr(stoppage, name) for name in WHICH):
        return None
    on = long_date(former.sent_at)
    return ok(6, f"La déclaration que celle-ci corrige a été envoyée dans les délais, le {on}.")


def of_the_cause(stoppage: Stoppage, periods: Sequence[Period], parameters: Parameters) -> Iterable[Finding]:
    """What rules 1, 2 and 8 say of where, why and when."""
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
