"""The list of beneficiaries as a sheet: exactly the caller's rows and no formula (R65, R66)."""

import csv
import io

import pytest
from openpyxl import load_workbook

from delegations import exporting
from delegations.models import Outcome
from portal import clock
from portal.journal.models import Entry
from tests.delegations.rights import READ, WRITE, invited, rights, words
from tests.factories import SiteFactory, UserFactory, beneficiary_of, firm_of, owner_of, passed_on

pytestmark = pytest.mark.django_db


def sheet(client, site, **asked):
    """The rows of the CSV, heads first."""
    response = client.post(rights(site, "export/"), {"sans_inactifs": "oui", "format": "csv"} | asked)
    assert response["Content-Disposition"].startswith("attachment")
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_sheet_holds_the_list_and_its_heads(client, site, owner):
    person = UserFactory(last_name="Colin", first_name="Zoé", email="zoe@exemple.fr")
    beneficiary_of(site, READ, beneficiary=person, ends_on=clock.today())
    today = f"{clock.today():%d/%m/%Y}"
    heads, *found = sheet(client, site)
    assert heads == ["Rôle", "Nom et prénom", "Statut", "Date d’effet", "Date de fin", "Courriel"]
    assert found == [
        ["Administrateur", "Aubry Anne", "Actif", today, "", "anne@exemple.fr"],
        ["Utilisateur", "Colin Zoé", "Actif", today, today, "zoe@exemple.fr"],
    ]


def test_whoever_has_no_account_yet_is_called_so_as_in_the_list(client, site, owner):
    invited(site, owner)
    assert [row[1] for row in sheet(client, site)[1:]] == ["Aubry Anne", "Pas encore de compte"]
    assert "Pas encore de compte" in words(client.get(rights(site)))


def test_the_same_filters_narrow_the_sheet(client, site, owner):
    over = {"over_at": clock.now(), "outcome": Outcome.CLOSED}
    beneficiary_of(site, READ, beneficiary=UserFactory(last_name="Ferme"), **over)
    for place in range(7):  # more than a page
        beneficiary_of(site, READ, beneficiary=UserFactory(last_name=f"Colin{place}"))
    assert len(sheet(client, site)) == 9
    assert len(sheet(client, site, nom="colin", tri="-nom")) == 8
    assert [row[1] for row in sheet(client, site, statut="closed")[1:]] == ["Ferme Loïc"]
    assert sheet(client, site, courriel="introuvable")[1:] == []


def test_a_firms_sheet_holds_the_firms_people_only(client, site):
    owner_of(site, last_name="CANARI")
    beneficiary_of(site, READ, beneficiary=UserFactory(last_name="CANARI-COLIN"))
    passed_on(firm_of(SiteFactory(), READ), READ, beneficiary=UserFactory(last_name="CANARI-AILLEURS"))
    firm = firm_of(site, WRITE)
    passed_on(firm, READ, beneficiary=UserFactory(last_name="Ferry"))
    client.force_login(firm.beneficiary)
    for asked in ({}, {"cote": "entreprise"}, {"role": "administrator"}):
        assert "CANARI" not in str(sheet(client, site, **asked))
    assert [row[1] for row in sheet(client, site)[1:]] == ["Ferry Loïc"]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "＝1+1", "\t=1"])
def test_no_name_becomes_a_formula(client, site, owner, name):
    beneficiary_of(site, READ, beneficiary=UserFactory(last_name=name, first_name=""))
    (found,) = [row[1] for row in sheet(client, site)[1:] if row[1] != "Aubry Anne"]
    assert found.startswith("'")
    response = client.post(rights(site, "export/"), {"format": "xlsx"})
    cells = [cell for row in load_workbook(io.BytesIO(response.content)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert any(str(cell.value).startswith("'") for cell in cells)


def test_each_export_is_a_line_of_the_sites_journal(client, site, owner):
    sheet(client, site)
    line = Entry.objects.get(action="rights.exported")
    assert line.cibtp_id == site.cibtp_id
    assert line.sentence == "Anne Aubry exporte la liste des bénéficiaires\u00a0: 1 ligne"


def test_a_list_too_long_is_narrowed_first(client, site, owner, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 1)
    beneficiary_of(site, READ)
    response = client.post(rights(site, "export/"), {"format": "csv"})
    assert response["Location"] == rights(site)
    assert "filtrez-la, puis exportez-la" in words(client.get(rights(site)))
    assert not Entry.objects.filter(action="rights.exported").exists()


def test_a_user_exports_nothing(client, site):
    client.force_login(beneficiary_of(site, READ).beneficiary)
    assert client.post(rights(site, "export/"), {"format": "csv"}).status_code == 403
