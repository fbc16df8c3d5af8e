"""The rights matrix: an immutable value, (feature, collège) → none, read or write."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.access.features import Feature, all_features, get
from portal.access.levels import Access, College


class LevelNotAllowed(ValueError):
    """A row was given a level that it does not offer, or a collège of a row that has none."""


@dataclass(frozen=True, slots=True)
class RightsMatrix:
    """Two bit fields, one bit per cell; writing implies reading."""

    read_bits: int = 0
    write_bits: int = 0

    def __post_init__(self) -> None:
        if self.write_bits & ~self.read_bits:
            raise LevelNotAllowed("a cell may be written without being read")

    @classmethod
    def of(cls, levels: Mapping[tuple[str, College | None], Access]) -> RightsMatrix:
        """The matrix of given cells; None as collège sets the whole row.

        Raises UnknownFeature, and LevelNotAllowed for what the row does not offer.
        """
        read = write = 0
        for (code, college), level in levels.items():
            feature = get(code)
            if level > feature.highest or (college is not None and not feature.per_college):
                raise LevelNotAllowed(f"{code} cannot be {level.name} for {college}")
            bits = feature.mask if college is None else feature.cell(college)
            read |= bits if level >= Access.READ else 0
            write |= bits if level is Access.WRITE else 0
        return cls(read, write)

    def level(self, feature: Feature, college: College) -> Access:
        """The level of one cell."""
        cell = feature.cell(college)
        return (
            Access.WRITE if self.write_bits & cell else Access.READ if self.read_bits & cell else Access.NONE
        )

    def meet(self, other: RightsMatrix) -> RightsMatrix:
        """What both allow (∩)."""
        return RightsMatrix(self.read_bits & other.read_bits, self.write_bits & other.write_bits)

    def join(self, other: RightsMatrix) -> RightsMatrix:
        """What one or the other allows (∪): a person's delegations on both sides of a site."""
        return RightsMatrix(self.read_bits | other.read_bits, self.write_bits | other.write_bits)

    def restricted_to(self, colleges: Collection[College]) -> RightsMatrix:
        """The same for those collèges only; rows that do not vary by collège stay whole."""
        kept = 0
        for feature in all_features():
            cells = (feature.cell(college) for college in colleges)
            kept |= sum(cells) if feature.per_college else feature.mask
        return RightsMatrix(self.read_bits & kept, self.write_bits & kept)

    def colleges(self) -> frozenset[College]:
        """The collèges for which a row that varies by collège is held."""
        rows = [feature for feature in all_features() if feature.per_college]
        return frozenset(
            college for college in College if any(self.read_bits & row.cell(college) for row in rows)
        )

    def distinguishes(self) -> bool:
        """Whether a row has two different levels among the collèges for which any row is held."""
        colleges = self.colleges()
        rows = [feature for feature in all_features() if feature.per_college]
        return any(len({self.level(row, college) for college in colleges}) > 1 for row in rows)

    def cells(self) -> Iterator[tuple[Feature, College, Access]]:
        """Every cell with its level, in the order of the matrix."""
        for feature in all_features():
            for college in College:
                yield feature, college, self.level(feature, college)

    def __le__(self, other: RightsMatrix) -> bool:
        """Whether the other allows everything that this one allows: nothing was widened."""
        return not (self.read_bits & ~other.read_bits or self.write_bits & ~other.write_bits)

    def __bool__(self) -> bool:
        return bool(self.read_bits)

    def read_only(self) -> RightsMatrix:
        """The same without any writing: a closed site."""
        return RightsMatrix(self.read_bits, 0)


@lru_cache(maxsize=4)
def _everything(rows: tuple[Feature, ...]) -> RightsMatrix:
    return RightsMatrix.of({(feature.code, None): feature.highest for feature in rows})


def everything() -> RightsMatrix:
    """The highest level that each row allows: what an Administrateur holds."""
    return _everything(all_features())
