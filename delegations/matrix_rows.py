"""A matrix as a page shows it without changing it: the rows held, group by group (product.md 6.1)."""

from __future__ import annotations

from dataclasses import dataclass

from delegations.matrix import RightsMatrix
from portal.access.features import Feature, Group, all_features
from portal.access.levels import Access, College


@dataclass(frozen=True)
class HeldRow:
    """A row that is held, with the level of each collège; one that has none holds for the company."""

    label: str
    per_college: bool
    levels: tuple[Access, ...]

    @property
    def level(self) -> Access:
        """The level, where the collèges do not differ."""
        return self.levels[0]

    @property
    def differs(self) -> bool:
        """Whether the collèges have different levels."""
        return len(set(self.levels)) > 1

    @classmethod
    def of(cls, matrix: RightsMatrix, feature: Feature) -> HeldRow:
        """The row of a feature."""
        levels = tuple(matrix.level(feature, college) for college in College)
        return cls(feature.label, feature.per_college, levels)


@dataclass(frozen=True)
class HeldGroup:
    """A group of rows."""

    label: str
    rows: list[HeldRow]


@dataclass(frozen=True)
class HeldMatrix:
    """What the table shows; the three collèges only where a row differs from one to another."""

    groups: list[HeldGroup]
    by_college: bool

    @property
    def colleges(self) -> list[str]:
        """The heads of the columns, when there are three."""
        return [college.label for college in College]


def held(matrix: RightsMatrix) -> HeldMatrix:
    """The rows of a matrix that give any right, in its order."""
    groups = []
    for group in Group:
        features = [feature for feature in all_features() if feature.group is group]
        rows = [HeldRow.of(matrix, feature) for feature in features if matrix.read_bits & feature.mask]
        if rows:
            groups.append(HeldGroup(group.value, rows))
    return HeldMatrix(groups, any(row.differs for group in groups for row in group.rows))
