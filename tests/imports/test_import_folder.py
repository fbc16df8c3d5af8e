"""An import from end to end: whole files, in order, told line by line."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from adherents.models import AccountingFirm, Adherent, Site
from portal.imports import running
from portal.imports.line import Line
from portal.imports.report import Report
from tests.imports import extract_files as files

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One firm, two companies, two sites, all new."""
    files.write(tmp_path, "cabinets.csv", [files.cabinet(1)])
    files.write(tmp_path, "adherents.csv", [files.adherent(1), files.adherent(2)])
    files.write(tmp_path, "sites.csv", [files.site(1), files.site(2)])
    return tmp_path


def spoil(folder: Path) -> None:
    """Put each way of spoiling a line into the folder's sites.csv, which ends with 12 lines."""
    first = files.site(2)
    files.write(
        folder,
        "sites.csv",
        [
            files.site(1),
            files.cut_short("sites.csv", files.site(1, 2)),
            files.site(1, 3, identifiant_cibtp=""),
            files.site(1, 4, siret=f"\u00a0{files.siret(1, 4)} "),
            files.site(1, 5, siret=files.wrong_key(files.siret(1, 5))),
            files.site(1, 6, nom_site=files.FORMULA),
            files.site(1, 7, date_fermeture="31/02/2026"),
            files.site(1, 8, numero_adherent="99999"),
            first,
            first,
            files.site(2, 2),
        ],
    )


def test_each_line_gets_its_state_and_its_number(folder: Path) -> None:
    spoil(folder)
    files.run_refused(folder)
    assert files.states_of(folder, "sites.csv") == {
        2: "créé",
        3: "refusé",
        4: "refusé",
        5: "créé",
        6: "refusé",
        7: "créé",
        8: "refusé",
        9: "refusé",
        10: "créé",
        11: "refusé",
        12: "créé",
    }
    assert "La ligne est coupée : 7 colonnes au lieu de 9." in files.detail_of(folder, "sites.csv", 3)
    assert files.detail_of(folder, "sites.csv", 11) == "Cette ligne porte sur la même chose que la ligne 10."
    assert "espaces insécables" in files.report_of(folder, "sites.csv")[3]["normalisé"]


def test_one_refused_line_keeps_the_whole_file_out_and_no_other_file(folder: Path) -> None:
    spoil(folder)
    said = files.run_refused(folder)
    assert "Fichiers refusés : sites.csv." in said
    assert "refusées : 6 ; dont normalisées : 1." in said
    assert Site.objects.count() == 0
    assert (AccountingFirm.objects.count(), Adherent.objects.count()) == (1, 2)


def test_a_refused_file_takes_nothing_back_from_an_earlier_import(folder: Path) -> None:
    files.run(folder)
    files.write(folder, "adherents.csv", [files.adherent(1, ville="METZ"), files.adherent(3, siren="")])
    files.run_refused(folder)
    assert Adherent.objects.get(number="00001").town == "BOURG-EN-BRESSE"


def test_files_after_a_refused_one_still_run(folder: Path) -> None:
    files.write(folder, "adherents.csv", [files.adherent(1, siren="")])
    said = files.run_refused(folder)
    assert "Fichiers refusés : adherents.csv, sites.csv." in said
    assert "cet adhérent n’est pas connu" in files.detail_of(folder, "sites.csv", 2)


def test_the_first_refusals_are_said_and_the_others_are_in_the_report(folder: Path) -> None:
    files.write(folder, "sites.csv", [files.site(1, rank, siret="") for rank in range(1, 21)])
    said = files.run_refused(folder)
    assert [line for line in said.splitlines() if "la valeur manque" in line] == [
        f"  ligne {number} : siret : la valeur manque." for number in range(2, 7)
    ]
    assert len(files.report_of(folder, "sites.csv")) == 21


def test_a_trial_run_finds_the_same_and_keeps_nothing(folder: Path) -> None:
    said = files.run(folder, dry_run=True)
    trial = files.report_of(folder)
    assert "Essai à blanc : rien n’a été gardé." in said
    assert not AccountingFirm.objects.exists()
    assert not Adherent.objects.exists()
    files.run(folder)
    assert files.report_of(folder) == trial
    assert Site.objects.count() == 2


def test_a_trial_run_survives_a_refused_file(folder: Path) -> None:
    files.write(folder, "adherents.csv", [files.adherent(1, siren=""), files.adherent(2)])
    said = files.run_refused(folder, dry_run=True)
    assert "Fichiers refusés : adherents.csv, sites.csv." in said
    assert not AccountingFirm.objects.exists()


def test_lines_beyond_one_batch_are_compared_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    sites = [files.site(1, rank) for rank in range(1, 8)]
    files.write(folder, "sites.csv", [*sites, sites[0]])
    files.run_refused(folder)
    assert files.detail_of(folder, "sites.csv", 9) == "Cette ligne porte sur la même chose que la ligne 2."
    files.write(folder, "sites.csv", sites)
    files.run(folder)
    assert Site.objects.count() == 7


def test_an_import_that_is_stopped_leaves_nothing_half_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    told = Report.lines

    def stop(report: Report, name: str, lines: list[Line]) -> None:
        told(report, name, lines)
        if name == "sites.csv":
            assert Site.objects.exists()
            raise Killed

    monkeypatch.setattr(running, "BATCH", 1)
    monkeypatch.setattr(Report, "lines", stop)
    with pytest.raises(Killed):
        files.run(folder)
    assert Adherent.objects.count() == 2
    assert Site.objects.count() == 0


