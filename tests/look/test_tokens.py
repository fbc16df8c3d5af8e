"""The colours that are read on one another can be read, in light and in dark."""

import re
from pathlib import Path

import pytest

from portal.components import colours
from portal.components.colours import contrast
from portal.templatetags.site_mark import TINTS

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
PAIRS = re.findall(r"pair: (--[\w-]+) on (--[\w-]+) ([\d.]+)", TOKENS)


LIGHT, DARK = colours.light(TOKENS), colours.dark(TOKENS)


def test_the_measure_of_contrast_is_the_standard_s() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]} on {pair[1]}")
def test_a_documented_pair_can_be_read(pair: tuple[str, str, str], scheme: dict[str, str]) -> None:
    text, ground, least = pair
    assert contrast(scheme[text], scheme[ground]) >= float(least)


def test_every_colour_is_in_a_pair_or_only_separates() -> None:
    named = {name for text, ground, _ in PAIRS for name in (text, ground)}
    assert set(LIGHT) - named == {"--line"}


def test_dark_mode_gives_every_colour_a_value_of_its_own_but_the_marks() -> None:
    same = {name for name in LIGHT if DARK[name] == LIGHT[name]}
    assert all("tint" in name for name in same)


def test_the_marks_have_the_colours_of_the_tokens() -> None:
    assert [LIGHT[f"--tint-{number}"] for number in range(len(TINTS))] == list(TINTS)


def test_the_other_sheets_name_no_colour_but_through_the_tokens() -> None:
    for sheet in CSS.glob("*.css"):
        if sheet.name != "tokens.css":
            text = re.sub(r'url\("data:[^"]*"\)', "", sheet.read_text())
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text), sheet.name
            assert not re.search(r"font-size: [\d.]+(px|rem)", text), sheet.name


def test_every_token_that_a_sheet_uses_exists() -> None:
    known = set(re.findall(r"(--[\w-]+):", TOKENS))
    for sheet in CSS.glob("*.css"):
        text = sheet.read_text()
        used = set(re.findall(r"var\((--[\w-]+)\)", text))
        assert used - known - set(re.findall(r"(--[\w-]+):", text)) <= {"--bs-form-select-bg-img"}, sheet.name
