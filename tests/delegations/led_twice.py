"""One act asked of the portal and of the oracle, and how an act that makes sense is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db import transaction
from hypothesis import strategies as st

from delegations import giving
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role
from delegations.refusals import Refused
from delegations.terms import Terms
from portal.origin import COMMAND
from tests.delegations.agreement import ACTS, ENDS, PEOPLE, SITES, Agreement, bits
from tests.delegations.draws import RATHER, days_from_today, last_days, levels
from tests.delegations.oracle import NONE, No, Oracle, Right, Wish
from tests.factories import AccountingFirmFactory, AdherentFactory, SiteFactory, UserFactory

PARIS = ZoneInfo("Europe/Paris")
BEGINNING = dt.datetime(2026, 3, 26, 15, tzinfo=PARIS)  # a clock change three nights later


def world() -> SimpleNamespace:
    """Two companies with a firm each, one of two sites; six people, whom the firms share out as they like."""
    first, second = (AdherentFactory(accounting_firm=AccountingFirmFactory()) for _ in range(2))
    sites = dict(zip(SITES, [SiteFactory(adherent=one) for one in (first, first, second)], strict=True))
    people = {name: UserFactory(email=f"{name}@exemple.fr") for name in PEOPLE}
    return SimpleNamespace(sites=sites, people=people)


def terms(wish: Wish) -> Terms:
    """The oracle's wish, as the portal's verbs take it."""
    return Terms(Role(wish.role), RightsMatrix(*bits(wish.levels)), wish.first, wish.last)


class LedTwice(Agreement):
    """A life asked of both, before anything is done in it."""

    world: Any = None  # made once, by the test

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.clock = time_machine.travel(BEGINNING, tick=False)
        self.traveller = self.clock.start()
        self.instant = BEGINNING
        self.sites, self.people = self.world.sites, self.world.people
        for name, person in self.people.items():
            person.email, person.is_active = f"{name}@exemple.fr", True
        addresses = {name: person.email for name, person in self.people.items()}
        firms = {site: site for site in SITES}
        self.oracle = Oracle(BEGINNING.date(), addresses, firms)
        self.entries, self.ends = ACTS.count(), ENDS.count()
        self.offers: dict[int, Any] = {}

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    # --- one act, twice -------------------------------------------------------------------------

    def both(self, portal: Callable[[], Any], oracle: Callable[[Any], Any]) -> Any:
        """The act done by both, or refused by both; one line of the journal for each change."""
        try:
            done, refusal = portal(), None
        except (Refused, Delegation.DoesNotExist) as error:
            done, refusal = None, error
        try:
            changed, no = oracle(done), None
        except No as error:
            changed, no = 0, error
        assert (refusal is None) == (no is None), f"the portal: {refusal!r}, the oracle: {no!r}"
        recorded = ACTS.count()
        assert recorded - self.entries == int(changed), f"{recorded - self.entries} lines for {changed}"
        self.entries = recorded
        return done

    def invite(self, who: str, sites: list[str], side: str, to: str, wish: Wish) -> None:
        person, places = self.people[who], [self.sites[site] for site in sites]
        facts = {"person": person, "side": side, "email": to, "terms": terms(wish), "origin": COMMAND}
        if len(sites) == 1:
            made = self.both(
                lambda: giving.give(site=places[0], **facts),
                lambda made: self.given(who, sites[0], side, to, wish, made) or 1,
            )
            self.offers |= {made.invitation_id: made.invitation} if made else {}
            return
        report = giving.give_on(sites=places, **facts)
        names = {self.sites[site].pk: site for site in sites}
        self.both(
            lambda: report,
            lambda report: sum(
                self.one_of_several(who, names[one.site.pk], side, to, wish, one) for one in report
            ),
        )
        self.offers |= {
            one.delegation.invitation_id: one.delegation.invitation for one in report if one.delegation
        }

    def one_of_several(self, who: str, site: str, side: str, to: str, wish: Wish, one: Any) -> int:
        try:
            self.given(who, site, side, to, wish, one.delegation)
        except No:
            assert one.delegation is None
            return 0
        return 1

    def given(self, who: str, site: str, side: str, to: str, wish: Wish, made: Any) -> None:
        if made is None:  # the oracle says why, or there is a fault
            self.oracle.may_give(who, site, side, to, wish)
            raise AssertionError(f"the portal refused {wish} on {site}")
        self.oracle.give(who, site, side, to, wish, number=made.pk, offer=made.invitation_id)

    # --- draws ----------------------------------------------------------------------------------

    def wish(self, data: Any, roles: list[str], above: Right | None, former: Right | None = None) -> Wish:
        """Mostly what can be given: within the firm's levels and days, without moving what began."""
        day, role, wanted = self.oracle.day, data.draw(st.sampled_from(roles)), data.draw(levels())
        first, last = day + dt.timedelta(days=data.draw(days_from_today)), data.draw(last_days)
        ends = day + dt.timedelta(days=last) if last is not None else None
        if above and data.draw(RATHER):
            wanted = {cell: min(level, above.wish.levels.get(cell, NONE)) for cell, level in wanted.items()}
            ends = min(ends, above.wish.last) if ends and above.wish.last else ends
        if former and data.draw(RATHER):
            first = former.wish.first
        return Wish(role, wanted, first, ends)

    def somebody(self, data: Any, *likely: str | None) -> str:
        """One of those for whom the act makes sense rather than anybody."""
        meant = [name for name in likely if name]
        return (
            data.draw(st.sampled_from(meant))
            if meant and data.draw(RATHER)
            else data.draw(st.sampled_from(PEOPLE))
        )

    def meant(self) -> list[Right]:
        """What is not over and somebody else can change."""
        rights = self.oracle.rights.values()
        return [right for right in rights if not right.over(self.oracle.day) and self.others(right)]

    def any_right(self, data: Any) -> Right:
        return data.draw(st.sampled_from(list(self.oracle.rights.values())))

    def others(self, right: Right) -> list[str]:
        """Who can change a right, without the person who holds it."""
        givers = self.givers(right.site, "firm" if right.above else "company")
        return [name for name in givers if name != right.holder]

    def waiting(self) -> list[int]:
        return [offer for offer in self.offers if self.oracle.waiting(offer)]
