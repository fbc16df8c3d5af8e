"""Compiling templates and joining what they give, tags included."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject

from portal.pdf.compiling import CompilationFailed, compile_joined, compile_pdf
from portal.pdf.joining import Joiner, NotJoinable
from portal.pdf.writing import ObjectFile
from tests.pdf.tagging import elements, id_tree, parent_tree, roles, tag_faults

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, author: "La caisse")
#set text(lang: "fr", region: "FR")
#set heading(bookmarked: false)
#for item in data.items {
  page[
    = #item.name
    Un mot de #strong(item.name), #emph[souligné], et un #link("https://exemple.example")[lien].
    + un
    + deux
    #table(columns: 2, table.header[A][B], [1], [2])
  ]
}
"""
NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
NAMES = [f"Société n° {number}" for number in range(1, 8)]


@pytest.fixture
def templates(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.typ").write_text(TEMPLATE)
    return folder


def joined(names: list[str], chunk: int) -> PdfReader:
    target = io.BytesIO()
    items = [{"name": name} for name in names]
    pages = compile_joined(target, "page.typ", {"title": "Été"}, items, made_at=NOON, chunk=chunk)
    assert pages == len(names)
    return PdfReader(target)


@pytest.mark.parametrize("chunk", [1, 3, 7, 50])
def test_a_joined_file_has_every_page_in_order_whatever_the_size_of_its_parts(templates, chunk):
    reader = joined(NAMES, chunk)
    assert [page.extract_text().splitlines()[0] for page in reader.pages] == NAMES
    assert [page["/MediaBox"][3] for page in reader.pages] == [reader.pages[0]["/MediaBox"][3]] * 7


@pytest.mark.parametrize("chunk", [1, 3, 7])
def test_the_tags_of_a_joined_file_are_those_of_a_file_compiled_at_once(templates, chunk):
    whole = compile_pdf("page.typ", {"title": "Été", "items": [{"name": n} for n in NAMES]}, made_at=NOON)
    expected = PdfReader(io.BytesIO(whole))
    reader = joined(NAMES, chunk)
    assert roles(reader) == roles(expected)
    assert [e.get("/T") for e in elements(reader)] == [e.get("/T") for e in elements(expected)]
    assert sorted(parent_tree(reader)) == sorted(parent_tree(expected))
    assert reader.root_object["/StructTreeRoot"]["/ParentTreeNextKey"] == len(parent_tree(expected))
    assert tag_faults(expected) == []
    assert tag_faults(reader) == []


def test_the_headers_of_each_table_stay_its_own(templates):
    reader = joined(NAMES, 3)
    names = id_tree(reader)
    assert len(names) == 2 * len(NAMES)
    cells = [element for element in elements(reader) if element["/S"] == "/TH"]
    assert [names[cell["/ID"]] is cell for cell in cells] == [True] * len(cells)
    assert list(names) == sorted(names)


def test_the_check_of_the_tags_sees_keys_that_clash(templates, monkeypatch):
    monkeypatch.setattr("portal.pdf.joining.PARENT_TREE_KEYS", ())
    assert tag_faults(joined(NAMES, 3)) != []


def test_a_joined_file_has_one_document_a_language_and_claims_pdf_a_and_pdf_ua(templates):
    reader = joined(NAMES, 3)
    root = reader.root_object
    assert roles(reader).count("/Document") == 1
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    packet = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<xmpTPg:NPages>7</xmpTPg:NPages>" in packet
    assert str(reader.trailer["/ID"][1]) in packet
    assert reader.metadata is not None
    assert reader.metadata.title == "Été"
    assert reader.metadata.creation_date == NOON


def test_two_joined_files_bear_different_identifiers(templates):
    assert joined(NAMES, 3).trailer["/ID"] != joined(NAMES, 3).trailer["/ID"]


def test_a_text_never_becomes_markup(templates):
    hostile = '#strong[x] *a* _b_ $x$ @ref <l> `c` = t // c #panic("p") \\ \u0022'
    assert hostile in joined([hostile], 1).pages[0].extract_text()


def test_a_character_without_a_glyph_does_not_stop_the_print(templates):
    assert (
        joined(["北京 \U0001f600 Œuvrard\x00\n\u202eBTP"], 1)
        .pages[0]
        .extract_text()
        .startswith("?? ? Œuvrard BTP")
    )


def test_a_failure_to_compile_never_quotes_the_data(templates):
    (templates / "broken.typ").write_text("#panic(sys.inputs.data)")
    with pytest.raises(CompilationFailed) as caught:
        compile_pdf("broken.typ", {"code": "ABCD-EFGH-JK"}, made_at=NOON)
    assert "ABCD" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_what_has_no_place_in_the_joined_file_is_refused_rather_than_lost(templates):
    part = compile_pdf("page.typ", {"title": "T", "items": [{"name": "n"}]}, made_at=NOON)
    writer = PdfWriter(clone_from=io.BytesIO(part))
    writer.add_attachment("note.txt", b"note")
    changed = io.BytesIO()
    writer.write(changed)
    with pytest.raises(NotJoinable, match="/Names"):
        Joiner(io.BytesIO()).add(changed.getvalue())


def test_an_untagged_file_is_refused():
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    untagged = io.BytesIO()
    writer.write(untagged)
    with pytest.raises(NotJoinable):
        Joiner(io.BytesIO()).add(untagged.getvalue())
    with pytest.raises(NotJoinable):
        Joiner(io.BytesIO()).finish()


def test_typst_is_not_loaded_before_something_is_printed():
    root = Path(__file__).parents[2]
    program = "import django; django.setup(); import accounts.letters, sys; sys.exit('typst' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)


def test_a_stream_that_ends_with_a_carriage_return_keeps_a_length_that_readers_agree_on():
    target = io.BytesIO()
    stream = DecodedStreamObject()
    stream.set_data(b"q Q\r")
    ObjectFile(target).add(stream)
    assert b"/Length 4\n>>\nstream\nq Q\r\r\nendstream" in target.getvalue()
