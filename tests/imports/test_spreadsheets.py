"""Nothing that a portal's sheet holds is run by the spreadsheet that opens it."""

import io

import pytest

from portal.spreadsheets import SheetWriter, neutralise


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
