"""The extract of employees: who, under which contract, and in which collège since when."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine

from employees.models import CollegePeriod, Contract, Employee
from tests import factories
from tests.imports import extract_files as files

pytestmark = pytest.mark.django_db
FIRST_DAY, LATER = "2026-03-10", "2026-05-20"
HIRED = dt.date(2015, 3, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sites and three employees, imported on the first day."""
    files.write(tmp_path, "adherents.csv", [files.adherent(1), files.adherent(2)])
    files.write(tmp_path, "sites.csv", [files.site(1), files.site(2)])
    files.write(
        tmp_path,
        "salaries.csv",
        [files.employee(1), files.employee(1, 2, college="ETAM"), files.employee(2)],
    )
    with time_machine.travel(FIRST_DAY, tick=False):
        files.run(tmp_path)
    return tmp_path


def again(folder: Path, *lines: dict[str, str], on: str = LATER) -> str:
    """Import these lines on a later day; what became of the first one."""
    files.write(folder, "salaries.csv", lines)
    with time_machine.travel(on, tick=False):
        files.run(folder)
    return files.states_of(folder, "salaries.csv")[2]


def periods(matricule: str = "0001") -> list[tuple[object, ...]]:
    rows = CollegePeriod.objects.filter(employee__site__cibtp_id="00001-001-01")
    found = rows.filter(employee__matricule=matricule).order_by("starts_on")
    return list(found.values_list("college", "starts_on", "ends_on"))


def contracts() -> list[tuple[object, ...]]:
    rows = Contract.objects.filter(employee__site__cibtp_id="00001-001-01", employee__matricule="0001")
    return list(rows.order_by("hired_on").values_list("hired_on", "left_on", "classification"))


def everything() -> list[list[dict[str, object]]]:
    return [
        list(model._base_manager.order_by("pk").values()) for model in (Employee, Contract, CollegePeriod)
    ]


def test_a_first_import_brings_the_person_his_contract_and_his_college(folder: Path) -> None:
    person = Employee.objects.get(site__cibtp_id="00001-001-01", matricule="0001")
    assert (person.last_name, person.first_name) == ("D'ARC-VALLON", "Loïc")
    assert person.nir == factories.nir(101)
    assert person.born_on == dt.date(1980, 2, 28)
    assert (person.recent_hours, person.bad_weather_days) == (Decimal("303.34"), 3)
    assert (person.leave_earned, person.iban_known) == (Decimal("22.50"), True)
    contract = person.contracts.get()
    assert (contract.trade, contract.classification) == ("018", "N2P1")
    assert (contract.hired_on, contract.left_on, contract.hourly_rate) == (HIRED, None, Decimal("14.50"))
    assert periods() == [("ouvrier", HIRED, None)]
    assert periods("0002") == [("etam", HIRED, None)]
    assert Employee.objects.count() == 3


def test_the_same_file_on_another_day_changes_nothing(folder: Path) -> None:
    before = everything()
    with time_machine.travel(LATER, tick=False):
        files.run(folder)
    assert set(files.states_of(folder, "salaries.csv").values()) == {"identique"}
    assert everything() == before


def test_another_college_begins_on_the_extracts_day_and_closes_the_one_before(folder: Path) -> None:
    assert again(folder, files.employee(1, college="CADRE")) == "modifié"
    assert files.detail_of(folder, "salaries.csv", 2) == "college : « OUVRIER » → « CADRE »"
    assert periods() == [
        ("ouvrier", HIRED, dt.date(2026, 5, 19)),
        ("cadre", dt.date(2026, 5, 20), None),
    ]


def test_a_college_changed_twice_in_a_day_is_merely_corrected(folder: Path) -> None:
    again(folder, files.employee(1, college="CADRE"))
    assert again(folder, files.employee(1, college="ETAM")) == "modifié"
    assert periods() == [("ouvrier", HIRED, dt.date(2026, 5, 19)), ("etam", dt.date(2026, 5, 20), None)]


def test_a_contract_is_corrected_where_it_stands(folder: Path) -> None:
    changed = files.employee(1, classification="N3P1", date_sortie="30/04/2026", taux_horaire="15,10")
    assert again(folder, changed) == "modifié"
    assert files.detail_of(folder, "salaries.csv", 2) == (
        "classification : « N2P1 » → « N3P1 » ; date_sortie : vide → « 30/04/2026 » ; "
        "taux_horaire : « 14,50 » → « 15,10 »"
    )
    assert contracts() == [(HIRED, dt.date(2026, 4, 30), "N3P1")]
    assert periods() == [("ouvrier", HIRED, None)]