def test_a_database_that_gives_up_refuses_the_file_in_french(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object) -> None:
        raise DatabaseError("Key (siret)=(73282932000074) is locked")

    monkeypatch.setattr(running, "keep", give_up)
    said = files.run_refused(folder)
    assert "La base de données n’a pas pu le garder (DatabaseError)" in said
    assert "73282932000074" not in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Le fichier est vide."),
        (b"\r\n", "Le fichier est vide."),
        (b"siret;nom\r\n", "colonnes manquantes : courriel"),
        (b"siret;nom;courriel;fax\r\n", "colonnes inconnues : fax"),
        (b"siret,nom,courriel\r\n", "colonnes manquantes : siret, nom, courriel"),
        (b"\0" * 100, "L’en-tête est illisible"),
        (b"x" * 1_000_000, "La ligne est trop longue"),
        (b"siret;nom;courriel\r\n\0;\0;\0\r\n", "un caractère de contrôle ou illisible"),
        (b'siret;nom;courriel\r\n"7;a;b\r\n', "Un guillemet"),
        (b"siret;nom;courriel\r\n\x81;\x8d;\x90\r\n", "un caractère de contrôle ou illisible"),
        (b"siret;nom;courriel\r\n" + b"7" * 1_000_000 + b";a;b\r\n", "La ligne est trop longue"),
        (b"siret;nom;courriel\r\n" + b"7" * 60_000 + b";a;b\r\n", "Le SIRET compte 14 chiffres"),
        (b"siret;nom;courriel\r\n1;2;3;4\r\n", "un texte qui contient un point-virgule"),
        (b"siret;nom;courriel\r\n;;\r\n", "siret : la valeur manque."),
    ],
)
def test_whatever_a_file_holds_it_is_refused_in_french(folder: Path, content: bytes, said: str) -> None:
    (folder / "cabinets.csv").write_bytes(content)
    assert said in files.run_refused(folder)
    assert not AccountingFirm.objects.exists()


def test_a_file_with_its_header_only_brings_nothing(folder: Path) -> None:
    files.write(folder, "cabinets.csv", [])
    assert "cabinets.csv : Lignes lues : 0" in files.run(folder)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_accents_arrive_whole_whatever_the_encoding(folder: Path, encoding: str) -> None:
    files.write(folder, "cabinets.csv", [files.cabinet(1, nom="ŒUVRARD & CÔME – L’ÉTÉ")], encoding)
    files.run(folder)
    assert AccountingFirm.objects.get().name == "ŒUVRARD & CÔME – L’ÉTÉ"


def test_a_file_nobody_takes_yet_is_named_and_left(folder: Path) -> None:
    (folder / "inconnu.csv").write_bytes(b"\0")
    assert "inconnu.csv : fichier pas encore repris, ignoré" in files.run(folder)


def test_a_missing_file_is_named_and_the_others_are_read(folder: Path) -> None:
    (folder / "cabinets.csv").unlink()
    assert "cabinets.csv : absent du dossier" in files.run(folder)
    assert Site.objects.count() == 2


def test_capital_letters_in_a_file_name_do_not_matter_but_two_such_files_do(folder: Path) -> None:
    (folder / "sites.csv").rename(folder / "SITES.CSV")
    files.run(folder)
    assert Site.objects.count() == 2
    files.write(folder, "sites.csv", [])
    assert "deux fichiers sites.csv" in files.run_refused(folder)


def test_a_folder_named_like_a_file_is_refused(folder: Path) -> None:
    (folder / "cabinets.csv").unlink()
    (folder / "cabinets.csv").mkdir()
    assert "Ce n’est pas un fichier." in files.run_refused(folder)


def test_a_folder_that_is_not_there_or_holds_no_extract_is_said(tmp_path: Path) -> None:
    assert "ne peut pas être lu : introuvable." in files.run_refused(tmp_path / "absent")
    assert "ne contient aucun des fichiers attendus" in files.run_refused(tmp_path)


def test_the_report_goes_where_asked_and_is_for_its_owner_only(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "ailleurs.txt"
    files.run(folder, report=report)
    assert report.read_bytes().startswith("\ufefffichier;ligne;état;normalisé;détail\r\n".encode())
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert not (folder / "rapport-import.csv").exists()


def test_a_report_may_be_written_over_an_earlier_one_and_is_never_read(folder: Path) -> None:
    files.run(folder, report=folder / "mardi.csv")
    assert "mardi.csv : fichier" not in files.run(folder, report=folder / "mardi.csv")


def test_the_report_never_takes_the_place_of_an_extract(folder: Path) -> None:
    before = (folder / "sites.csv").read_bytes()
    said = files.run_refused(folder, report=folder / "sites.csv")
    assert "ne peut pas prendre la place d’un extrait" in said
    assert (folder / "sites.csv").read_bytes() == before


@pytest.mark.parametrize("place", ["absent/rapport.csv", "."])
def test_a_report_that_cannot_be_written_stops_everything(folder: Path, place: str) -> None:
    assert "ne peut pas être écrit" in files.run_refused(folder, report=folder / place)
    assert not AccountingFirm.objects.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_keeps_the_file_out(folder: Path) -> None:
    with pytest.raises(CommandError, match="le disque est plein"):
        call_command("import_extracts", folder, report=Path("/dev/full"))
    assert not AccountingFirm.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_others_may_refer_to_the_companies_that_an_import_holds(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.run(folder)
    told = Report.lines

    def open_a_site() -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            adherent = Adherent.objects.get(number="00001")
            return Site.objects.create(
                cibtp_id="00001-009-01", siret=files.siret(1, 9), adherent=adherent
            ).cibtp_id
        finally:
            connection.close()

    def meanwhile(report: Report, name: str, lines: list[Line]) -> None:
        told(report, name, lines)
        if name == "adherents.csv":
            with ThreadPoolExecutor() as pool:
                assert pool.submit(open_a_site).result() == "00001-009-01"

    monkeypatch.setattr(Report, "lines", meanwhile)
    files.run(folder)
