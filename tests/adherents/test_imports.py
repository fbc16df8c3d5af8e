"""The extracts of accounting firms, companies and sites."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from adherents import profile_changes
from adherents.models import AccountingFirm, Adherent, ChangeRequest, Site
from portal.origin import COMMAND
from tests.factories import UserFactory
from tests.imports import extract_files as files

pytestmark = pytest.mark.django_db
WRONG_SIREN = files.wrong_key(files.siren(9))


def everything() -> list[list[dict[str, object]]]:
    """All that the three tables hold."""
    return [list(model._base_manager.values()) for model in (AccountingFirm, Adherent, Site)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two firms, three companies and five sites."""
    files.write(tmp_path, "cabinets.csv", [files.cabinet(1), files.cabinet(2)])
    files.write(
        tmp_path,
        "adherents.csv",
        [files.adherent(1, cabinet_siret=files.siret(901)), files.adherent(2), files.adherent(3)],
    )
    files.write(
        tmp_path,
        "sites.csv",
        [files.site(1), files.site(1, 2), files.site(2), files.site(2, 2), files.site(3)],
    )
    return tmp_path


def test_a_first_import_brings_everything(folder: Path) -> None:
    files.run(folder)
    adherent = Adherent.objects.get(number="00001")
    assert adherent.company_name == "MAÇONNERIE 1"
    assert adherent.payroll == Decimal("123456.78")
    assert adherent.joined_on == dt.date(2001, 2, 28)
    assert adherent.manager_name == "Zoé ŒUVRARD"
    assert adherent.head_office.lines == ("12 RUE DE L'ÉGLISE", "01000 BOURG-EN-BRESSE")
    assert adherent.accounting_firm == AccountingFirm.objects.get(siret=files.siret(901))
    assert Adherent.objects.get(number="00002").accounting_firm is None
    assert [site.cibtp_id for site in adherent.sites.all()] == ["00001-001-01", "00001-002-01"]
    assert Site.objects.count() == 5


def test_the_same_import_again_changes_nothing(folder: Path) -> None:
    files.run(folder)
    before = (
        list(Adherent.objects.values()),
        list(Site.objects.values()),
        list(AccountingFirm.objects.values()),
    )
    files.run(folder)
    assert {row["état"] for row in files.report_of(folder)} == {"identique", "bilan"}
    after = (
        list(Adherent.objects.values()),
        list(Site.objects.values()),
        list(AccountingFirm.objects.values()),
    )
    assert after == before


def test_lines_absent_from_a_newer_extract_change_nothing(folder: Path) -> None:
    files.run(folder)
    files.write(folder, "sites.csv", [files.site(3)])
    files.run(folder)
    assert Site.objects.count() == 5


def test_a_change_is_told_from_what_to_what_and_touches_nothing_else(folder: Path) -> None:
    files.run(folder)
    Adherent.objects.filter(number="00001").update(fax="03 00 00 00 00", payment_mode="debit")
    changed = files.adherent(
        1, ville="DIEUE", masse_salariale="5,5", date_adhesion="", cabinet_siret=files.siret(902)
    )
    files.write(folder, "adherents.csv", [files.adherent(2), changed])
    files.run(folder)
    assert files.states_of(folder, "adherents.csv") == {2: "identique", 3: "modifié"}
    assert files.detail_of(folder, "adherents.csv", 3) == (
        "masse_salariale : « 123456,78 » → « 5,50 » ; date_adhesion : « 28/02/2001 » → vide ; "
        f"ville : « BOURG-EN-BRESSE » → « DIEUE » ; "
        f"cabinet_siret : « {files.siret(901)} » → « {files.siret(902)} »"
    )
    adherent = Adherent.objects.get(number="00001")
    assert (adherent.town, adherent.payroll, adherent.joined_on) == ("DIEUE", Decimal("5.50"), None)
    assert (adherent.fax, adherent.payment_mode) == ("03 00 00 00 00", "debit")
    assert adherent.accounting_firm == AccountingFirm.objects.get(siret=files.siret(902))


def test_a_firm_left_out_is_taken_away(folder: Path) -> None:
    files.run(folder)
    files.write(folder, "adherents.csv", [files.adherent(1)])
    files.run(folder)
    assert Adherent.objects.get(number="00001").accounting_firm is None


