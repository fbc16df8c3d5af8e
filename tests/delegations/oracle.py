"""What the rights must be, told a second time from product.md 6.2 and 6.3: no code of the portal here.

Plain dictionaries of (feature, collège) → 0, 1 or 2, plain dates, no database. A verb changes the oracle
or raises `No`; everything else is asked of a day.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

COLLEGES = ("ouvrier", "etam", "cadre")
NONE, READ, WRITE = 0, 1, 2
ANSWER_DAYS = 30

_TEXT = (Path(__file__).parent.parent / "access" / "features.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(_TEXT.splitlines()))
TOP = {
    (row["code"], college): WRITE if row["writable"] == "yes" else READ
    for row in ROWS
    for college in COLLEGES
}
GIVING = {"company": {"administrator"}, "firm": {"head", "deputy"}}
OVER = {"refused", "closed", "expired"}
Levels = dict[tuple[str, str], int]


class No(Exception):
    """The rules refuse the act."""


def demand(true: object, why: str) -> None:
    """Refuse unless."""
    if not true:
        raise No(why)


@dataclass
class Wish:
    """What somebody wants to give."""

    role: str
    levels: Levels
    first: dt.date
    last: dt.date | None


@dataclass(eq=False)
class Right:
    """One line of the list of beneficiaries."""

    number: int
    site: str
    side: str
    address: str
    wish: Wish
    above: Right | None = None
    offer: int | None = None
    holder: str | None = None
    accepted: bool = False
    agreed: bool = False
    answer_by: dt.date | None = None
    ended: str = ""

    def last_day(self) -> dt.date | None:
        """The earlier of its own and its firm's."""
        lasts = [self.wish.last, self.above.wish.last if self.above else None]
        return min((day for day in lasts if day), default=None)

    def status(self, day: dt.date) -> str:
        """The first that is true."""
        last = self.last_day()
        late = self.answer_by is not None and not self.agreed and day > self.answer_by
        truths = {
            self.ended: bool(self.ended),
            "expired": late or (last is not None and day > last),
            "invited": not self.accepted,
            "to_confirm": not self.agreed,
            "coming": self.wish.first > day,
            "active": True,
        }
        return next(name for name, true in truths.items() if true)

    def over(self, day: dt.date) -> bool:
        """Whether nothing brings it back."""
        return self.status(day) in OVER

    def lives(self, day: dt.date) -> bool:
        """Whether it opens anything, the account apart."""
        return self.status(day) == "active" and (self.above is None or self.above.lives(day))

    def levels(self) -> Levels:
        """What was given ∩ what the firm still holds."""
        given = TOP if self.wish.role in {"administrator", "deputy"} else self.wish.levels
        ceiling = self.above.wish.levels if self.above else TOP
        return {cell: min(level, ceiling.get(cell, NONE)) for cell, level in given.items()}


