"""The rights matrix as a table of radios (product.md 6.1): what `pages/_matrix.html` shows.

It knows levels, rows and collèges, and nothing of who holds what: the caller says what may be chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from portal.access.features import Feature, Group, all_features
from portal.access.levels import Access, College

PREFIX = "droit."
MARKED = 5  # beyond that many rows, that they differ from a profile is said once
Choices = Mapping[tuple[str, College | None], Access]
"""What is chosen, as the form sends it: a row as a whole (None), or one collège of it."""
LevelOf = Callable[[Feature, College], Access]


def field_name(code: str, college: College | None) -> str:
    """The name of a radio group."""
    return f"{PREFIX}{code}.{college.value}" if college else f"{PREFIX}{code}"


@dataclass(frozen=True)
class Option:
    """One radio, or the place of a level that is not offered there."""

    level: Access
    id: str
    checked: bool
    offered: bool


@dataclass(frozen=True)
class Cell:
    """One radio group: a whole row, or one collège of it. Without options it was not received."""

    name: str
    college: College | None
    options: tuple[Option, ...]
    of_profile: Access | None = None
    counts: bool = True  # False for a collège whose box is not ticked: kept, and not offered

    @property
    def available(self) -> bool:
        """Whether anything can be chosen there."""
        return bool(self.options)

    @property
    def chosen(self) -> Access:
        """The level chosen."""
        return max((option.level for option in self.options if option.checked), default=Access.NONE)

    @property
    def differs(self) -> bool:
        """Whether another level is chosen than the profile's."""
        return self.available and self.of_profile is not None and self.of_profile != self.chosen

    @property
    def levels(self) -> tuple[Access, ...]:
        """The levels offered."""
        return tuple(option.level for option in self.options if option.offered)


@dataclass(frozen=True)
class Row:
    """A feature: one cell over all columns, or one for each collège."""

    feature: Feature
    cells: tuple[Cell, ...]
    limits: str = ""  # what was received, where it is not the same for each collège

    @property
    def id(self) -> str:
        """What its radios are named by."""
        return "ligne-" + self.feature.code.replace(".", "-").replace("_", "-")

    @property
    def whole(self) -> bool:
        """Whether it has one radio group for the company or for every collège ticked."""
        return self.cells[0].college is None

    @property
    def available(self) -> bool:
        """Whether anything can be chosen in it."""
        return any(cell.available for cell in self.cells)


@dataclass(frozen=True)
class Section:
    """A group of the matrix."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class RightsTable:
    """The whole table."""

    sections: tuple[Section, ...]
    colleges: tuple[College, ...]  # its columns, when the collèges are told apart
    profile: str = ""
    said: str = ""  # what a button of a column's head just did
    locked: bool = False  # it shows what a role gives, and is not changed

    @property
    def cells(self) -> Iterator[Cell]:
        """The radio groups that it shows."""
        rows = (row for section in self.sections for row in section.rows)
        return (cell for row in rows for cell in row.cells if cell.available)

    @property
    def differing(self) -> int:
        """How many rows differ from the profile."""
        rows = (row for section in self.sections for row in section.rows)
        return 0 if self.locked else sum(any(cell.differs for cell in row.cells) for row in rows)

    @property
    def marked(self) -> bool:
        """Whether few enough rows differ for each to say so."""
        return not self.locked and self.differing <= MARKED

    @property
    def most_marked(self) -> int:
        """How many rows say so at most."""
        return MARKED

    @property
    def distinguished(self) -> bool:
        """Whether it has a column for each collège."""
        return bool(self.colleges)

    @property
    def levels(self) -> tuple[Access, ...]:
        """The three levels, in their order."""
        return tuple(Access)

    @property
    def columns(self) -> int:
        """How many columns there are beside the rows' names."""
        return len(self.colleges) or len(Access)


@dataclass(frozen=True)
class Filling:
    """What stands in the table: what may be chosen, what is, and what a profile says."""

    offered: LevelOf
    choices: Choices
    ticked: Collection[College] = tuple(College)
    profile: LevelOf | None = None
    profile_name: str = ""
    distinguished: bool = False
    locked: bool = False

    def highest(self, feature: Feature, college: College | None) -> Access:
        """The highest level that may be chosen in a cell."""
        return highest(self.offered, feature, college)

    def of_profile(self, feature: Feature, college: College | None) -> Access | None:
        """What the profile says of a cell, as far as it is offered."""
        if self.profile is None:
            return None
        kept = [college] if college else ([one for one in College if one in self.ticked] or list(College))
        says = [self.profile(feature, one) for one in (kept if feature.per_college else College)]
        return min(max(says), self.highest(feature, college))

    def chosen(self, feature: Feature, college: College | None) -> Access:
        """What is chosen, never shown above what is offered."""
        return min(self.choices.get((feature.code, college), Access.NONE), self.highest(feature, college))


def highest(offered: LevelOf, feature: Feature, college: College | None) -> Access:
    """The highest level offered in a cell; in a whole row, that of the collège that has most."""
    return max(offered(feature, one) for one in ([college] if college else College))


def table(filling: Filling, *, said: str = "") -> RightsTable:
    """The table of a filling, group by group."""
    sections = []
    for group in Group:
        rows = tuple(_row(feature, filling) for feature in all_features() if feature.group is group)
        if rows:
            sections.append(Section(group.value, rows))
    colleges = tuple(College) if filling.distinguished else ()
    return RightsTable(tuple(sections), colleges, filling.profile_name, said, filling.locked)


def _row(feature: Feature, filling: Filling) -> Row:
    apart = filling.distinguished and feature.per_college
    columns: list[College | None] = list(College) if apart else [None]
    cells = tuple(_cell(feature, college, filling) for college in columns)
    return Row(feature, cells, "" if apart else _limits(feature, filling))


def _cell(feature: Feature, college: College | None, filling: Filling) -> Cell:
    limit = filling.highest(feature, college)
    name = field_name(feature.code, college)
    if limit is Access.NONE:
        return Cell(name, college, ())
    chosen = filling.chosen(feature, college)
    base = name.replace(".", "-").replace("_", "-")
    options = tuple(Option(level, f"{base}-{level}", level == chosen, level <= limit) for level in Access)
    counts = college is None or college in filling.ticked
    return Cell(name, college, options, filling.of_profile(feature, college), counts)


def _limits(feature: Feature, filling: Filling) -> str:
    levels = {college: filling.offered(feature, college) for college in College}
    if not feature.per_college or len(set(levels.values())) == 1:
        return ""
    return ", ".join(f"{college.label} {level.label}" for college, level in levels.items() if level)
