"""Printing succeeds whole or leaves nothing; what it says and what it costs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.letters import LettersRefused, print_letters
from accounts.models import LetterBatch, ProvisionalCode
from accounts.print_folder import PrintFolder
from portal.journal.models import Entry, Kind
from portal.pdf.compiling import compile_joined
from tests.accounts import printing
from tests.accounts.printing import (
    make_site,
    run,
)
from tests.pdf.tagging import tag_faults

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
at_noon = printing.at_noon


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
