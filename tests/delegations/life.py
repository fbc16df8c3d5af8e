"""Lives of delegations, drawn at random and led twice: by the portal, and by the oracle."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from delegations import accepting, changing, closing, confirming, ends, giving
from delegations.administrators import kept_by_one_alone
from delegations.models import Delegation
from portal.origin import COMMAND
from tests.delegations.agreement import PEOPLE, SITES
from tests.delegations.draws import ADDRESSES, PROFILES, RATHER, ROLES, SIDES
from tests.delegations.led_twice import PARIS, LedTwice, terms
from tests.delegations.oracle import No, Right, Wish


class Life(LedTwice):
    """Each rule asks the portal and the oracle the same act; what they say must agree."""

    @initialize(
        depth=st.sampled_from([5, 4, 3, 5, 4, 5, 2, 1, 0]),
        last=st.sampled_from([None, 2, 40]),
        held=st.sampled_from(PROFILES[:3]),
    )
    def begin(self, depth: int, last: int | None, held: dict[tuple[str, str], int]) -> None:
        """A site opened; for most lives a firm that holds it already, and somebody in the firm."""
        self.named("north", "anne")
        if depth == 0:
            return
        day = self.oracle.day
        ends = day + dt.timedelta(days=last) if last else None
        self.invite("anne", ["north"], "company", ADDRESSES[2], Wish("head", held, day, ends))
        if depth > 1:
            self.take(max(self.offers), "carole")
        if depth > 2:
            number = max(self.oracle.rights)
            self.replied("anne", self.oracle.rights[number], confirmed=True)
        for place, role in enumerate(["deputy", "user"][: max(0, depth - 3)]):
            self.invite("carole", ["north"], "firm", ADDRESSES[3 + place], Wish(role, held, day, None))
            self.take(max(self.offers), PEOPLE[3 + place])

    @rule(site=st.sampled_from(SITES), data=st.data())
    def somebody_proves_two_letters(self, site: str, data: Any) -> None:
        self.named(site, data.draw(st.sampled_from([n for n in PEOPLE if n not in self.oracle.disabled])))

    def named(self, site: str, who: str) -> None:
        def act() -> Any:
            return giving.name_administrator(site=self.sites[site], user=self.people[who], origin=COMMAND)

        self.both(act, lambda made: self.oracle.open_site(site, who, made.pk))

    @rule(
        site=st.sampled_from(SITES),
        side=st.sampled_from(SIDES),
        to=st.sampled_from(ADDRESSES),
        data=st.data(),
    )
    def give(self, site: str, side: str, to: str, data: Any) -> None:
        roles = ["user", "administrator", "head"] if side == "company" else ["user", "deputy"]
        if not data.draw(RATHER):
            roles = ROLES
        firms = [right for right in self.oracle.on(site, "firm") if right.above is None and side == "firm"]
        wish = self.wish(data, roles, firms[0] if firms else None)
        self.invite(self.somebody(data, *self.givers(site, side)), [site], side, to, wish)

    @rule(side=st.sampled_from(SIDES), to=st.sampled_from(ADDRESSES), data=st.data())
    def give_on_several_sites(self, side: str, to: str, data: Any) -> None:
        givers = [name for site in SITES for name in self.givers(site, side)]
        sites = sorted(data.draw(st.sets(st.sampled_from(SITES), min_size=2)))
        self.invite(self.somebody(data, *givers), sites, side, to, self.wish(data, ROLES, None))

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def accept(self, data: Any) -> None:
        offer = data.draw(st.sampled_from(self.waiting()))
        address = self.offers[offer].email
        meant = [name for name, own in self.oracle.addresses.items() if own == address]
        self.take(offer, self.somebody(data, *meant))

    def take(self, offer: int, who: str) -> None:
        invitation = self.offers[offer]
        self.both(
            lambda: accepting.accept(invitation=invitation, person=self.people[who], origin=COMMAND),
            lambda _: self.oracle.accept(offer, invitation.email, who),
        )

    @precondition(lambda self: self.offers)
    @rule(who=st.sampled_from(PEOPLE), data=st.data())
    def follow_any_link(self, who: str, data: Any) -> None:
        self.take(data.draw(st.sampled_from(list(self.offers))), who)

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def decline(self, data: Any) -> None:
        offer = data.draw(st.sampled_from(self.waiting()))
        self.both(
            lambda: accepting.decline(invitation=self.offers[offer], origin=COMMAND),
            lambda _: self.oracle.decline(offer),
        )

    @precondition(lambda self: any(right.side == "firm" for right in self.oracle.rights.values()))
    @rule(confirmed=st.sampled_from([True, True, False]), data=st.data())
    def answer_the_firm(self, confirmed: bool, data: Any) -> None:
        firms = [right for right in self.oracle.rights.values() if right.side == "firm"]
        waiting = [right for right in firms if right.status(self.oracle.day) == "to_confirm"]
        right = data.draw(st.sampled_from(waiting if waiting and data.draw(RATHER) else firms))
        self.replied(self.somebody(data, *self.givers(right.site, "company")), right, confirmed=confirmed)

    def replied(self, who: str, right: Right, *, confirmed: bool) -> None:
        place, person = self.sites[right.site], self.people[who]
        self.both(
            lambda: confirming.answer(
                person=person, site=place, number=right.number, confirmed=confirmed, origin=COMMAND
            ),
            lambda _: self.oracle.answer(who, right.site, right.number, confirmed=confirmed) or 1,
        )

    def list_of(self, data: Any, right: Right) -> tuple[str, str, str]:
        """Somebody, a site and a side: mostly those from which the right can be changed."""
        site, side = right.site, "firm" if right.above else "company"
        if not data.draw(RATHER):
            site, side = data.draw(st.sampled_from(SITES)), data.draw(st.sampled_from(SIDES))
        return self.somebody(data, *self.others(right)), site, side

    @precondition(lambda self: self.meant())
    @rule(data=st.data())
    def change(self, data: Any) -> None:
        self.changed(data, data.draw(st.sampled_from(self.meant())))

    @precondition(lambda self: [right for right in self.meant() if right.wish.role == "head"])
    @rule(data=st.data())
    def narrow_or_widen_a_firm(self, data: Any) -> None:
        firms = [right for right in self.meant() if right.wish.role == "head"]
        self.changed(data, data.draw(st.sampled_from(firms)))

    @rule(data=st.data(), stale=st.booleans())
    def change_anything(self, data: Any, stale: bool) -> None:
        self.changed(data, self.any_right(data), stale=stale)

    def changed(self, data: Any, right: Right, *, stale: bool = False) -> None:
        who, site, side = self.list_of(data, right)
        roles = [right.wish.role] if data.draw(RATHER) else ROLES
        wish = self.wish(data, roles, right.above, right)
        version = Delegation.objects.values_list("version", flat=True).get(pk=right.number) - stale
        facts = {"terms": terms(wish), "version": version, "number": right.number, "origin": COMMAND}
        self.both(
            lambda: changing.change(person=self.people[who], site=self.sites[site], side=side, **facts),
            lambda _: self.oracle.change(who, site, side, right.number, wish, stale=stale),
        )

    @precondition(lambda self: self.meant())
    @rule(data=st.data())
    def close(self, data: Any) -> None:
        self.closed(data, data.draw(st.sampled_from(self.meant())))

    @rule(data=st.data())
    def close_anything(self, data: Any) -> None:
        self.closed(data, self.any_right(data))

    def closed(self, data: Any, right: Right) -> None:
        who, site, side = self.list_of(data, right)
        facts = {"person": self.people[who], "number": right.number, "origin": COMMAND}
        self.both(
            lambda: closing.close(site=self.sites[site], side=side, **facts),
            lambda _: self.oracle.close(who, site, side, right.number),
        )

    @rule(data=st.data())
    def renounce(self, data: Any) -> None:
        right = self.any_right(data)
        who = self.somebody(data, right.holder)
        facts = {"person": self.people[who], "number": right.number, "origin": COMMAND}
        self.both(
            lambda: closing.renounce(site=self.sites[right.site], **facts),
            lambda _: self.oracle.renounce(who, right.site, right.number),
        )

    @rule(who=st.sampled_from(PEOPLE))
    def staff_disable_or_enable_an_account(self, who: str) -> None:
        person = self.people[who]
        if who in self.oracle.disabled:
            self.oracle.disabled.remove(who)
            person.is_active = True
        else:
            kept = kept_by_one_alone(person).exists()
            try:
                self.oracle.disable(who)
            except No:
                assert kept
                return
            assert not kept
            person.is_active = False
        person.save(update_fields=["is_active"])

    @rule(who=st.sampled_from(PEOPLE), data=st.data())
    def somebody_changes_his_address(self, who: str, data: Any) -> None:
        free = [one for one in ADDRESSES if one not in self.oracle.addresses.values()]
        person = self.people[who]
        person.email = self.oracle.addresses[who] = data.draw(st.sampled_from(free))
        person.save(update_fields=["email"])

    @rule(site=st.sampled_from(SITES))
    def ends_are_recorded(self, site: str) -> None:
        """Whether or not this ever runs must not matter."""
        ends.record_ends_of(self.sites[site])

    @rule()
    def the_night_task_runs(self) -> None:
        ends.record_ends()
        ends.warn()
        ends.remind()

    @rule(days=st.sampled_from([1, 1, 1, 2, 3, 7, 30, 31]))
    def days_pass(self, days: int) -> None:
        self.move_to(self.instant + dt.timedelta(days=days))

    @rule(seconds=st.sampled_from([-1, 0]))
    def midnight_comes(self, seconds: int) -> None:
        """The last second of the day, then the first of the next."""
        if seconds:
            self.move_to(dt.datetime.combine(self.oracle.day, dt.time(23, 59, 59), PARIS))
        else:
            self.move_to(dt.datetime.combine(self.oracle.day + dt.timedelta(days=1), dt.time(), PARIS))

    def move_to(self, instant: dt.datetime) -> None:
        self.instant = max(instant, self.instant)
        self.traveller.move_to(self.instant)
        self.oracle.day = self.instant.date()
