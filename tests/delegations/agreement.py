"""What must hold after every step of a life: whatever the portal is asked, it answers as the oracle."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

from django.db.models import DateField
from hypothesis.stateful import RuleBasedStateMachine, invariant

from delegations import choice
from delegations.deciding import access_of, administrators_of, columns
from delegations.models import Delegation, Outcome
from portal import clock
from portal.access import features
from portal.access.levels import Access, College
from portal.journal.models import Entry
from portal.prepared import Blank, Prepared
from tests.delegations.oracle import COLLEGES, NONE, READ, ROWS, WRITE, No, Oracle

SITES = ("north", "south", "other")
PEOPLE = ("anne", "bruno", "carole", "denis", "elsa", "fatou")
BITS = {
    (row["code"], college): features.get(row["code"]).cell(College(college))
    for row in ROWS
    for college in COLLEGES
}


def bits(wanted: dict[tuple[str, str], int]) -> tuple[int, int]:
    """The two bit fields of some levels of the oracle."""
    return tuple(
        sum(BITS[cell] for cell, level in wanted.items() if level >= least) for least in (READ, WRITE)
    )


# --- what every step asks of the database, compiled once -------------------------------------------

DAY = Blank("day", DateField())
EVERY = Prepared(
    lambda: (
        Delegation.objects.with_status(DAY)
        .with_last_day()
        .values_list(*columns(Delegation), "status", "shown_last_day")
    )
)
OPEN = Prepared(lambda: Delegation.objects.open(DAY).values_list("pk"))
COUNTED = Prepared(
    lambda: Delegation.objects.administrators(DAY).filter(ends_on=None).order_by().values_list("site_id")
)


ENDS = Entry.objects.filter(action="rights.expired")  # written by whoever comes by first
ACTS = Entry.objects.exclude(action="rights.expired")


def read(row: tuple) -> Any:
    """A delegation with what the query annotated."""
    delegation = Delegation.from_db("default", columns(Delegation), row[:-2])
    delegation.status, delegation.shown_last_day = row[-2:]
    return delegation


class Agreement(RuleBasedStateMachine):
    """The portal and the oracle side by side, compared after each step."""

    sites: dict[str, Any]
    people: dict[str, Any]
    oracle: Oracle
    ends: int  # how many ends the journal held before

    def givers(self, site: str, side: str) -> list[str]:
        found = []
        for name in PEOPLE:
            try:
                self.oracle.gives(name, site, side)
            except No:
                continue
            found.append(name)
        return found

    # --- what holds after every step ------------------------------------------------------------

    @invariant()
    def every_answer_is_the_oracles(self) -> None:
        for name, person in self.people.items():
            opened, known = 0, {right.site for right in self.oracle.rights.values() if right.holder == name}
            for site in known | {random.choice(SITES)}:
                place = self.sites[site]
                wanted, found = self.oracle.access(name, site), access_of(person, place.cibtp_id)
                opened += found is not None
                assert (found is None) == (wanted is None), f"{name} on {site}"
                if found is None or wanted is None:
                    continue
                assert (found.read_bits, found.write_bits) == bits(wanted), f"{name} on {site}"
                assert found.administers == (name in self.givers(site, "company"))
                assert found.gives_for_firm == (name in self.givers(site, "firm"))
            assert choice.count_of(person) == opened

    @invariant()
    def a_question_asked_through_the_backend_is_answered_alike(self) -> None:
        who, site = random.choice(PEOPLE), random.choice(SITES)
        row, college = random.choice(ROWS), random.choice(COLLEGES)
        held = self.oracle.access(who, site) or {}
        place, person, feature = self.sites[site], self.people[who], features.get(row["code"])
        of_the_site = max(held.get((row["code"], one), NONE) for one in COLLEGES)
        of_the_object = held.get((row["code"], college), NONE)
        thing = SimpleNamespace(site=place, college=college)
        for level in (Access.READ, Access.WRITE):
            asked = feature.permission(level)
            assert person.has_perm(asked, place) == (of_the_site >= level)
            assert person.has_perm(asked, thing) == (of_the_object >= level)

    @invariant()
    def every_status_and_last_day_is_the_oracles(self) -> None:
        rows = {row.pk: row for row in map(read, EVERY.rows(day=clock.today()))}
        for row in rows.values():
            row.parent = rows.get(row.parent_id)
        assert rows.keys() == self.oracle.rights.keys()
        for number, row in rows.items():
            wanted = self.oracle.rights[number]
            assert row.status == row.status_on() == wanted.status(self.oracle.day), wanted
            assert row.shown_last_day == row.last_day == wanted.last_day()
        still = {number for number, right in self.oracle.rights.items() if not right.over(self.oracle.day)}
        expired = [row for row in rows.values() if row.outcome == Outcome.EXPIRED]
        assert ENDS.count() - self.ends == len(expired)
        assert {row[0] for row in OPEN.rows(day=clock.today())} == still
        for row in rows.values():
            if row.parent:
                assert row.matrix <= row.parent.matrix
                assert row.parent.last_day is None or row.last_day <= row.parent.last_day

    @invariant()
    def every_opened_site_counts_an_administrator(self) -> None:
        counted = {row[0] for row in COUNTED.rows(day=clock.today())}
        assert counted == {self.sites[site].pk for site in self.oracle.opened}
        if random.random() > 0.2:  # dear: now and then
            return
        site = random.choice(SITES)
        named = {person.pk for person in administrators_of(self.sites[site])}
        assert named == {self.people[name].pk for name in self.givers(site, "company")}
