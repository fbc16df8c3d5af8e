"""The numbered bar of a door in two steps."""

from __future__ import annotations

from portal.parts import Step


def two_steps(current: int, first: str, second: str, *, first_url: str = "") -> list[Step]:
    """The bar with step 1 or 2 current; a done first step can be reopened at `first_url`."""
    if current == 1:
        return [Step(first, "current"), Step(second, "next")]
    return [Step(first, "done", first_url), Step(second, "current")]
