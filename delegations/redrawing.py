"""The buttons that change the form and save nothing: what a script does in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from delegations import choices
from delegations.models import RightsProfile
from delegations.rights_forms import RightsForm
from portal.access.levels import Access, College

WORDS = ("edit", "all", "apart", "together", "fill", "search")
NO_PROFILE = "Choisissez d’abord un profil dans la liste."


def redrawn(form: RightsForm, word: str, rest: Sequence[str]) -> tuple[dict[str, Any], str]:
    """What the form then says, and what is told of it; « edit » and « search » only come back to it."""
    typed = form.typed()
    typed["levels"] = form.asked
    if word == "search" and "site_search" in typed:
        typed["searched"] = typed["site_search"]
    if word == "all":
        return typed, _set_column(form, typed, rest)
    if word in ("apart", "together"):
        return typed, _tell_apart(form, typed, apart=word == "apart")
    return typed, _fill(form, typed) if word == "fill" else ""


def _set_column(form: RightsForm, typed: dict[str, Any], rest: Sequence[str]) -> str:
    value, name = (*rest, "", "")[:2]
    level = {str(one.value): one for one in Access}.get(value)
    college = {one.value: one for one in College}.get(name)
    if level is None:
        return ""
    typed["levels"], said = choices.all_at(
        form.asked, level, college, form.giver.offered, distinguished=form.is_distinguished
    )
    return said


def _tell_apart(form: RightsForm, typed: dict[str, Any], *, apart: bool) -> str:
    if apart == form.is_distinguished:
        return ""
    typed["distinguished"] = "1" if apart else ""
    typed["levels"] = choices.told_apart(form.asked, distinguished=apart)
    if apart:
        return "Chaque collège a maintenant sa colonne."
    return "Les collèges ne sont plus distingués\u00a0: chaque ligne garde son niveau le plus haut."


def _fill(form: RightsForm, typed: dict[str, Any]) -> str:
    number = str(typed["profile"] or "")
    profile = (
        RightsProfile.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 10 else None
    )
    if profile is None:
        return NO_PROFILE
    offered = profile.matrix.meet(form.giver.offered)
    typed["levels"] = choices.of_matrix(offered, distinguished=form.is_distinguished)
    typed["filled"] = str(profile.pk)
    return f"Le tableau est rempli avec le profil {profile.name}, non enregistré."
