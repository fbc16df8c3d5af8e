"""What was said to whoever signed a declaration, kept as it was: figures change, what was signed does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from intemperies.assessing import Assessment
from intemperies.line_assessing import LineAssessment
from intemperies.places import Place


def snapshot(found: Assessment, place: Place) -> dict[str, Any]:
    """A declaration's place, sentences and amounts, as JSON: amounts are text: none is ever rounded."""
    return {
        "worksite": place.kept,
        "told": [finding.sentence for finding in found.told],
        "deadline": found.deadline.tolerated.isoformat() if found.deadline else "",
        "lines": {str(line.line.pk): _line(line) for line in found.lines if line.lost},
    }


def _line(line: LineAssessment) -> dict[str, Any]:
    owed = line.allowance
    return {
        "college": line.line.college,
        "lost": str(line.lost),
        "paid_hours": str(owed.paid_hours) if owed else "",
        "owed": str(owed.amount) if owed else "",
        "refunded": str(line.refunded) if line.refunds else "",
        "campaigns": {str(each.campaign.start_year): str(each.amount) for each in line.refunds},
        "told": [finding.sentence for finding in line.told],
        "allowance": list(owed.explanation) if owed else [],
        "refund": [sentence for each in line.refunds for sentence in each.explanation],
    }


def lines_of(said: Mapping[str, Any], colleges: Collection[str]) -> list[Mapping[str, Any]]:
    """What was said of the lines of some collèges."""
    return [line for line in said.get("lines", {}).values() if line["college"] in colleges]


def refunds_of(line: Mapping[str, Any], began_in: int) -> dict[int, Decimal | None]:
    """What was said to come back of a line, by the year in which a campaign begins; None when nothing was.

    A stop across 31 March is of two campaigns (rule 26). `began_in` is the stop's, for what has no estimate.
    """
    if split := line.get("campaigns"):
        return {int(year): Decimal(amount) for year, amount in split.items()}
    return {began_in: Decimal(line["refunded"]) if line["refunded"] else None}


def totals(said: Mapping[str, Any], colleges: Collection[str]) -> dict[str, Decimal]:
    """Hours lost, euros owed and euros refunded over the lines of some collèges."""
    mine = lines_of(said, colleges)
    return {
        name: sum((Decimal(line[name] or 0) for line in mine), Decimal(0))
        for name in ("lost", "owed", "refunded")
    }
