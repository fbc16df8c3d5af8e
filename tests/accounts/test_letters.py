"""The pages of the two letters, and what must never stand on them."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from accounts.letters import print_letters
from portal.codes import posted
from portal.pdf.compiling import compile_joined
from portal.phones import written_phone
from tests.accounts import printing
from tests.accounts.printing import (
    CODE,
    IDENTIFIER,
    codes,
    identifiers,
    make_site,
    texts,
)
from tests.pdf.tagging import roles, tag_faults

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
at_noon = printing.at_noon


def test_page_n_of_both_files_belongs_to_the_same_site_in_postal_order(tmp_path):
    metz = make_site("COUVERTURE KIEFFER", postal_code="57000", town="METZ")
    nancy_b = make_site("B", town="NANCY")
    nancy_a = make_site("A", town="Nancy")
    troyes = make_site("CHARPENTES LE GOFF", postal_code="10000", town="TROYES")
    bourg = make_site("CARRELAGES CÔME", postal_code="01000", town="BOURG-EN-BRESSE")
    print_letters(folder=tmp_path, printed_by="Zoé")
    expected = [bourg, troyes, nancy_a, nancy_b, metz]
    assert identifiers(tmp_path) == [site.cibtp_id for site in expected]
    assert len(texts(tmp_path / "bienvenue.pdf")) == len(texts(tmp_path / "codes.pdf")) == 5
    for page, (site, code) in enumerate(zip(expected, codes(tmp_path), strict=True), 1):
        row = site.provisional_codes.get()
        assert row.page == page
        assert posted.matches(code, row.digest, site_id=site.pk)
        assert site.adherent.company_name in texts(tmp_path / "codes.pdf")[page - 1]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_pdftotext_reads_identifier_and_code_on_one_line_of_each_page(tmp_path):
    sites = [make_site(f"SOCIÉTÉ {number}") for number in range(3)]
    print_letters(folder=tmp_path, printed_by="Zoé")
    for name, pattern in (("bienvenue.pdf", IDENTIFIER), ("codes.pdf", CODE)):
        read = subprocess.run(["pdftotext", tmp_path / name, "-"], capture_output=True, text=True, check=True)
        pages = read.stdout.split("\f")[:-1]
        assert [len(pattern.findall(page)) for page in pages] == [1] * len(sites)


def everything_in(path: Path) -> str:
    """Every text, key, stream and piece of metadata of a PDF."""
    reader = PdfReader(path)
    parts = [path.name, repr(reader.metadata), *(page.extract_text() for page in reader.pages)]
    for number in range(1, int(reader.trailer["/Size"])):
        value = reader.get_object(number)
        parts.append(repr(value))
        if hasattr(value, "get_data"):
            parts.append(value.get_data().decode("latin-1"))
    return "\n".join(parts)


def test_the_welcome_letter_holds_no_code_and_the_code_letter_neither_identifier_nor_siret(tmp_path):
    """R14."""
    site = make_site()
    print_letters(folder=tmp_path, printed_by="Zoé")
    [code] = codes(tmp_path)
    welcome, informatic = everything_in(tmp_path / "bienvenue.pdf"), everything_in(tmp_path / "codes.pdf")
    for secret in (code, code.replace("-", "")):
        assert secret not in welcome
    numbers_of_the_site = (
        site.cibtp_id,
        site.cibtp_id.replace("-", ""),
        site.adherent.number,
        "732829320",
        "732 829 320",
    )
    for number in numbers_of_the_site:
        assert number not in informatic
    assert "732829320" not in welcome
    assert "MAÇONNERIE MEYER" in texts(tmp_path / "codes.pdf")[0]
    assert "12 rue de l’Église, 54000 Nancy" in texts(tmp_path / "codes.pdf")[0]


@pytest.mark.parametrize("name", ["bienvenue.pdf", "codes.pdf"])
def test_the_letters_are_tagged_french_pdf_ua_without_bookmarks(tmp_path, name, monkeypatch):
    monkeypatch.setattr("accounts.letters.compile_joined", in_parts_of_two)
    for number in range(5):
        make_site(f"SOCIÉTÉ {number}")
    print_letters(folder=tmp_path, printed_by="Zoé")
    reader = PdfReader(tmp_path / name)
    assert reader.root_object["/Lang"] == "fr-FR"
    assert "/Outlines" not in reader.root_object
    assert b"<pdfuaid:part>1</pdfuaid:part>" in reader.root_object["/Metadata"].get_data()
    assert tag_faults(reader) == []
    assert roles(reader).count("/Document") == 1
    assert roles(reader).count("/H1") == 5


def in_parts_of_two(*arguments, **options):
    return compile_joined(*arguments, **options, chunk=2)


def test_the_letters_say_where_to_go_until_when_and_whom_to_call(tmp_path, settings, at_noon):
    at_noon.move_to(dt.datetime(2026, 2, 8, 9, tzinfo=dt.UTC))
    make_site()
    print_letters(folder=tmp_path, printed_by="Zoé")
    [welcome], [informatic] = texts(tmp_path / "bienvenue.pdf"), texts(tmp_path / "codes.pdf")
    for text in (welcome, informatic):
        assert f"{settings.PORTAL_ORIGIN}/ouverture/" in text
        assert written_phone(settings.CAISSE.phone) in text
        assert "Le 8 février 2026" in text
        assert "!" not in text
    assert "Valable jusqu’au 1er mars 2026 inclus" in informatic


def test_only_their_owner_may_read_the_files(tmp_path):
    make_site()
    folder = tmp_path / "new" / "folder"
    print_letters(folder=folder, printed_by="Zoé")
    assert sorted(os.listdir(folder)) == ["bienvenue.pdf", "codes.pdf"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600, 0o600]


@pytest.mark.parametrize(
    "name",
    ['=HYPERLINK("http://x")', "#strong[x] *a* _b_ $x$ @ref <l> `c`", "\\u{41} // x /* y", "A & B < C > D"],
)
def test_a_hostile_name_stays_plain_text_on_one_page(tmp_path, name):
    make_site(name)
    print_letters(folder=tmp_path, printed_by="Zoé")
    for file in ("bienvenue.pdf", "codes.pdf"):
        [text] = texts(tmp_path / file)
        assert f"Raison sociale\u00a0: {name}" in text


@pytest.mark.parametrize("letter", ["W", "i", "Maçonnerie générale et "])
@pytest.mark.parametrize("length", [30, 45, 100, 200])
def test_the_longest_names_and_addresses_still_fit_one_page_whole(tmp_path, letter, length):
    long = (letter * length)[:length].strip()
    place = (letter * length)[: length // 2].strip()
    make_site("COURTE")
    make_site(long, name=long, address1=place, address2=place, town=place, postal_code="98799-1234")
    print_letters(folder=tmp_path, printed_by="Zoé")
    for file in ("bienvenue.pdf", "codes.pdf"):
        pages = texts(tmp_path / file)
        assert len(pages) == 2
        shown = re.sub(r"[\s\u200b]", "", pages[1])
        assert f"Raisonsociale:{long.replace(' ', '')}Sitedéclarant:{long.replace(' ', '')}" in shown
        assert "Mercidenepasrépondreàcecourrier." in shown
