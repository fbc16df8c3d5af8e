"""Hours as people type them: `7`, `7,5`, `7.25`, `7h30`, `7 h`, `7:30`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError

from portal.fields import LAST_MINUTE

MOST = Decimal(24)
WRONG = "Écrivez des heures, par exemple 7, 7,5 ou 7\u00a0h\u00a030."
TOO_MANY = "Un jour n’a que 24 heures."
DECIMAL = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?h?", re.ASCII)
CLOCK = re.compile(r"([0-9]{1,3})[h:]([0-9]{2})(?:min)?", re.ASCII)
HUNDREDTH = Decimal("0.01")


def hours_typed(text: str) -> Decimal:
    """Hours, to the hundredth; zero for nothing. Raises ValidationError for what is not of a day."""
    typed = "".join(text.split()).lower()
    if not typed:
        return Decimal(0)
    if found := CLOCK.fullmatch(typed):
        if int(found[2]) > LAST_MINUTE:
            raise ValidationError(WRONG)
        hours = (Decimal(found[1]) + Decimal(found[2]) / 60).quantize(HUNDREDTH, ROUND_HALF_UP)
    elif found := DECIMAL.fullmatch(typed):
        hours = Decimal(f"{found[1]}.{found[2] or 0}")
    else:
        raise ValidationError(WRONG)
    if hours > MOST:
        raise ValidationError(TOO_MANY)
    return hours


def hours_written(hours: Decimal | None) -> str:
    """`7`, `7,5`: as one would type it; nothing for zero."""
    if not hours:
        return ""
    text = f"{hours:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
