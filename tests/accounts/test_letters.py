"""Printing the two letters, and what must never leave them."""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
import re
import shutil
import stat
import subprocess
import uuid
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import time_machine
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.letters import LettersRefused, awaiting_letters, print_letters
from accounts.models import LetterBatch, Opening, ProvisionalCode, User
from accounts.print_folder import PrintFolder
from adherents.models import Adherent, Site
from delegations.models import Delegation, Role
from portal import clock
from portal.codes import posted
from portal.journal.models import Entry, Kind
from portal.pdf.compiling import compile_joined
from tests.pdf.tagging import roles, tag_faults

pytestmark = pytest.mark.django_db

PRINTED = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
IDENTIFIER = re.compile(r"Votre identifiant CIBTP : (\d{5}-\d{3}-\d{2})\s")
CODE = re.compile(r"Votre code confidentiel : ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2})\s")
numbers = count(29209)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(PRINTED, tick=False) as traveller:
        yield traveller


def make_site(company: str = "MAÇONNERIE MEYER", **fields: object) -> Site:
    number = f"{next(numbers):05}"
    adherent = Adherent.objects.create(number=number, company_name=company, siren="732829320", activity="GO")
    where = {"name": "SIÈGE", "address1": "12 rue de l’Église", "postal_code": "54000", "town": "Nancy"}
    facts = {"cibtp_id": f"{number}-001-12", "siret": "73282932000074", **where, **fields}
    return Site.objects.create(adherent=adherent, **facts)


def make_administrator(site: Site, **fields: object) -> Delegation:
    user = User.objects.create(email=f"{site.cibtp_id}@entreprise.example", is_active=True)
    facts = {"role": Role.ADMINISTRATOR, "starts_on": dt.date(2026, 1, 1), **fields}
    return Delegation.objects.create(site=site, beneficiary=user, **facts)


def make_opening(site: Site) -> Opening:
    code = site.provisional_codes.get()
    code.used_at = clock.now()
    code.save()
    user = User.objects.create(email=f"{site.cibtp_id}@entreprise.example")
    return Opening.objects.create(site=site, code=code, user=user, attempt=uuid.uuid4())


