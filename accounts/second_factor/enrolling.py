"""A key offered to an app and not confirmed yet: the page bears it sealed, nothing is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from portal import tokens
from portal.second_factor import seeds

PURPOSE = "second-factor.offer"
LIVES = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Offer:
    """A key, and how the page's form bears it: encrypted, for that person only."""

    seed: bytes
    sealed: str

    @classmethod
    def new(cls, user: User) -> Offer:
        """Another key."""
        seed = seeds.draw()
        return cls(seed, tokens.make(PURPOSE, user.pk, seeds.sealed(seed)))

    @classmethod
    def read(cls, sealed: str, user: User) -> Offer | None:
        """The key that a page bore; None when it was made for another, too long ago, or not by us."""
        try:
            whose, kept = tokens.read(PURPOSE, sealed, max_age=LIVES)
            if whose != user.pk:
                return None
            return cls(seeds.opened(str(kept)), sealed)
        except (tokens.Expired, tokens.Forged, seeds.Lost, ValueError):
            return None
