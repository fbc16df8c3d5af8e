"""What a rule answers: fine, a warning, or a refusal, with the sentence that says why."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Answer(enum.IntEnum):
    """From what passes to what stops."""

    OK = 0
    WARN = 1
    REFUSE = 2


@dataclass(frozen=True)
class Finding:
    """The answer of one rule, by its number, told to the declarant."""

    rule: int
    answer: Answer
    sentence: str = ""


def ok(rule: int, sentence: str = "") -> Finding:
    """The rule is met."""
    return Finding(rule, Answer.OK, sentence)


def warn(rule: int, sentence: str) -> Finding:
    """The declarant must know, and may go on."""
    return Finding(rule, Answer.WARN, sentence)


def refuse(rule: int, sentence: str) -> Finding:
    """It cannot be declared so."""
    return Finding(rule, Answer.REFUSE, sentence)


def by_gravity(findings: Iterable[Finding]) -> list[Finding]:
    """Those that say something, what refuses first."""
    return sorted((each for each in findings if each.sentence), key=lambda each: -each.answer.value)


def gravest(findings: Iterable[Finding]) -> Answer:
    """The gravest answer of several; OK when there is none."""
    return max((finding.answer for finding in findings), default=Answer.OK)