def texts(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def identifiers(folder: Path) -> list[str]:
    return [one for text in texts(folder / "bienvenue.pdf") for one in IDENTIFIER.findall(text)]


def codes(folder: Path) -> list[str]:
    return [one for text in texts(folder / "codes.pdf") for one in CODE.findall(text)]


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("print_letters", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


# --- the two files -------------------------------------------------------------------------------


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
        assert settings.CAISSE.phone in text
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


# --- the codes -----------------------------------------------------------------------------------


def test_a_hundred_thousand_codes_keep_to_the_alphabet_and_differ():
    drawn = [posted.draw() for _ in range(100_000)]
    assert all(
        re.fullmatch(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{2}", code) for code in drawn
    )
    assert len(set(drawn)) == len(drawn)


def test_a_digest_depends_on_the_key_and_on_the_site(settings):
    code = posted.draw()
    first = posted.digest(code, site_id=1)
    assert posted.matches(code.replace("-", " ").lower(), first, site_id=1)
    assert not posted.matches(code, first, site_id=2)
    settings.CODE_KEY = "another key that lives outside the database"
    assert not posted.matches(code, first, site_id=1)


def test_no_code_is_kept_in_clear_or_said_anywhere(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    make_site()
    make_site("AUTRE")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        said = run(tmp_path)
    printed = codes(tmp_path)
    assert len(printed) == 2
    tables = (LetterBatch, ProvisionalCode, Entry, Site, Adherent)
    kept = "".join(serializers.serialize("json", table.objects.all()) for table in tables)
    if connection.vendor == "sqlite":
        kept += "\n".join(connection.connection.iterdump())
    kept += said + caplog.text + "".join(query["sql"] for query in queries)
    for code in printed:
        assert code not in kept
        assert code.replace("-", "") not in kept


def test_a_named_site_gets_a_new_letter_and_its_former_code_dies(tmp_path):
    site, other = make_site(), make_site("AUTRE")
    print_letters(folder=tmp_path / "1", printed_by="Zoé")
    print_letters(folder=tmp_path / "2", printed_by="Zoé", sites=[site])
    old, new = site.provisional_codes.order_by("pk")
    assert (old.voided_at, old.is_usable()) == (PRINTED, False)
    assert new.is_usable()
    assert identifiers(tmp_path / "2") == [site.cibtp_id]
    assert posted.matches(codes(tmp_path / "2")[0], new.digest, site_id=site.pk)
    assert other.provisional_codes.get().is_usable()


def test_an_expired_code_is_voided_when_the_next_letter_is_printed(tmp_path, at_noon):
    site = make_site()
    print_letters(folder=tmp_path / "1", printed_by="Zoé")
    at_noon.shift(dt.timedelta(days=30))
    print_letters(folder=tmp_path / "2", printed_by="Zoé")
    old, new = site.provisional_codes.order_by("pk")
    assert old.voided_at is not None
    assert new.is_usable()


def test_a_letter_for_an_opening_not_yet_activated_leaves_the_used_code_alone(tmp_path):
    site = make_site()
    print_letters(folder=tmp_path / "1", printed_by="Zoé")
    used = make_opening(site).code
    assert list(awaiting_letters()) == []
    print_letters(folder=tmp_path / "2", printed_by="Zoé", sites=[site])
    used.refresh_from_db()
    assert (used.used_at, used.voided_at) == (PRINTED, None)
    assert site.provisional_codes.exclude(pk=used.pk).get().is_usable()


@pytest.mark.parametrize(
    ("printed", "last_moment"),
    [
        ("2026-11-21T09:00+01:00", "2026-12-12T23:59:59+01:00"),
        ("2026-07-01T00:00+02:00", "2026-07-22T23:59:59+02:00"),
        ("2026-07-01T23:59:59+02:00", "2026-07-22T23:59:59+02:00"),
        ("2026-03-10T12:00+01:00", "2026-03-31T23:59:59+02:00"),
        ("2026-10-05T12:00+02:00", "2026-10-26T23:59:59+01:00"),
    ],
)
def test_a_code_lives_to_the_end_of_the_twenty_first_day_in_paris(tmp_path, at_noon, printed, last_moment):
    at_noon.move_to(dt.datetime.fromisoformat(printed))
    site = make_site()
    print_letters(folder=tmp_path, printed_by="Zoé")
    code = site.provisional_codes.get()
    last = dt.datetime.fromisoformat(last_moment)
    assert code.is_usable(last)
    assert not code.is_usable(last + dt.timedelta(seconds=1))


# --- which sites ---------------------------------------------------------------------------------


def test_a_site_waits_unless_closed_administered_or_able_to_open(tmp_path):
    opened, lettered = make_site("OPENED"), make_site("LETTERED")
    print_letters(folder=tmp_path, printed_by="Zoé")
    make_opening(opened)
    make_site("CLOSED", closed_on=dt.date(2026, 11, 21))
    make_administrator(make_site("ADMINISTERED"))
    waiting = [make_site("NEW"), make_site("CLOSES LATER", closed_on=dt.date(2026, 11, 22))]
    ended = make_site("ENDED")
    make_administrator(ended, ends_on=dt.date(2026, 11, 20))
    not_activated = make_administrator(make_site("NOT ACTIVATED"))
    User.objects.filter(pk=not_activated.beneficiary_id).update(is_active=False)
    merely_a_user = make_administrator(make_site("USER"), role=Role.USER)
    waiting += [ended, not_activated.site, merely_a_user.site]
    assert set(awaiting_letters()) == set(waiting)
    assert lettered not in awaiting_letters()


def test_a_site_waits_again_when_its_code_has_expired(tmp_path, at_noon):
    site = make_site()
    print_letters(folder=tmp_path, printed_by="Zoé")
    at_noon.move_to(dt.datetime.fromisoformat("2026-12-12T23:59:59+01:00"))
    assert list(awaiting_letters()) == []
    at_noon.move_to(dt.datetime.fromisoformat("2026-12-13T00:00:00+01:00"))
    assert list(awaiting_letters()) == [site]


def test_a_named_site_may_be_typed_without_dashes_and_twice(tmp_path):
    site = make_site()
    make_site("AUTRE")
    compact = site.cibtp_id.replace("-", "")
    assert "1 courrier de bienvenue et 1 courrier informatique" in run(
        tmp_path, "--site", compact, site.cibtp_id
    )
    assert identifiers(tmp_path) == [site.cibtp_id]


def test_one_wrong_site_among_those_named_prints_nothing(tmp_path):
    good, closed, taken, homeless = (make_site(name) for name in "ABCD")
    Site.objects.filter(pk=closed.pk).update(closed_on=dt.date(2026, 3, 1))
    make_administrator(taken)
    Site.objects.filter(pk=homeless.pk).update(town="")
    for wrong, reason in (
        (closed.cibtp_id, "fermé depuis le 01/03/2026"),
        (taken.cibtp_id, "a déjà un Administrateur activé"),
        (homeless.cibtp_id, "pas d’adresse postale"),
        ("99999-001-12", "Site inconnu : 99999-001-12"),
        ("2920", "s’écrit comme 29209-001-12"),
    ):
        with pytest.raises(CommandError, match=reason):
            run(tmp_path, "--site", good.cibtp_id, wrong)
    assert os.listdir(tmp_path) == []
    assert not ProvisionalCode.objects.exists()


def test_a_site_without_an_address_goes_on_waiting_and_is_named(tmp_path):
    homeless, good = make_site(town=""), make_site("AUTRE")
    said = run(tmp_path)
    assert homeless.cibtp_id in said
    assert identifiers(tmp_path) == [good.cibtp_id]
    assert list(awaiting_letters()) == [homeless]


# --- all or nothing ------------------------------------------------------------------------------


def test_the_command_says_what_was_printed_and_that_the_codes_must_go(tmp_path):
    make_site()
    make_site("AUTRE")
    said = run(tmp_path)
    assert "2 courriers de bienvenue et 2 courriers informatiques imprimés" in said
    assert str(tmp_path / "codes.pdf") in said
    assert "supprimez-le dès que les courriers sont postés" in said


def test_with_nobody_waiting_the_command_says_so_and_writes_nothing(tmp_path):
    assert run(tmp_path / "absent") == "Aucun courrier à imprimer.\n"
    assert not (tmp_path / "absent").exists()
    assert not LetterBatch.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("name", ["bienvenue.pdf", "codes.pdf"])
def test_letters_that_may_not_be_posted_yet_are_never_replaced(tmp_path, name):
    make_site()
    (tmp_path / name).write_text("courriers d’hier")
    with pytest.raises(CommandError, match=f"contient déjà {name}"):
        run(tmp_path)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["courriers d’hier"]
    assert not ProvisionalCode.objects.exists()


def test_a_folder_that_is_a_file_is_refused_in_words(tmp_path):
    make_site()
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="Impossible d’écrire"):
        run(tmp_path / "file")
    assert not ProvisionalCode.objects.exists()


def raising(*arguments, **options):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("broken", ["os.fsync", "os.rename", "tempfile.mkstemp"])
def test_a_failure_while_writing_leaves_no_file_and_no_code(tmp_path, monkeypatch, broken):
    site = make_site()
    print_letters(folder=tmp_path / "1", printed_by="Zoé")
    former = ProvisionalCode.objects.values().get()
    with monkeypatch.context() as patched:
        patched.setattr(f"accounts.print_folder.{broken}", raising)
        with pytest.raises(CommandError, match="rien n’a été imprimé"):
            run(tmp_path / "2", "--site", site.cibtp_id)
    assert os.listdir(tmp_path / "2") == []
    assert ProvisionalCode.objects.values().get() == former
    assert LetterBatch.objects.count() == 1
    assert Entry.objects.count() == 2


def test_a_failure_between_the_two_files_leaves_neither(tmp_path, monkeypatch):
    make_site()
    renamed = []

    def rename_once(source, target):
        if renamed:
            raising()
        renamed.append(target)
        Path(source).replace(target)

    monkeypatch.setattr("accounts.print_folder.os.rename", rename_once)
    with pytest.raises(OSError, match="No space"):
        print_letters(folder=tmp_path, printed_by="Zoé")
    assert renamed
    assert os.listdir(tmp_path) == []
    assert not ProvisionalCode.objects.exists()


def test_files_already_in_place_are_taken_back_when_the_database_does_not_commit(tmp_path, monkeypatch):
    make_site()
    publish = PrintFolder.publish

    def publish_then_fail(folder):
        publish(folder)
        assert sorted(os.listdir(tmp_path)) == ["bienvenue.pdf", "codes.pdf"]
        raise KeyboardInterrupt

    monkeypatch.setattr(PrintFolder, "publish", publish_then_fail)
    with pytest.raises(KeyboardInterrupt):
        print_letters(folder=tmp_path, printed_by="Zoé")
    assert os.listdir(tmp_path) == []
    assert not ProvisionalCode.objects.exists()


def test_a_letter_that_runs_over_its_page_stops_the_printing(tmp_path, monkeypatch):
    make_site()
    monkeypatch.setattr("accounts.letters.compile_joined", lambda *a, **k: compile_joined(*a, **k) + 1)
    with pytest.raises(CommandError, match="La mise en page a échoué"):
        run(tmp_path)
    assert not ProvisionalCode.objects.exists()
    assert os.listdir(tmp_path) == []


def test_a_missing_logo_stops_the_printing(tmp_path, settings):
    settings.CAISSE = replace(settings.CAISSE, logo="absent.svg")
    make_site()
    with pytest.raises(LettersRefused, match="introuvable"):
        print_letters(folder=tmp_path, printed_by="Zoé")


def test_the_logo_of_the_caisse_stands_above_its_name(tmp_path, settings):
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    )
    settings.STATICFILES_DIRS = [tmp_path]
    settings.CAISSE = replace(settings.CAISSE, logo="logo.svg")
    make_site()
    print_letters(folder=tmp_path / "out", printed_by="Zoé")
    assert tag_faults(PdfReader(tmp_path / "out" / "codes.pdf")) == []


# --- the journal and the cost --------------------------------------------------------------------


def test_the_journal_says_how_many_letters_and_which_sites(tmp_path):
    sites = [make_site(), make_site("AUTRE")]
    print_letters(folder=tmp_path, printed_by="Zoé")
    entries = Entry.objects.filter(kind=Kind.LETTERS, action="letters.printed", actor_name="Zoé")
    batch = LetterBatch.objects.get()
    assert entries.get(cibtp_id="").sentence == (
        f"2 courriers de bienvenue et 2 courriers informatiques imprimés : lot n° {batch.pk}"
    )
    assert {entry.cibtp_id for entry in entries.exclude(cibtp_id="")} == {site.cibtp_id for site in sites}
    assert (batch.printed_by, batch.folder) == ("Zoé", str(tmp_path))


def test_thirty_letters_cost_no_more_queries_than_three(tmp_path, monkeypatch):
    def cost(sites: int) -> int:
        for _ in range(sites):
            make_site()
        with CaptureQueriesContext(connection) as queries:
            print_letters(folder=tmp_path / str(sites), printed_by="Zoé")
        return len(queries)

    assert cost(3) == cost(30)