def test_somebody_hired_again_has_a_second_contract(folder: Path) -> None:
    again(folder, files.employee(1, date_sortie="30/04/2026"))
    assert again(folder, files.employee(1, date_embauche="18/05/2026")) == "modifié"
    assert files.detail_of(folder, "salaries.csv", 2) == "nouveau contrat à partir du 18/05/2026"
    assert contracts() == [
        (HIRED, dt.date(2026, 4, 30), "N2P1"),
        (dt.date(2026, 5, 18), None, "N2P1"),
    ]
    files.write(folder, "salaries.csv", [files.employee(1, date_embauche="30/04/2026")])
    said = files.run_refused(folder)
    assert "un contrat précédent court jusqu’au 30/04/2026." in said
    assert len(contracts()) == 2


def test_a_day_of_hire_that_moves_takes_the_first_college_along(folder: Path) -> None:
    again(folder, files.employee(1, date_embauche="05/01/2015"))
    assert contracts()[0][0] == dt.date(2015, 1, 5)
    assert periods() == [("ouvrier", dt.date(2015, 1, 5), None)]


def test_a_changed_nir_is_told_without_the_number(folder: Path) -> None:
    assert again(folder, files.employee(1, nir=factories.nir(999))) == "modifié"
    assert files.detail_of(folder, "salaries.csv", 2) == "nir modifié"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nir": ""}, "nir : la valeur manque."),
        (
            {"nir": files.wrong_key(factories.nir(101))},
            "nir : Ce numéro de sécurité sociale comporte une erreur : vérifiez chaque chiffre et la clé.",
        ),
        ({"nir": "253072C07300443"}, "nir : Ce numéro de sécurité sociale comporte une erreur : "),
        ({"nir": "18002571"}, "nir : Le numéro de sécurité sociale compte 15 caractères, clé comprise."),
        ({"date_naissance": "31/02/2026"}, "date_naissance « 31/02/2026 » : cette date n’existe pas."),
        (
            {"identifiant_cibtp": "99999-001-00"},
            "identifiant_cibtp « 99999-001-00 » : ce site n’est pas connu ; voyez sites.csv.",
        ),
        (
            {"college": "EMPLOYE"},
            "college « EMPLOYE » : ce collège n’est pas connu ; collèges possibles : OUVRIER, ETAM, CADRE.",
        ),
        ({"college": ""}, "college : la valeur manque."),
        ({"date_embauche": ""}, "date_embauche : la valeur manque."),
        (
            {"date_sortie": "01/03/2015"},
            "La date de sortie 01/03/2015 précède la date d’embauche 02/03/2015.",
        ),
        ({"date_embauche": "28/02/1980"}, "La date d’embauche 28/02/1980 précède la date de naissance."),
        ({"matricule": "0001"}, "Cette ligne porte sur la même chose que la ligne 2."),
    ],
)
def test_a_line_that_is_not_right_refuses_the_file_with_its_reason(
    folder: Path, changes: dict[str, str], reason: str
) -> None:
    before = everything()
    wrong = files.employee(1, 3) | changes
    files.write(folder, "salaries.csv", [files.employee(1, classification="N9"), wrong])
    said = files.run_refused(folder)
    assert f"ligne 3 : {reason}" in said
    assert factories.nir(103) not in said
    assert everything() == before


def test_a_line_cut_short_is_refused(folder: Path) -> None:
    files.write(folder, "salaries.csv", [files.cut_short("salaries.csv", files.employee(1))])
    assert "ligne 2 : La ligne est coupée : 14 colonnes au lieu de 16." in files.run_refused(folder)


def test_special_spaces_are_understood_and_told_and_a_formula_stays_text(folder: Path) -> None:
    spaced = f"\u00a0{factories.nir(101)} "
    assert again(folder, files.employee(1, nir=spaced, nom=files.FORMULA)) == "modifié"
    (row, _) = files.report_of(folder, "salaries.csv")
    assert row["normalisé"] == "nir : espaces insécables remplacées, espaces superflues retirées"
    assert Employee.objects.filter(last_name=files.FORMULA).count() == 1


def test_a_temporary_number_is_taken_and_told(folder: Path) -> None:
    body = "7800257001001"
    temporary = f"{body}{97 - int(body) % 97:02}"
    assert again(folder, files.employee(1, nir=temporary)) == "modifié"
    assert files.report_of(folder, "salaries.csv")[0]["normalisé"] == "nir : numéro provisoire"


def test_no_report_bears_a_nir(folder: Path) -> None:
    files.write(folder, "salaries.csv", [files.employee(1, nir=factories.nir(7), nom="X")])
    files.run(folder)
    told = (folder / "rapport-import.csv").read_text(encoding="utf-8-sig")
    assert "nir modifié" in told
    assert factories.nir(7) not in told
    assert factories.nir(101) not in told
