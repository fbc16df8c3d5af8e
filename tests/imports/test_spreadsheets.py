"""Nothing that a portal's sheet holds is run by the spreadsheet that opens it."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from portal.spreadsheets import SheetFormat, SheetWriter, attachment, neutralise


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x")',
        "+33 6 12 34 56 78",
        "-1+2",
        "--1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        " =1",
        "\u00a0=1",
        "＝1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹦1",
        "-",
        "-1|cmd",
    ],
)
def test_a_text_that_might_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", " ", "SIÈGE", "-12,50", "-1 234,56", "-3", "1234,56", "31/01/2026", "a=b", "'=1", "Œ"]
)
def test_texts_numbers_and_dates_stay_as_they_are(text: str) -> None:
    assert neutralise(text) == text


def test_a_sheet_is_written_for_a_french_excel() -> None:
    out = io.StringIO(newline="")
    SheetWriter(out).row(["=1", 'a;"b"', "é"])
    assert out.getvalue() == '\'=1;"a;""b""";é\r\n'
    assert SheetWriter.ENCODING == "utf-8-sig"


def cells_of(response) -> list[list[object]]:
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(response.content)).active]


ROW = ("＝1+1", "\0=1", "é\x01", 3, Decimal("-12.50"), dt.date(2026, 3, 1), None)


def test_a_list_leaves_as_a_workbook_with_numbers_and_days_that_count() -> None:
    moment = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)
    response = attachment("liste", ["=a", *"bcdefgh"], [(*ROW, moment)], SheetFormat.XLSX)
    heads, row = cells_of(response)
    assert heads[0] == "'=a"
    assert row[:3] == ["'＝1+1", "'\ufffd=1", "é\ufffd"]
    assert row[3:5] == [3, -12.5]
    assert row[5:] == [dt.datetime(2026, 3, 1), None, dt.datetime(2026, 7, 2, 0, 30)]


def test_a_list_leaves_as_a_csv_in_french() -> None:
    moment = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)
    response = attachment("liste", ["=a"], [(*ROW, moment)], SheetFormat.CSV)
    assert response.content.decode("utf-8-sig").split("\r\n") == [
        "'=a",
        "'＝1+1;'\0=1;é\x01;3;-12,50;01/03/2026;;02/07/2026 00:30:00",
        "",
    ]


def test_the_name_of_a_file_keeps_its_accents_and_breaks_no_header() -> None:
    response = attachment('bénéficiaires"\r\nX: 1', ["a"], [], SheetFormat.CSV)
    told = response["Content-Disposition"]
    assert told.startswith("attachment; filename*=utf-8''b%C3%A9n%C3%A9ficiaires")
    assert "\n" not in told


def test_an_empty_list_and_a_long_text_leave_too() -> None:
    assert cells_of(attachment("x", ["a"], [], SheetFormat.XLSX)) == [["a"]]
    ((_,), (cell,)) = cells_of(attachment("x", ["a"], [["é" * 40_000]], SheetFormat.XLSX))
    assert cell == "é" * 32_767
