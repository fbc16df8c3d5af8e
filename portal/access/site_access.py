"""A person's rights on one site today: what `request.access` is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from portal.access import features
from portal.access.levels import Access, College, Rule

WRITE = Access.WRITE  # looked up once: this is asked several times a page


class SiteLike(Protocol):
    """What the portal needs to know of a site, without knowing the app that keeps it."""

    pk: int
    cibtp_id: str


@dataclass(frozen=True, slots=True)
class SiteAccess:
    """Rights as two bit fields (one bit per feature and collège); writing implies reading."""

    site: SiteLike
    administers: bool
    read_bits: int
    write_bits: int
    elsewhere: bool = False  # whether the person holds rights on another site too
    gives_for_firm: bool = False  # whether he passes on, within his firm, what it holds here

    def allows(self, code: str, level: Access = Access.READ, college: College | None = None) -> bool:
        """Whether the right is held: for that collège, or for one at least when none is named.

        Raises UnknownFeature for a code that no app registered.
        """
        return self.holds(features.get(code), level, college)

    def holds(self, feature: features.Feature, level: Access, college: College | None = None) -> bool:
        """The same for a feature in hand."""
        if not level:
            return True
        bits = self.write_bits if level == WRITE else self.read_bits
        return bits & (feature.mask if college is None else feature.cell(college)) != 0

    def colleges(self, code: str, level: Access = Access.READ) -> frozenset[College]:
        """The collèges for which the right is held."""
        return frozenset(college for college in College if self.allows(code, level, college))

    def meets(self, rule: Rule | str, level: Access = Access.READ) -> bool:
        """Whether a page's rule is met: a feature's code with a level, or one of `Rule`."""
        if rule is Rule.MEMBER:
            return True
        if rule is Rule.ADMINISTRATION:
            return self.administers or self.gives_for_firm
        if rule is Rule.COMPANY:
            return self.administers
        return self.allows(rule, level) if isinstance(rule, str) else False
