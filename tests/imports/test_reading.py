"""From bytes to rows of cells."""

import io

import pytest

from portal.imports.reading import LINE_BYTES, ExtractError, Row, header_of, rows


def read(content: bytes) -> list[Row]:
    return list(rows(io.BytesIO(content)))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_accents_are_read_in_each_encoding(encoding: str) -> None:
    assert read("nom\r\nŒUVRARD €\r\n".encode(encoding))[1].cells == ["ŒUVRARD €"]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_lines_are_numbered_as_an_editor_does_and_blank_ones_are_skipped(end: str) -> None:
    found = read(end.join(["a;b", "", "1;2", "3;4"]).encode())
    assert [(row.number, row.cells) for row in found] == [(1, ["a", "b"]), (3, ["1", "2"]), (4, ["3", "4"])]


def test_quotes_protect_semicolons_and_quotes() -> None:
    assert read(b'"a;b";"c""d";e"f')[0].cells == ["a;b", 'c"d', 'e"f']


@pytest.mark.parametrize("line", [b'"a;b', b'a;"b', b'"a"b;c'])
def test_an_unbalanced_quote_spoils_its_own_line_only(line: bytes) -> None:
    first, spoilt, last = read(b"a;b\r\n" + line + b"\r\n1;2\r\n")
    assert spoilt.fault
    assert (first.cells, last.cells) == (["a", "b"], ["1", "2"])


def test_a_cell_with_a_line_break_is_refused_where_it_starts() -> None:
    found = read(b'a;"b\r\nc";d\r\n')
    assert [(row.number, bool(row.fault)) for row in found] == [(1, True), (2, False)]


def test_a_line_out_of_proportion_is_refused_and_the_next_one_read() -> None:
    found = read(b"a;b\r\n" + b"x" * 1_000_000 + b";1\r\n1;2\r\n")
    assert [(row.number, row.cells, bool(row.fault)) for row in found] == [
        (1, ["a", "b"], False),
        (2, [], True),
        (3, ["1", "2"], False),
    ]


@pytest.mark.parametrize("length", [LINE_BYTES - 1, LINE_BYTES, LINE_BYTES + 1, 2 * LINE_BYTES])
def test_the_last_line_needs_no_end(length: int) -> None:
    found = read(b"a\r\n" + b"x" * length)
    assert len(found) == 2
    assert bool(found[1].fault) == (length >= LINE_BYTES)


def test_one_spoilt_byte_does_not_spoil_the_accents_of_the_other_lines() -> None:
    _, good, bad = read("nom\nÉLISE\nCÔME".encode() + b"\xc9\n")
    assert (good.cells, bool(good.remark)) == (["ÉLISE"], True)
    assert bad.cells != ["CÔMEÉ"]


def test_the_header_is_taken_in_any_order() -> None:
    lines = iter(read(b" B ;\xa0a\r\n1;2"))
    assert header_of(lines, ["a", "b"]) == ["b", "a"]
    assert next(lines).cells == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\r\n\r\n", "vide"),
        (b"a\r\n", "colonnes manquantes : b"),
        (b"a;b;c\r\n", "colonnes inconnues : c"),
        (b"a;b;b\r\n", "colonnes en double : b"),
        (b'"a;b', "guillemet"),
        (b"\xff\xfea\0;\0b\0", "illisible"),
        (b"a;b\x81", "illisible"),
        (b"%PDF-1.4\n", "colonnes manquantes : a, b"),
        (b"x" * 1_000_000, "trop longue"),
    ],
)
def test_a_header_that_does_not_fit_refuses_the_file(content: bytes, said: str) -> None:
    with pytest.raises(ExtractError, match=said):
        header_of(iter(read(content)), ["a", "b"])
