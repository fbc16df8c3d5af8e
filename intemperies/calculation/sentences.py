"""How figures are written in an explanation: `11 h`, `7,50 h`, `85 %`, `0,802247`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from portal.templatetags.french import MINUS, NO_BREAK

TIMES = "\u00d7"


def figure(value: Decimal, most_places: int = 2) -> str:
    """`11`, `7,5`, `0,802247`: no zero that says nothing, at most so many decimals, half up."""
    rounded = value.quantize(Decimal(1).scaleb(-most_places), ROUND_HALF_UP)
    written = f"{abs(rounded):,f}".replace(",", NO_BREAK)
    if "." in written:
        written = written.rstrip("0").rstrip(".").replace(".", ",")
    return f"{MINUS}{written}" if rounded < 0 else written


def hours(value: Decimal) -> str:
    """`11 h`, `7,25 h`."""
    return f"{figure(value)}{NO_BREAK}h"


def percent(fraction: Decimal) -> str:
    """`85 %`, `0,68 %`, of a fraction."""
    return f"{figure(fraction * 100, 4)}{NO_BREAK}%"
