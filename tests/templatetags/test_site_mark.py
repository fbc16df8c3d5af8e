"""A site is known by its mark: two letters on a tint that never changes."""

from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.template import engines

from portal.templatetags.site_mark import TINTS, letters_of, tint_of


def site(name: str = "MARTIN BÂTIMENT", cibtp_id: str = "29209-001-12") -> SimpleNamespace:
    return SimpleNamespace(cibtp_id=cibtp_id, adherent=SimpleNamespace(company_name=name))


def rendered(tag: str, shown: SimpleNamespace) -> str:
    return engines["django"].from_string("{% load site_mark %}{% " + tag + " site %}").render({"site": shown})


@pytest.mark.parametrize(
    ("company", "letters"),
    [
        ("MARTIN BÂTIMENT ET FILS", "MB"),
        ("SARL LEFÈVRE", "LE"),
        ("Élec’Est", "EE"),
        ("Société nouvelle des travaux", "NT"),
        ("S.A.S. 2M Toiture", "2T"),
        ("SARL", "SA"),
        ("Ö", "O"),
        ("", "??"),
        ("株式会社", "??"),
    ],
)
def test_the_letters_are_those_that_tell_companies_apart(company: str, letters: str) -> None:
    assert letters_of(company) == letters


def test_an_identifier_keeps_its_tint() -> None:
    assert tint_of("29209-001-12") == tint_of("29209-001-12") == 6
    assert all(tint_of(f"{number:05}-001-12") in range(len(TINTS)) for number in range(200))


def test_identifiers_spread_over_the_tints() -> None:
    assert {tint_of(f"{number:05}-001-12") for number in range(200)} == set(range(len(TINTS)))


def test_the_mark_is_silent_since_the_name_stands_beside_it() -> None:
    assert rendered("site_mark", site()) == '<span class="site-mark tint-6" aria-hidden="true">MB</span>'


def test_the_tab_s_icon_is_the_same_mark() -> None:
    icon = rendered("site_icon", site())
    assert icon.startswith('<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,')
    assert "<svg" not in icon
    assert TINTS[6] in unquote(icon)
    assert ">MB</text>" in unquote(icon)


def test_a_name_cannot_get_out_of_the_icon() -> None:
    assert '"' not in rendered("site_icon", site(name='"><script>')).split("href=")[1][1:-2]
