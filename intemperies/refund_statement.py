"""What comes back to a site, campaign by campaign: three figures that are neither mixed nor added together.

The estimate is what was said of the declarations when they were sent; the provisional and the final
amounts are the caisse's. All of them are of the collèges whose refunds the person may read.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Min, OuterRef, Subquery

from intemperies.calculation.parameters import campaign_year
from intemperies.features import REFUND
from intemperies.models import Period, RefundLine, RefundState, Stoppage
from intemperies.snapshots import lines_of, refunds_of
from portal import clock
from portal.access.levels import College
from portal.access.site_access import SiteAccess


@dataclass(frozen=True)
class Row:
    """One collège's amounts of a month, as the caisse says them; or, without a month, what is estimated."""

    college: College
    period: dt.date | None = None
    estimate: Decimal | None = None
    provisional: Decimal | None = None
    final: Decimal | None = None


@dataclass(frozen=True)
class CampaignRefunds:
    """A campaign. `declarations` stand behind its estimate; `unestimated` of their lines have none."""

    start_year: int
    rows: tuple[Row, ...]
    declarations: int = 0
    unestimated: int = 0

    @property
    def estimate(self) -> Decimal | None:
        """By the declarations sent; None without any that could be estimated."""
        return _sum(row.estimate for row in self.rows)

    @property
    def provisional(self) -> Decimal | None:
        """Given back during the campaign; None as long as the caisse said nothing."""
        return _sum(row.provisional for row in self.rows)

    @property
    def final(self) -> Decimal | None:
        """Settled after its end; None as long as the caisse said nothing."""
        return _sum(row.final for row in self.rows)


@dataclass
class _Estimated:
    """What the declarations of a campaign say, while they are read."""

    declarations: int
    unestimated: int
    amounts: dict[College, Decimal | None]


def readable(access: SiteAccess) -> list[College]:
    """The collèges whose refunds the person may read, in their order."""
    held = access.colleges(REFUND)
    return [college for college in College if college in held]


def campaigns_of(access: SiteAccess) -> list[CampaignRefunds]:
    """The campaigns of which there is something to read, the latest first. Two queries."""
    estimated, said = _estimates(access), _said_by_the_caisse(access)
    return [
        CampaignRefunds(
            year,
            (*_estimate_rows(estimated.get(year)), *said.get(year, ())),
            estimated[year].declarations if year in estimated else 0,
            estimated[year].unestimated if year in estimated else 0,
        )
        for year in sorted({*estimated, *said}, reverse=True)
    ]


def _estimates(access: SiteAccess) -> dict[int, _Estimated]:
    """By campaign, over the declarations that stand: one across 31 March is of two (rule 26)."""
    colleges = readable(access)
    periods = Period.objects.filter(stoppage=OuterRef("pk")).order_by()
    first = periods.values("stoppage").annotate(first=Min("begins")).values("first")
    sent = Stoppage.objects.filter(site_id=access.site.pk).sent().annotate(first_stop=Subquery(first))
    found: dict[int, _Estimated] = {}
    for begins, said in sent.order_by().values_list("first_stop", "said"):
        began_in = campaign_year(clock.day_of(begins))
        years = {_add(found, line, began_in) for line in lines_of(said, colleges)}
        for year in set().union(*years):
            found[year].declarations += 1
    return found


def _add(found: dict[int, _Estimated], line: Mapping[str, Any], began_in: int) -> frozenset[int]:
    """Count a line in its campaigns, which are told."""
    split = refunds_of(line, began_in)
    college = College(line["college"])
    for year, refunded in split.items():
        campaign = found.setdefault(year, _Estimated(0, 0, {}))
        campaign.unestimated += refunded is None
        known = campaign.amounts.setdefault(college, None)
        if refunded is not None:
            campaign.amounts[college] = (known or Decimal(0)) + refunded
    return frozenset(split)


def _estimate_rows(estimated: _Estimated | None) -> list[Row]:
    amounts = estimated.amounts if estimated else {}
    return [Row(college, estimate=amounts[college]) for college in College if college in amounts]


def _said_by_the_caisse(access: SiteAccess) -> dict[int, list[Row]]:
    """By campaign, a row for each month and collège, the latest month first."""
    found: dict[tuple[int, dt.date, College], dict[str, Decimal]] = defaultdict(dict)
    for line in RefundLine.objects.visible_to(access):
        found[line.start_year, line.period, College(line.college)][line.state] = line.amount
    rows: dict[int, list[Row]] = defaultdict(list)
    for year, period, college in sorted(found, key=lambda key: (-key[1].toordinal(), key[2].position)):
        said = found[year, period, college]
        rows[year].append(
            Row(
                college,
                period,
                provisional=said.get(RefundState.PROVISIONAL),
                final=said.get(RefundState.FINAL),
            )
        )
    return rows


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Of the known ones; None when none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