def test_a_line_both_cleaned_and_changed_shows_both(folder: Path) -> None:
    files.run(folder)
    spaced = f"\u00a0{files.siret(3)[:9]} {files.siret(3)[9:]} "
    files.write(folder, "sites.csv", [files.site(3, siret=spaced, ville="METZ")])
    files.run(folder)
    row = files.report_of(folder, "sites.csv")[0]
    assert row["état"] == "modifié"
    assert row["normalisé"] == (
        "siret : espaces insécables remplacées, espaces superflues retirées, remis en forme"
    )
    assert row["détail"] == "ville : « BOURG-EN-BRESSE » → « METZ »"


def test_a_formula_is_kept_as_the_text_it_is(folder: Path) -> None:
    files.run(folder)
    files.write(folder, "sites.csv", [files.site(3, nom_site=files.FORMULA)])
    files.run(folder)
    assert files.states_of(folder, "sites.csv") == {2: "modifié"}
    assert Site.objects.get(cibtp_id="00003-001-03").name == files.FORMULA


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"siren": ""}, "siren : la valeur manque."),
        ({"numero_adherent": ""}, "numero_adherent : la valeur manque."),
        ({"raison_sociale": "\u00a0"}, "raison_sociale : la valeur manque."),
        (
            {"siren": WRONG_SIREN},
            f"siren « {WRONG_SIREN} » : Ce SIREN comporte une erreur : vérifiez chaque chiffre.",
        ),
        ({"numero_adherent": "9"}, "numero_adherent « 9 » : 5 chiffres sont attendus."),
        ({"date_adhesion": "31/02/2026"}, "date_adhesion « 31/02/2026 » : cette date n’existe pas."),
        (
            {"activite": "XX"},
            "activite « XX » : ce code n’est pas connu ; codes possibles : GO, SO, TP.",
        ),
        (
            {"telephone": "0" * 31},
            f"telephone « {'0' * 31} » : le texte compte 31 caractères, 30 au plus sont gardés.",
        ),
        (
            {"cabinet_siret": files.siret(77)},
            f"cabinet_siret « {files.siret(77)} » : "
            "ce cabinet comptable n’est pas connu ; voyez cabinets.csv.",
        ),
        ({"ville": "A\0B"}, "ville « A\ufffdB » : un caractère de contrôle ou illisible s’y trouve."),
    ],
)
def test_a_company_that_is_not_right_is_refused_with_its_reason(
    folder: Path, changes: dict[str, str], reason: str
) -> None:
    files.write(folder, "adherents.csv", [files.adherent(8), files.adherent(9, **changes)])
    said = files.run_refused(folder)
    assert f"ligne 3 : {reason}" in said
    assert files.states_of(folder, "adherents.csv") == {2: "créé", 3: "refusé"}
    assert files.detail_of(folder, "adherents.csv", 3) == reason
    assert not Adherent.objects.exists()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"numero_adherent": "00002"},
            "Le site 00001-003-01 n’appartient pas à l’adhérent 00002 : son identifiant en nomme un autre.",
        ),
        (
            {"numero_adherent": "99999"},
            "numero_adherent « 99999 » : cet adhérent n’est pas connu ; voyez adherents.csv.",
        ),
        (
            {"identifiant_cibtp": "29209"},
            "identifiant_cibtp « 29209 » : L’identifiant CIBTP s’écrit comme 29209-001-12.",
        ),
        ({"identifiant_cibtp": ""}, "identifiant_cibtp : la valeur manque."),
        ({"siret": ""}, "siret : la valeur manque."),
        (
            {"siret": "1", "date_fermeture": "hier"},
            "siret « 1 » : Le SIRET compte 14 chiffres, par exemple 732 829 320 00074. "
            "date_fermeture « hier » : une date s’écrit jj/mm/aaaa, par exemple 31/01/2026.",
        ),
    ],
)
def test_a_site_that_is_not_right_is_refused_with_every_reason(
    folder: Path, changes: dict[str, str], reason: str
) -> None:
    files.run(folder)
    files.write(folder, "sites.csv", [files.site(1, 3, **changes)])
    files.run_refused(folder)
    assert files.detail_of(folder, "sites.csv", 2) == reason
    assert Site.objects.count() == 5


