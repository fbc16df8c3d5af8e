"""The tokens as `tokens.css` writes them, and the contrast of what is read on what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest

from portal.parts import Column

SHEET = Path(settings.BASE_DIR) / "static" / "css" / "tokens.css"
DARK, PRINT = "@media (prefers-color-scheme: dark)", "@media print"
PAIR = re.compile(r"pair: (--[\w-]+) on (--[\w-]+) ([\d.]+)")
LENGTH = re.compile(r"--(s\d|text[\w-]*): ([\d.]+)rem;")
PIXELS_PER_REM = 16


def colours(sheet: str) -> dict[str, str]:
    """The colours that a part of the sheet names: `--ink` → `#1f1b24`."""
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", sheet))


def light(sheet: str) -> dict[str, str]:
    """The colours by day."""
    return colours(sheet[: sheet.index(DARK)])


def dark(sheet: str) -> dict[str, str]:
    """The colours by night: those of the day where the night names no other."""
    return light(sheet) | colours(sheet[sheet.index(DARK) : sheet.index(PRINT)])


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True)
class Colour:
    """A token and its values."""

    name: str
    light: str
    dark: str


@dataclass(frozen=True)
class Pair:
    """What is read on what, and with which contrast."""

    text: str
    ground: str
    least: str
    light: str
    dark: str


@dataclass(frozen=True)
class Length:
    """A size of text or a space."""

    name: str
    pixels: int


def two_figures(value: float) -> str:
    """`4,54`, cut and never rounded up: a contrast is not granted."""
    return f"{int(value * 100) / 100:.2f}".replace(".", ",")


def pairs(sheet: str) -> list[Pair]:
    """The promises of the sheet, measured by day and by night."""
    day, night = light(sheet), dark(sheet)
    return [
        Pair(
            text,
            ground,
            least.replace(".", ","),
            two_figures(contrast(day[text], day[ground])),
            two_figures(contrast(night[text], night[ground])),
        )
        for text, ground, least in PAIR.findall(sheet)
    ]


def shown(request: HttpRequest) -> dict[str, Any]:
    """Colours, pairs and lengths of the sheet that the pages load."""
    sheet = SHEET.read_text(encoding="utf-8")
    day, night = light(sheet), dark(sheet)
    lengths = [Length(f"--{name}", round(float(rem) * PIXELS_PER_REM)) for name, rem in LENGTH.findall(sheet)]
    measured = pairs(sheet)
    return {
        "colours": [Colour(name, day[name], night[name]) for name in day],
        "spaces": [length for length in lengths if not length.name.startswith("--text")],
        "texts": [length for length in lengths if length.name.startswith("--text")],
        "page_obj": Paginator(measured, len(measured)).page(1),
        "columns": [
            Column("Écrit sur"),
            Column("Aperçu"),
            Column("Exigé", "amount"),
            Column("Clair", "amount"),
            Column("Sombre", "amount"),
        ],
    }
