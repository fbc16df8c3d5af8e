"""Rights told in sentences: « Mise à jour de Mon planning accordée pour ETAM » (product.md 6.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from delegations.matrix import RightsMatrix
from portal.access.features import Feature, all_features
from portal.access.levels import Access, College


@dataclass(frozen=True)
class LevelChange:
    """One row's change of level, for the collèges that change alike; none named for a row that has none."""

    feature: Feature
    before: Access
    after: Access
    colleges: tuple[College, ...]

    @property
    def where(self) -> str:
        """`Ouvrier et ETAM`, or nothing for the company as a whole or every collège."""
        whole = not self.feature.per_college or len(self.colleges) == len(College)
        return "" if whole else " et ".join(college.label for college in self.colleges)

    @property
    def named(self) -> str:
        """The row, and the collèges in brackets: `Gérer mes salariés (ETAM)`."""
        return f"{self.feature.label} ({self.where})" if self.where else self.feature.label

    def compared(self) -> str:
        """« Gérer mes salariés (ETAM) : Mise à jour → Aucun droit »."""
        return f"{self.named}\u00a0: {self.before.label} → {self.after.label}"

    def given(self) -> str:
        """« Gérer mes salariés (ETAM) : Mise à jour », where nothing was held before."""
        return f"{self.named}\u00a0: {self.after.label}"

    def sentence(self) -> str:
        """« Mise à jour de Gérer mes salariés accordée pour ETAM »."""
        told, verb = (self.after, "accordée") if self.after > self.before else (self.before, "retirée")
        stays = f", {self.after.label} conservée" if verb == "retirée" and self.after else ""
        return f"{told.label} de {self.feature.label} {verb}" + (
            f" pour {self.where}{stays}" if self.where else stays
        )


def changes(before: RightsMatrix, after: RightsMatrix) -> list[LevelChange]:
    """What differs between two matrices, in the order of the matrix; nothing for what stays."""
    found = []
    for feature in all_features():
        alike: dict[tuple[Access, Access], list[College]] = {}
        for college in College:
            levels = before.level(feature, college), after.level(feature, college)
            if levels[0] != levels[1]:
                alike.setdefault(levels, []).append(college)
        found += [LevelChange(feature, *levels, tuple(where)) for levels, where in alike.items()]
    return found


def told(found: Iterable[LevelChange]) -> str:
    """The sentences of some changes, in one line."""
    return "\u00a0; ".join(change.sentence() for change in found)


def kept(found: Iterable[LevelChange]) -> tuple[dict[str, str], dict[str, str]]:
    """The same as two mappings, before and after, as the journal keeps them."""
    before, after = {}, {}
    for change in found:
        before[change.named], after[change.named] = change.before.label, change.after.label
    return before, after


def held(matrix: RightsMatrix) -> list[tuple[str, str]]:
    """What a matrix gives, a line for each group: its name, and its rows under their levels.

    « Mes salariés », « Mise à jour : Gérer mes salariés (ETAM) ; Consultation : Mon planning ».
    """
    groups: dict[str, dict[Access, list[str]]] = {}
    for change in changes(RightsMatrix(), matrix):
        rows = groups.setdefault(change.feature.group.value, {})
        rows.setdefault(change.after, []).append(change.named)
    return [
        (
            group,
            "\u00a0; ".join(
                f"{level.label}\u00a0: {', '.join(rows)}"
                for level, rows in sorted(levels.items(), reverse=True)
            ),
        )
        for group, levels in groups.items()
    ]