def test_a_known_site_never_moves_to_another_company(folder: Path) -> None:
    files.run(folder)
    files.write(folder, "sites.csv", [files.site(1, numero_adherent="00002")])
    files.run_refused(folder)
    assert Site.objects.get(cibtp_id="00001-001-01").adherent.number == "00001"


def test_an_address_that_is_no_address_is_kept_as_text(folder: Path) -> None:
    files.run(folder)
    files.write(
        folder, "adherents.csv", [files.adherent(1, courriel="pas  d'adresse", telephone="03\u00a083")]
    )
    files.run(folder)
    adherent = Adherent.objects.get(number="00001")
    assert (adherent.email, adherent.phone) == ("pas d'adresse", "03 83")


def accepted_change(number: str, **changes: str) -> ChangeRequest:
    """A change of that company's file, accepted by staff."""
    company = Adherent.objects.get(number=number)
    site, person = company.sites.get(), UserFactory()
    values = profile_changes.current_values(company) | changes
    asked = profile_changes.ask_change(site=site, person=person, values=values, origin=COMMAND)
    return profile_changes.accept(number=asked.pk, staff=person, origin=COMMAND)


def test_an_extract_with_the_former_value_does_not_undo_an_accepted_change(folder: Path) -> None:
    files.run(folder)
    accepted_change("00003", phone="+33329112233", fax="+33329112234")
    files.run(folder)
    assert files.states_of(folder, "adherents.csv") == {2: "identique", 3: "identique", 4: "identique"}
    (kept,) = (row for row in files.report_of(folder, "adherents.csv") if row["ligne"] == "4")
    assert "modification acceptée le" in kept["normalisé"]
    company = Adherent.objects.get(number="00003")
    assert (company.phone, company.fax) == ("+33329112233", "+33329112234")


def test_once_the_back_office_sends_another_value_it_decides_again(folder: Path) -> None:
    files.run(folder)
    asked = accepted_change("00003", phone="+33329112233", email="neuf@exemple.fr")
    first = [files.adherent(1, cabinet_siret=files.siret(901)), files.adherent(2)]
    for typed in ("03 29 11 22 33", "03 83 12 34 56"):
        files.write(folder, "adherents.csv", [*first, files.adherent(3, telephone=typed)])
        files.run(folder)
        company = Adherent.objects.get(number="00003")
        assert (company.phone, company.email) == (typed, "neuf@exemple.fr")
        asked.refresh_from_db()
        assert asked.unconfirmed == {"email": "contact@adherent3.example"}


def test_two_accepted_changes_of_one_line_are_both_kept(folder: Path) -> None:
    files.run(folder)
    accepted_change("00003", phone="+33329112233")
    accepted_change("00003", phone="+33329112234")
    files.run(folder)
    assert Adherent.objects.get(number="00003").phone == "+33329112234"


def test_a_dry_run_confirms_nothing(folder: Path) -> None:
    files.run(folder)
    asked = accepted_change("00003", phone="+33329112233")
    others = [files.adherent(1, cabinet_siret=files.siret(901)), files.adherent(2)]
    files.write(folder, "adherents.csv", [*others, files.adherent(3, telephone="03 29 11 22 33")])
    files.run(folder, dry_run=True)
    asked.refresh_from_db()
    assert asked.unconfirmed == {"phone": "03 83 12 34 56"}


def test_a_change_taken_back_leaves_the_back_office_free_to_make_it(folder: Path) -> None:
    files.run(folder)
    first = accepted_change("00003", phone="+33329112233")
    back = accepted_change("00003", phone="03 83 12 34 56")
    files.run(folder)
    others = [files.adherent(1, cabinet_siret=files.siret(901)), files.adherent(2)]
    files.write(folder, "adherents.csv", [*others, files.adherent(3, telephone="+33329112233")])
    files.run(folder)
    assert Adherent.objects.get(number="00003").phone == "+33329112233"
    for asked in (first, back):
        asked.refresh_from_db()
        assert asked.unconfirmed == {}
