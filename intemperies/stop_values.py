"""The first step of a draft, as its form shows it."""

from __future__ import annotations

from typing import Any

from intemperies.models import Stoppage
from portal import clock


def initial_of(draft: Stoppage) -> dict[str, Any]:
    """The values of the form's fields."""
    values: dict[str, Any] = {
        "worksite": draft.worksite,
        "trade": "" if draft.trade == draft.worksite.trade else draft.trade,
        "cause": draft.cause,
        "weather": draft.weather,
        "work": draft.work,
        "vigilance": draft.vigilance,
        "prefect_order": draft.prefect_order,
        "version": draft.version,
    }
    for number, period in enumerate(draft.periods.all()):
        values[f"stop_day_{number}"] = clock.day_of(period.begins)
        values[f"stop_time_{number}"] = clock.local_time(period.begins)
        if period.resumes:
            values[f"resume_day_{number}"] = clock.day_of(period.resumes)
            values[f"resume_time_{number}"] = clock.local_time(period.resumes)
    return values
