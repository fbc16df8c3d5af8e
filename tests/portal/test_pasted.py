"""Values as people type or paste them; several in one text are not guessed between."""

import pytest

from portal.codes import posted
from portal.identifiers import identifier_key, typed_cibtp_id, typed_siret
from portal.pasted import figures, signs

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# What stands around and between the parts of a number, whatever the number is.
SPACED = {
    "as printed": "{}-{}-{}",
    "without dashes": "{}{}{}",
    "spaces": "{} {} {}",
    "no-break spaces": "\u00a0{}\u00a0{}\u202f{}",
    "long dashes": "{} – {} — {}",
    "dots": "{}.{}.{}.",
    "zero-width signs": "\u200b{}\u2060{}\ufeff{}\u200d",
    "the marks of a phone's contacts": "\u202d{} {} {}\u202c",
    "soft hyphens": "{}\u00ad{}\u00ad{}",
    "with its label": "Identifiant : {}-{}-{}",
    "a label without a colon": "N° {} {} {}",
    "a cell copied along": "Identifiant CIBTP\t{}-{}-{}",
    "a sentence copied along": "Votre identifiant CIBTP est le {}-{}-{}, à conserver.",
    "twice the same": "{0}-{1}-{2} ({0}{1}{2})",
}


@pytest.mark.parametrize("written", SPACED.values(), ids=SPACED)
def test_an_identifier_is_read_whatever_stands_around_it(written):
    typed = written.format("41000", "001", "66")
    assert typed_cibtp_id(typed) == typed_cibtp_id(typed.translate(FULL_WIDTH)) == "41000-001-66"
    assert identifier_key(typed) == "4100000166"


@pytest.mark.parametrize("written", SPACED.values(), ids=SPACED)
def test_a_siret_is_read_whatever_stands_around_it(written):
    assert typed_siret(written.format("529 123", "456", "00012")) == "52912345600012"


@pytest.mark.parametrize(
    "typed",
    ["", "41000-001", "41000-001-667", "4l000-001-66", "41000-001-66 ou 41000-002-66", "41000-001-66 529"],
)
def test_no_number_or_several_are_not_guessed_between(typed):
    assert figures(typed, 10) == ""


def test_a_number_of_another_length_beside_it_is_no_other_candidate():
    both = "Identifiant 41000-001-66, SIRET 529 123 456 00012"
    assert figures(both, 10) == "4100000166"
    assert figures(both, 14) == "52912345600012"


@pytest.mark.parametrize(
    "typed",
    [
        "ABCD-2345-EF",
        "abcd2345ef",
        " abcd 2345 ef ",
        "ABCD\u00a0–\u00a02345\u00a0–\u00a0EF",
        "ＡＢＣＤ－２３４５－ＥＦ",
        "AB\u200bCD-2345-EF",
        "a b c d 2 3 4 5 e f",
        "Votre code confidentiel : ABCD-2345-EF",
        "Votre code confidentiel\u00a0: a b c d 2 3 4 5 e f",
        "Code confidentiel ABCD-2345-EF.",
        "code:abcd2345ef",
        "ABCD-2345-EF (ABCD2345EF)",
    ],
)
def test_a_posted_code_is_read_whatever_stands_around_it(typed):
    assert signs(typed, posted.ALPHABET, posted.GROUPS) == "ABCD2345EF"
    assert posted.matches(typed, posted.digest("ABCD-2345-EF", site_id=7), site_id=7)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ABCD-2345",
        "ABCD-2345-EFG",
        "ABCD-2345-E0",
        "XABCD-2345-EF",
        "ABCD-2345-EF ou GHJK-2345-MN",
        "ABCD-2345-EF : GHJK-2345-MN",
    ],
)
def test_no_code_or_several_are_not_guessed_between(typed):
    assert signs(typed, posted.ALPHABET, posted.GROUPS) == ""
    assert not posted.matches(typed, posted.digest("ABCD-2345-EF", site_id=7), site_id=7)
