"""What the fonts can show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pdf.text import WITHOUT_GLYPH, displayable, displayable_data


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "Maçonnerie D’ARC-VALLON & Fils – « Œuvre » 10 €",
            "Maçonnerie D’ARC-VALLON & Fils – « Œuvre » 10 €",
        ),
        ("Łódź, Αθήνα, Київ", "Łódź, Αθήνα, Київ"),
        ("deux\r\nlignes\tet\u2028fin", "deux lignes et fin"),
        ("e\u0301te\u0301", "été"),
        ("zéro\u200blargeur\u00ad\ufeff\x00", "zérolargeur"),
        ("\u202eenvers", "envers"),
        ("北京", "??"),
        ("ＢＴＰ ﬁn", "BTP fin"),
    ],
)
def test_a_text_is_shown_as_written_as_far_as_the_fonts_go(typed, shown):
    assert displayable(typed) == shown


@given(st.text())
def test_no_text_keeps_a_character_without_a_glyph(text):
    assert not WITHOUT_GLYPH.search(displayable(text))


def test_every_text_of_the_data_is_made_displayable():
    data = {"a": ["x\n", {"b": "\x00"}], "n": 3, "none": None}
    assert displayable_data(data) == {"a": ["x ", {"b": ""}], "n": 3, "none": None}
