"""Asking as an attacker would: many fresh subjects of each kind, in turn, over one kept connection."""

from __future__ import annotations

import itertools
import random
import re
import statistics
from collections.abc import Callable, Mapping, Sequence

from tests.alike import lasting
from tests.production_portal import ProductionPortal
from tests.visitor import Answer, Visitor

WARM_UP = 15
FURTHEST = 0.10  # of the quickest kind's median
OF_EACH_ANSWER = {"date", "retry-after", "x-request-id"}  # headers that differ whatever was asked

Form = Mapping[str, str]
Kinds = Mapping[str, Sequence[Form]]
Shape = tuple[int, tuple[tuple[str, str], ...], str]
Ask = Callable[[Form], Answer]
_networks = itertools.count(1)


def next_network() -> str:
    """A client address that no limit has counted yet."""
    number = next(_networks)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def asked(ask: Ask, kinds: Kinds) -> dict[str, list[Answer]]:
    """The answers to each kind's forms: one of each kind a round, in an order drawn anew."""
    answers: dict[str, list[Answer]] = {kind: [] for kind in kinds}
    for turn in range(min(map(len, kinds.values()))):
        for kind in random.sample(sorted(kinds), len(kinds)):
            answers[kind].append(ask(kinds[kind][turn]))
    return answers


def medians(seconds: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Milliseconds by kind."""
    return {kind: round(statistics.median(found) * 1000, 2) for kind, found in seconds.items()}


def spread(figures: Mapping[str, float]) -> float:
    """How much slower the slowest kind is than the quickest."""
    return max(figures.values()) / min(figures.values()) - 1


def shape(answer: Answer, form: Form) -> Shape:
    """All that an answer shows but for the time, cookies' values, the form's token and what was typed."""
    headers = []
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            headers.append((name, re.sub(r"^([^=]*=)[^;]*|(expires=)[^;]*", r"\1\2", value)))
        elif name.lower() not in OF_EACH_ANSWER:
            headers.append((name, value))
    body = lasting(answer.body)
    for typed in form.values():
        body = body.replace(f'value="{typed}"', "")
    return answer.status, tuple(sorted(headers)), body


def differences(answers: Mapping[str, Sequence[Answer]], kinds: Kinds) -> str:
    """What tells the kinds apart; empty when nothing does."""
    seen: dict[Shape, set[str]] = {}
    for kind, found in answers.items():
        for answer, form in zip(found, kinds[kind], strict=False):
            seen.setdefault(shape(answer, form), set()).add(kind)
    return "" if len(seen) == 1 else "\n".join(f"{sorted(of)}: {one}" for one, of in seen.items())


def check_alike(ask: Ask, arrange: Callable[[int], Kinds], tries: int) -> None:
    """Fail unless every kind is answered alike and in the same time; when in doubt, ask as often again."""
    seconds: dict[str, list[float]] = {}
    for _ in range(2):
        kinds = arrange(WARM_UP + tries)
        answers = asked(ask, kinds)
        assert not differences(answers, kinds), differences(answers, kinds)
        for kind, found in answers.items():
            seconds.setdefault(kind, []).extend(one.seconds for one in found[WARM_UP:])
        figures = medians(seconds)
        print(f"{spread(figures):.1%}", figures)  # noqa: T201  the figures, when asked with -s
        if spread(figures) <= FURTHEST:
            return
    raise AssertionError(f"The time of an answer tells what was asked (ms): {figures}")


def check_door(portal: ProductionPortal, path: str, arrange: Callable[[int], Kinds], tries: int) -> None:
    """`check_alike` for the form of a page, each try from a network of its own."""
    with Visitor(portal.web_port) as visitor:
        visitor.get(path)

        def ask(form: Form) -> Answer:
            visitor.network = next_network()
            return visitor.post(path, **form)

        check_alike(ask, arrange, tries)
