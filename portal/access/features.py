"""The registry of features: the rows of the rights matrix, each registered by its own app.

A feature's `slot` is its place in the stored bit fields: it is given once, never changed and never
used again for another feature.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from portal.access.levels import Access, College

CELLS = len(College)
LAST_SLOT = 20  # 21 features × 3 collèges = 63 bits of a signed 64-bit integer


class Group(Enum):
    """The groups of the matrix, in the order in which the page shows them."""

    COMPANY = "Mon espace adhérent"
    DECLARATIONS = "Mes déclarations"
    EMPLOYEES = "Mes salariés"
    BAD_WEATHER = "Chômage intempéries"
    DOCUMENTS = "Mes documents"


class UnknownFeature(LookupError):
    """A feature or permission was asked for that no app registered."""


class FeatureClash(ValueError):
    """Two features claim one code or one slot, or a slot lies outside the bit field."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of the matrix. A row that does not vary by collège holds for the whole company."""

    code: str  # "app.noun"
    label: str
    group: Group
    slot: int
    writable: bool
    per_college: bool

    @property
    def highest(self) -> Access:
        """The highest level that the row allows."""
        return Access.WRITE if self.writable else Access.READ

    @property
    def mask(self) -> int:
        """The row's three cells."""
        return 0b111 << (self.slot * CELLS)

    def cell(self, college: College) -> int:
        """The one bit of a collège in this row."""
        return 1 << (self.slot * CELLS + college.position)

    def permission(self, level: Access) -> str:
        """The name asked through Django's seam: `app.read_noun` or `app.write_noun`."""
        app, noun = self.code.split(".")
        return f"{app}.{_VERBS[level]}_{noun}"


_VERBS = {Access.READ: "read", Access.WRITE: "write"}
_by_code: dict[str, Feature] = {}
_by_permission: dict[str, tuple[Feature, Access]] = {}


def register(features: Iterable[Feature]) -> None:
    """Add an app's rows; registering the same row twice changes nothing. Raises FeatureClash."""
    for feature in features:
        if _by_code.get(feature.code) == feature:
            continue
        taken = {known.slot for known in _by_code.values()}
        if feature.code in _by_code or feature.slot in taken or not 0 <= feature.slot <= LAST_SLOT:
            raise FeatureClash(f"{feature.code} cannot take slot {feature.slot}")
        _by_code[feature.code] = feature
        for level in _VERBS:
            _by_permission[feature.permission(level)] = (feature, level)


def get(code: str) -> Feature:
    """The feature of that code. Raises UnknownFeature."""
    try:
        return _by_code[code]
    except KeyError:
        raise UnknownFeature(f"no app registered the feature {code!r}") from None


def all_features() -> tuple[Feature, ...]:
    """Every row, in the order of the matrix."""
    return tuple(sorted(_by_code.values(), key=lambda feature: feature.slot))


def asked_by(permission: str) -> tuple[Feature, Access] | None:
    """The feature and level behind a permission's name; None when it is none of ours."""
    return _by_permission.get(permission)
