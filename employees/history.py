"""Contracts and collèges with their dates: what an extract's line changes in what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from employees.models import CollegePeriod, Contract
from portal.access.levels import College
from portal.imports.storing import change, rewrite

_DAY = dt.timedelta(days=1)
_SAID_OF_A_CONTRACT = ("trade", "classification", "hired_on", "left_on", "hourly_rate")
_DATES = ("college", "starts_on", "ends_on")


class ContractsOverlap(Exception):
    """The day of hire lies in an earlier contract; the message is the end of a French sentence."""


@dataclass
class Rows:
    """What is to be written for a batch: new rows, and rows that changed."""

    new_contracts: list[Contract] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    new_periods: list[CollegePeriod] = field(default_factory=list)
    periods: dict[int, CollegePeriod] = field(default_factory=dict)

    def write(self) -> None:
        """Write them; what ends before what begins, for one contract and one collège at most are open."""
        rewrite(Contract, self.contracts, _SAID_OF_A_CONTRACT)
        Contract.objects.bulk_create(self.new_contracts)
        rewrite(CollegePeriod, list(self.periods.values()), _DATES)
        CollegePeriod.objects.bulk_create(self.new_periods)


def settle_contract(
    rows: Rows, employee: int, known: Sequence[Contract], said: Mapping[str, Any], columns: Mapping[str, str]
) -> list[str]:
    """Take what a line says of the latest contract; what changes, in French.

    A day of hire after the end of the latest contract begins another one; any other corrects it.
    `columns` gives the extract's name of each attribute. Raises ContractsOverlap.
    """
    latest = known[-1] if known else None
    if latest is None or (latest.left_on is not None and said["hired_on"] > latest.left_on):
        rows.new_contracts.append(Contract(employee_id=employee, **said))
        return [f"nouveau contrat à partir du {said['hired_on']:%d/%m/%Y}"] if latest else []
    before = known[-2].left_on if len(known) > 1 else None
    if before is not None and said["hired_on"] <= before:
        raise ContractsOverlap(f"un contrat précédent court jusqu’au {before:%d/%m/%Y}.")
    different = [name for name in _SAID_OF_A_CONTRACT if getattr(latest, name) != said[name]]
    told = [change(columns[name], getattr(latest, name), said[name]) for name in different]
    for name in different:
        setattr(latest, name, said[name])
    if different:
        rows.contracts.append(latest)
    return told


def settle_college(
    rows: Rows,
    employee: int,
    known: Sequence[CollegePeriod],
    college: College,
    *,
    hired_on: dt.date,
    today: dt.date,
) -> list[str]:
    """Take the collège that a line names; what changes, in French.

    The first one holds since the day of hire; another one begins today and closes the one before. What
    began today or is still to begin is merely corrected.
    """
    if not known:
        rows.new_periods.append(CollegePeriod(employee_id=employee, college=college, starts_on=hired_on))
        return []
    first, last = known[0], known[-1]
    if hired_on < first.starts_on:
        first.starts_on = hired_on
        rows.periods[first.pk] = first
    if last.college == college:
        return []
    told = change("college", College(last.college).name, college.name)
    rows.periods[last.pk] = last
    if last.starts_on >= today:
        last.college = college
    else:
        last.ends_on = min(last.ends_on or dt.date.max, today - _DAY)
        rows.new_periods.append(CollegePeriod(employee_id=employee, college=college, starts_on=today))
    return [told]
