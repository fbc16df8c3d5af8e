"""Between the radios of the form and a matrix (product.md 6.1): read, filled, set whole, told apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from delegations.matrix import RightsMatrix
from portal.access.features import Feature, all_features
from portal.access.levels import Access, College
from portal.access.rights_table import Choices, field_name, highest


class UnknownLevel(ValueError):
    """A radio came back with what it never offered."""


def groups(*, distinguished: bool) -> list[tuple[Feature, College | None]]:
    """The radio groups of the table, in its order."""
    return [
        (feature, college)
        for feature in all_features()
        for college in (College if distinguished and feature.per_college else [None])
    ]


def read(data: Mapping[str, str]) -> dict[tuple[str, College | None], Access]:
    """What the radios of both tables say; a group that was not sent says nothing. Raises UnknownLevel."""
    found = {}
    for distinguished in (False, True):
        for feature, college in groups(distinguished=distinguished):
            value = data.get(field_name(feature.code, college))
            if value is not None:
                found[feature.code, college] = _level(value, feature)
    return found


def _level(value: str, feature: Feature) -> Access:
    level = {str(one.value): one for one in Access}.get(value)
    if level is None or level > feature.highest:
        raise UnknownLevel(f"{feature.code} cannot be {value!r}")
    return level


def of_matrix(matrix: RightsMatrix, *, distinguished: bool) -> dict[tuple[str, College | None], Access]:
    """The radios that show a matrix; a whole row shows the highest level of its collèges."""
    return {
        (feature.code, college): highest(matrix.level, feature, college)
        for feature, college in groups(distinguished=distinguished)
    }


def matrix_of(
    choices: Choices, colleges: Collection[College], offered: RightsMatrix, *, distinguished: bool
) -> RightsMatrix:
    """The matrix that the radios ask for, for the collèges ticked.

    A whole row is given to each collège as far as it is offered there; what is above all that is
    offered stays in, for `terms.check` to refuse.
    """
    levels: dict[tuple[str, College | None], Access] = {}
    for feature, college in groups(distinguished=distinguished):
        asked = choices.get((feature.code, college), Access.NONE)
        if not feature.per_college or college is not None:
            if college is None or college in colleges:
                levels[feature.code, college] = asked
            continue
        forged = asked > highest(offered.level, feature, None)
        for one in colleges:
            levels[feature.code, one] = asked if forged else min(asked, offered.level(feature, one))
    return RightsMatrix.of(levels)


def told_apart(choices: Choices, *, distinguished: bool) -> dict[tuple[str, College | None], Access]:
    """The same choices in the other table: each collège takes the row's level, or the row the highest."""
    found = {}
    for feature, college in groups(distinguished=distinguished):
        from_row = college is not None or not feature.per_college
        known = [None] if from_row else list(College)
        found[feature.code, college] = max(choices.get((feature.code, one), Access.NONE) for one in known)
    return found


def all_at(
    choices: Choices, level: Access, college: College | None, offered: RightsMatrix, *, distinguished: bool
) -> tuple[dict[tuple[str, College | None], Access], str]:
    """A whole column set, as far as each row offers it; and what that did, in words."""
    found, moved = dict(choices), dict.fromkeys(Access, 0)
    for feature, column in groups(distinguished=distinguished):
        limit = highest(offered.level, feature, column)
        if column is not college or limit is Access.NONE:
            continue
        new = min(level, limit)
        if new != choices.get((feature.code, column), Access.NONE):
            moved[new] += 1
        found[feature.code, column] = new
    return found, said(moved)


def said(moved: Mapping[Access, int]) -> str:
    """« 12 droits passés à Consultation, non enregistrés »."""
    parts = [(count, level.label) for level, count in sorted(moved.items(), reverse=True) if count]
    if not parts:
        return "Aucun droit n’a changé."
    (first, label), *others = parts
    told = f"{first} droit{'s' if first > 1 else ''} passé{'s' if first > 1 else ''} à {label}"
    told += "".join(f", {count} à {label}" for count, label in others)
    return f"{told}, non enregistré{'s' if sum(count for count, _ in parts) > 1 else ''}"