@dataclass
class Oracle:
    """The whole caisse: who has an account, with which address, and every right ever given."""

    day: dt.date
    addresses: dict[str, str]
    firms: dict[str, str]  # site → the firm on the caisse's file
    disabled: set[str] = field(default_factory=set)
    rights: dict[int, Right] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)

    # --- asking ---------------------------------------------------------------------------------

    def on(self, site: str, side: str) -> list[Right]:
        """The rights of one side of a site that are not over."""
        found = [right for right in self.rights.values() if (right.site, right.side) == (site, side)]
        return [right for right in found if not right.over(self.day)]

    def held(self, person: str, site: str) -> list[Right]:
        """What opens the site to the person today."""
        if person in self.disabled:
            return []
        both = self.on(site, "company") + self.on(site, "firm")
        return [right for right in both if right.holder == person and right.lives(self.day)]

    def access(self, person: str, site: str) -> Levels | None:
        """Every level of a person, None where he has nothing to open the site with."""
        held = self.held(person, site)
        union: Levels = {}
        for right in held:
            for cell, level in right.levels().items():
                union[cell] = max(level, union.get(cell, NONE))
        return union if held else None

    def counted(self, site: str) -> list[Right]:
        """The Administrateurs that the site counts."""
        return [
            right
            for right in self.on(site, "company")
            if right.wish.role == "administrator"
            and right.lives(self.day)
            and right.wish.last is None
            and right.holder not in self.disabled
        ]

    def gives(self, person: str, site: str, side: str) -> Right:
        """The right by which the person gives there. Raises No."""
        for right in self.held(person, site):
            if right.side == side and right.wish.role in GIVING[side]:
                return right
        raise No("gives nothing there")

    # --- rules ----------------------------------------------------------------------------------

    def _firm_of(self, giver: Right) -> Right | None:
        return None if giver.side == "company" else giver.above or giver

    def _check(self, wish: Wish, firm: Right | None, former: Right | None = None) -> None:
        roles = {"user", "deputy"} if firm else {"user", "administrator", "head"}
        demand(wish.role in roles, "a role of the other side")
        if wish.role in {"user", "head"}:
            ceiling = firm.wish.levels if firm else TOP
            demand(any(wish.levels.values()), "nothing")
            for cell, level in wish.levels.items():
                demand(level <= ceiling.get(cell, NONE), "more than the firm holds")
        if former is None or wish.first != former.wish.first:
            demand(wish.first >= self.day, "begins in the past")
            if former is not None:
                demand(former.wish.first > self.day or not former.agreed, "has begun")
        if wish.last is not None:
            demand(wish.last >= wish.first and wish.last >= self.day, "ends in the past, or before it begins")
        if firm and firm.wish.last is not None:
            demand(wish.first <= firm.wish.last, "begins after the firm's last day")
            demand(wish.last is None or wish.last <= firm.wish.last, "longer than the firm")

    def _keep_one(self, leaving: Right) -> None:
        counted = self.counted(leaving.site)
        demand(leaving not in counted or len(counted) > 1, "the last Administrateur")

    def _listed(self, person: str, site: str, side: str, number: int) -> tuple[Right, Right | None]:
        """What the person may change or close there, and his firm. Raises No."""
        firm = self._firm_of(self.gives(person, site, side))
        right = self.rights[number]
        demand(right.site == site and right.above is firm, "not in his list")
        demand(not right.over(self.day), "over")
        own = right.holder == person or (not right.holder and right.address == self.addresses[person])
        demand(not own, "his own")
        return right, firm

    # --- verbs ----------------------------------------------------------------------------------

    def open_site(self, site: str, person: str, number: int) -> int:
        """Two letters make an Administrateur of whoever proved them; how many lines were written."""
        written = 1
        for right in self.on(site, "company"):
            if right.holder == person or (not right.holder and right.address == self.addresses[person]):
                right.ended = "closed"
                written += 1
        wish = Wish("administrator", {}, self.day, None)
        address = self.addresses[person]
        self.rights[number] = Right(
            number, site, "company", address, wish, holder=person, accepted=True, agreed=True
        )
        self.opened.add(site)
        return written

    def may_give(self, person: str, site: str, side: str, address: str, wish: Wish) -> Right | None:
        """The firm from which the gift would hang. Raises No."""
        firm = self._firm_of(self.gives(person, site, side))
        demand(address != self.addresses[person], "himself")
        self._check(wish, firm)
        to = "firm" if wish.role == "head" else side
        if wish.role == "head":
            demand(self.firms.get(site), "no firm on file")
            demand(not [right for right in self.on(site, "firm") if right.above is None], "a firm already")
        for right in self.on(site, to):
            demand((self.addresses[right.holder] if right.holder else right.address) != address, "already")
        return firm

    def give(self, person: str, site: str, side: str, address: str, wish: Wish, *, number: int, offer: int):
        """A line more, that waits for the person."""
        firm = self.may_give(person, site, side, address, wish)
        to = "firm" if wish.role == "head" else side
        self.rights[number] = Right(number, site, to, address, wish, above=firm, offer=offer)

    def waiting(self, offer: int) -> list[Right]:
        """What an invitation still offers."""
        offered = [right for right in self.rights.values() if right.offer == offer]
        return [right for right in offered if right.status(self.day) == "invited"]

    def accept(self, offer: int, address: str, person: str) -> int:
        """Take what waits, but where that side is held already; how many were taken."""
        demand(person not in self.disabled and self.addresses[person] == address, "another's invitation")
        taken = [
            right
            for right in self.waiting(offer)
            if all(other.holder != person for other in self.on(right.site, right.side))
        ]
        demand(taken, "nothing waits")
        for right in taken:
            right.holder, right.accepted = person, True
            if right.wish.role == "head":
                right.answer_by = self.day + dt.timedelta(days=ANSWER_DAYS)
            else:
                right.agreed = True
        return len(taken)

    def decline(self, offer: int) -> int:
        """Refuse all that waits; how many."""
        waiting = self.waiting(offer)
        demand(waiting, "nothing waits")
        for right in waiting:
            right.ended = "refused"
        return len(waiting)

    def answer(self, person: str, site: str, number: int, *, confirmed: bool) -> None:
        """The company's answer to its firm."""
        self.gives(person, site, "company")
        right = self.rights[number]
        demand(right.site == site and right.wish.role == "head", "not its firm")
        demand(right.status(self.day) == "to_confirm", "answered already")
        right.agreed = confirmed
        right.ended = "" if confirmed else "refused"

    def change(self, person: str, site: str, side: str, number: int, wish: Wish, *, stale: bool) -> bool:
        """Other levels, role or days, at once; whether anything changed."""
        right, firm = self._listed(person, site, side, number)
        demand(not stale, "changed meanwhile")
        demand((right.wish.role == "head") == (wish.role == "head"), "a firm stays a firm")
        below = [one for one in self.rights.values() if one.above is right and one.holder == person]
        demand(all(one.over(self.day) for one in below), "his own hangs from it")
        self._check(wish, firm, right)
        if (wish.role, wish.last, wish.first) != ("administrator", None, right.wish.first):
            self._keep_one(right)
        before, after = stored(right.wish), stored(wish)
        right.wish = wish
        return before != after

    def close(self, person: str, site: str, side: str, number: int) -> int:
        """End one and what hangs from it; how many."""
        right, _ = self._listed(person, site, side, number)
        return self._end(right)

    def renounce(self, person: str, site: str, number: int) -> int:
        """Give one's own back; how many ended."""
        right = self.rights[number]
        demand(right.holder == person and right.site == site, "another's")
        demand(not right.over(self.day), "over")
        return self._end(right)

    def _end(self, right: Right) -> int:
        self._keep_one(right)
        ended = [other for other in self.on(right.site, right.side) if other.above is right]
        for one in (right, *ended):
            one.ended = "closed"
        return 1 + len(ended)

    def disable(self, person: str) -> None:
        """Staff disable an account."""
        for site in self.opened:
            holders = {right.holder for right in self.counted(site)}
            demand(holders != {person}, "the last Administrateur")
        self.disabled.add(person)


def stored(wish: Wish) -> tuple:
    """What a line of the list holds: a role holds no levels of its own."""
    levels = wish.levels if wish.role in {"user", "head"} else {}
    return wish.role, {cell: level for cell, level in levels.items() if level}, wish.first, wish.last
