"""Dates, amounts, numbers and identifiers are written the same way everywhere."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils.html import escape

from portal.templatetags import french

UTC = dt.UTC


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def test_identifiers_are_grouped_with_no_break_spaces() -> None:
    assert french.siren("732829320") == "732\u00a0829\u00a0320"
    assert french.siret("73282932000074") == "732\u00a0829\u00a0320\u00a000074"
    assert french.siren("") == french.siret(None) == ""


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("0383001122", "03 83 00 11 22"),
        ("03.83.00.11.22", "03 83 00 11 22"),
        ("+32470123456", "+32 470 12 34 56"),
        ("poste 12 ou accueil", "poste 12 ou accueil"),
        ("0383", "0383"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_phone_number_is_written_by_pairs(given: str | None, shown: str) -> None:
    assert french.phone(given).replace("\u00a0", " ") == shown


def test_a_phone_number_does_not_break() -> None:
    assert " " not in french.phone("+33612345678")


def test_a_phone_number_that_is_read_can_be_dialled() -> None:
    french_link = '<a class="phone" href="tel:+33383001122">03\u00a083\u00a000\u00a011\u00a022</a>'
    assert rendered("{{ number|phone_link }}", number="03.83.00.11.22") == french_link
    assert 'href="tel:+32470123456"' in rendered("{{ number|phone_link }}", number="+32 470 12 34 56")


@pytest.mark.parametrize("number", ["<b>accueil</b>", "0383", "", None])
def test_what_is_no_phone_number_stays_plain_text(number: str | None) -> None:
    assert rendered("{{ number|phone_link }}", number=number) == escape(number or "")


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (dt.date(2026, 3, 1), "1er mars 2026", "01/03/2026"),
        (dt.date(2026, 3, 14), "14 mars 2026", "14/03/2026"),
        (dt.date(2026, 8, 31), "31 août 2026", "31/08/2026"),
        (dt.datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "1er janvier 2026", "01/01/2026"),
        (None, "", ""),
    ],
)
def test_a_date_is_long_in_a_sentence_and_short_in_a_table(
    day: dt.date | None, long: str, short: str
) -> None:
    assert french.long_date(day) == long
    assert french.short_date(day) == short


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (dt.time(14, 30), "14 h 30"),
        (dt.time(8, 5), "8 h 05"),
        (dt.time(12, 0), "12 h"),
        (dt.time(0, 0), "0 h"),
        (dt.datetime(2026, 7, 1, 12, 30, tzinfo=UTC), "14 h 30"),
        (dt.datetime(2026, 1, 1, 9, 0, tzinfo=ZoneInfo("Europe/Paris")), "9 h"),
        (None, ""),
    ],
)
def test_a_time_is_the_hour_in_paris(moment: dt.time | None, shown: str) -> None:
    assert french.time_fr(moment) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1234.56"), "1 234,56 €"),
        (Decimal("1234567.005"), "1 234 567,01 €"),
        (0, "0,00 €"),
        (12.5, "12,50 €"),
        ("-1234.5", "−1 234,50 €"),
        (Decimal("-0.001"), "0,00 €"),
        (None, ""),
        ("", ""),
        ("douze", ""),
        (Decimal("NaN"), ""),
        (float("inf"), ""),
    ],
)
def test_an_amount_has_two_decimals_and_groups_that_do_not_break(value: object, shown: str) -> None:
    assert french.amount(value) == shown.replace(" ", "\u00a0")  # type: ignore[arg-type]


@pytest.mark.parametrize("empty", [None, "", "  ", [], ()])
def test_what_is_missing_is_said(empty: object) -> None:
    assert rendered("{{ value|or_missing }}", value=empty) == '<span class="missing">Non renseigné</span>'


@pytest.mark.parametrize(("value", "shown"), [("Nancy", "Nancy"), (0, "0"), ("<b>", "&lt;b&gt;")])
def test_what_is_there_is_shown_and_escaped(value: object, shown: str) -> None:
    assert rendered("{{ value|or_missing }}", value=value) == shown


def test_the_filters_need_no_load() -> None:
    assert rendered("{{ day|long_date }}", day=dt.date(2026, 3, 1)) == "1er mars 2026"


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 site"), (1, "1 site"), (2, "2 sites"), (5000, "5 000 sites")]
)
def test_the_plural_begins_at_two(count: int, shown: str) -> None:
    text = rendered("{{ count }} site{{ count|pluralize_fr }}", count=count)
    assert text.replace("\u00a0", " ").replace("\u202f", " ") == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("nadia.benali@perrin.fr", "nadia<wbr>.benali@<wbr>perrin<wbr>.fr"),
        ("<b>@x.fr", "&lt;b&gt;@<wbr>x<wbr>.fr"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_courriel_breaks_after_its_at_and_before_its_dots(given: str | None, shown: str) -> None:
    assert french.address(given) == shown
