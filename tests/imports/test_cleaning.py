"""What is forgiven in a cell."""

import pytest
from django.core.exceptions import ValidationError

from portal.imports.cleaning import clean, shown


@pytest.mark.parametrize("text", ["", "SIÈGE", "A'B", "=1+1", "<b>é</b>"])
def test_a_clean_text_passes_without_remark(text: str) -> None:
    assert clean(text) == (text, [])


@pytest.mark.parametrize(
    ("raw", "text", "notes"),
    [
        ("\u00a0732829320 ", "732829320", ["espaces insécables remplacées", "espaces superflues retirées"]),
        ("12\u202fRUE", "12 RUE", ["espaces insécables remplacées"]),
        ("DUPONT  FILS", "DUPONT FILS", ["espaces superflues retirées"]),
        ("\ufeffA\u00adB\u200b", "AB", ["caractères invisibles retirés"]),
        ("E\u0301LISE", "ÉLISE", ["accents recomposés"]),
        ("\u00a0", "", ["espaces insécables remplacées", "espaces superflues retirées"]),
    ],
)
def test_what_is_cleaned_is_said(raw: str, text: str, notes: list[str]) -> None:
    assert clean(raw) == (text, notes)


@pytest.mark.parametrize("raw", ["A\0", "A\nB", "A\tB", "\x1b[31m", "A\x85", "A\u2028B", "A\udc81"])
def test_control_and_undecodable_characters_are_refused(raw: str) -> None:
    with pytest.raises(ValidationError):
        clean(raw)


def test_a_quoted_cell_is_short_and_acts_on_no_terminal() -> None:
    assert shown("\x1b[31m\udc81") == "\ufffd[31m\ufffd"
    assert shown("x" * 1000) == "x" * 59 + "…"
