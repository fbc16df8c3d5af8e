"""The table of rights in each of its states, with invented choices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from portal.access.features import Feature, Group, all_features
from portal.access.levels import Access, College
from portal.access.rights_table import Choices, Filling, LevelOf, table

LOCKED = "La case Administrateur est cochée\u00a0: le tableau montre ce qu’elle donne, et ne se modifie pas."
BOTH = {College.OUVRIER, College.ETAM}


def everything(feature: Feature, college: College) -> Access:
    """What an Administrateur may give."""
    return feature.highest


def of_a_firm(feature: Feature, college: College) -> Access:
    """What a firm received: two groups, no Cadre, and bad weather to read."""
    if feature.group not in {Group.EMPLOYEES, Group.BAD_WEATHER} or college not in BOTH:
        return Access.NONE
    return Access.READ if feature.group is Group.BAD_WEATHER else feature.highest


def payroll(feature: Feature, college: College) -> Access:
    """A profile."""
    return feature.highest if feature.group in {Group.DECLARATIONS, Group.EMPLOYEES} else Access.NONE


def whole(level_of: LevelOf) -> Choices:
    """The choices that say so, row by row."""
    return {(feature.code, None): level_of(feature, College.OUVRIER) for feature in all_features()}


def shown(filling: Filling, *, said: str = "") -> dict[str, Any]:
    """What the page shows of it."""
    return {"table": table(filling, said=said), "locked_sentence": LOCKED}


def empty(request: HttpRequest) -> dict[str, Any]:
    """Every row at « Aucun droit »."""
    return shown(Filling(everything, {}))


def in_a_firm(request: HttpRequest) -> dict[str, Any]:
    """Only what was received is offered."""
    return shown(Filling(of_a_firm, {("employees.employee", None): Access.READ}))


def apart(request: HttpRequest) -> dict[str, Any]:
    """A column for each collège; Cadre is not ticked."""
    choices = {("employees.employee", College.ETAM): Access.WRITE, ("adherents.profile", None): Access.READ}
    return shown(Filling(everything, choices, BOTH, distinguished=True))


def locked(request: HttpRequest) -> dict[str, Any]:
    """The box of the role is ticked."""
    return shown(Filling(everything, whole(everything), locked=True))


def differing(request: HttpRequest) -> dict[str, Any]:
    """Filled with a profile, then changed in two rows."""
    choices = {**whole(payroll), ("employees.planning", None): Access.NONE}
    choices["documents.upload", None] = Access.WRITE
    said = "Le tableau est rempli avec le profil Paie, non enregistré."
    return shown(Filling(everything, choices, profile=payroll, profile_name="Paie"), said=said)
