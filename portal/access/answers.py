"""Where the app that keeps the rights hands its answers to the portal, once, at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answers:
    """What the keeper of the rights can be asked."""

    administrators: Callable[[Any], Sequence[Any]]
    several_sites: Callable[[Any], bool]
    enter: Callable[[Any, str], bool]
    within_firm: Callable[[Any, Any], Sequence[Any]]


_answers: list[Answers] = []


def answer_with(answers: Answers) -> None:
    """Register who answers."""
    _answers[:] = [answers]


def _ask() -> Answers:
    if not _answers:
        raise LookupError("no app answers for the rights")
    return _answers[0]


def administrators_of(site: Any) -> Sequence[Any]:
    """The people who administer the site today. Raises LookupError when nobody answers for rights."""
    return _ask().administrators(site)


def has_several_sites(user: Any) -> bool:
    """Whether the person holds rights on more than one site today. Raises LookupError likewise."""
    return _ask().several_sites(user)


def enter_site(request: Any, cibtp_id: str) -> bool:
    """Set the request's site and rights when the person has any there today. Raises LookupError likewise."""
    return _ask().enter(request, cibtp_id)


def within_firm(user: Any, site: Any) -> Sequence[Any]:
    """Who passes rights on to the person within his firm, on that site; nobody for a company's person.

    Raises LookupError likewise.
    """
    return _ask().within_firm(user, site)
