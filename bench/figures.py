"""A figure, its aim, and whether it is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Aim:
    """A bound on a value: at least, at most or under; `words` is how the report writes it."""

    words: str
    at_least: float | None = None
    at_most: float | None = None
    under: float | None = None

    def met_by(self, value: float) -> bool:
        """Whether the value keeps within every bound that is given."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
            and (self.under is None or value < self.under)
        )


@dataclass(frozen=True)
class Figure:
    """One thing measured: what, how much, in words, and the aim when it has one."""

    name: str
    value: float
    shown: str
    aim: Aim | None = None

    @property
    def missed(self) -> bool:
        """Whether it has an aim that it does not meet."""
        return self.aim is not None and not self.aim.met_by(self.value)


@dataclass(frozen=True)
class Section:
    """Figures taken in the same way, and how they were taken."""

    title: str
    how: str
    figures: Sequence[Figure]


def ratio_of_rounds(above: Sequence[float], below: Sequence[float]) -> float:
    """The median, over the rounds, of one rate over the other: what slows a whole round cancels out.

    Raises ValueError when the rounds do not pair.
    """
    return median(first / second for first, second in zip(above, below, strict=True))


def spread(values: Sequence[float], unit: str) -> str:
    """`412 rps (398 – 431)`: the median, then the lowest and the highest."""
    return f"{median(values):,.0f} {unit} ({min(values):,.0f} – {max(values):,.0f})"
