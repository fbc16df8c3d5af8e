"""One's own rights: read, and given back."""

import datetime as dt

import pytest

from delegations.models import Delegation, Outcome, Role, Side
from portal import clock
from tests.delegations.rights import READ, WRITE, page_of, rights, words
from tests.factories import (
    DelegationFactory,
    UserFactory,
    beneficiary_of,
    firm_of,
    owner_of,
    passed_on,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_a_user_reads_his_rights_and_who_gave_them(client, site):
    giver = owner_of(site, last_name="Aubry", first_name="Anne")
    beneficiary_of(site, READ, beneficiary=UserFactory(last_name="CANARI"))
    mine = beneficiary_of(site, WRITE, given_by=giver)
    client.force_login(mine.beneficiary)
    page = words(client.get(rights(site, "mes-droits/")))
    assert "Anne Aubry, le " in page
    assert "Mes informations adhérent Mise à jour" in page
    assert "Renoncer à ces droits" in page
    assert "CANARI" not in page


def test_a_collaborator_reads_what_his_firm_holds(client, site):
    firm = firm_of(site, WRITE, ends_on=clock.today() + 20 * DAY)
    mine = passed_on(firm, READ)
    client.force_login(mine.beneficiary)
    page = words(client.get(rights(site, "mes-droits/")))
    assert f"Ce que votre cabinet tient sur ce site, jusqu’au {firm.ends_on:%d/%m/%Y} inclus" in page
    assert "Mes informations adhérent Consultation" in page
    assert "Mes informations adhérent Mise à jour" in page


def test_renouncing_the_only_right_leads_to_the_choice_of_a_site(client, site):
    owner_of(site)
    mine = beneficiary_of(site, READ)
    client.force_login(mine.beneficiary)
    address = rights(site, f"mes-droits/{mine.pk}/renoncer/")
    assert "Vous perdez aussitôt ces droits." in words(client.get(address))
    done = client.post(address)
    assert done["Location"] == "/sites/"
    assert f"Vous avez renoncé à vos droits sur {site.cibtp_id}" in words(client.get("/sites/"))
    assert client.get(rights(site, "mes-droits/")).status_code == 404
    mine.refresh_from_db()
    assert mine.outcome == Outcome.RENOUNCED


def test_renouncing_one_side_keeps_the_other(client, site):
    owner_of(site)
    mine = beneficiary_of(site, READ)
    firm = firm_of(site, WRITE, beneficiary=mine.beneficiary)
    passed_on(firm, READ)
    client.force_login(mine.beneficiary)
    page = words(client.get(rights(site, "mes-droits/")))
    assert "Pour l’entreprise" in page
    assert f"Pour {firm.firm.name}" in page
    address = rights(site, f"mes-droits/{firm.pk}/renoncer/")
    assert "les droits de 1 collaborateur de votre cabinet" in words(client.get(address))
    assert client.post(address)["Location"] == rights(site, "mes-droits/")
    assert "Vous avez renoncé" in words(client.get(rights(site, "mes-droits/")))
    assert not Delegation.objects.filter(parent=firm, over_at=None).exists()
    assert client.post(address).status_code == 409


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_last_administrator_does_not_renounce(client, site, owner, method):
    mine = owner.delegations.get()
    response = getattr(client, method)(rights(site, f"mes-droits/{mine.pk}/renoncer/"))
    assert response.status_code == 409
    assert "Ce site n’aurait plus d’Administrateur" in words(response)
    assert rights(site, "mes-droits/") in response.content.decode()
    mine.refresh_from_db()
    assert mine.over_at is None


def test_nobody_renounces_for_another(client, site, owner):
    other = beneficiary_of(site, READ)
    for method in (client.get, client.post):
        assert method(rights(site, f"mes-droits/{other.pk}/renoncer/")).status_code == 404
    other.refresh_from_db()
    assert other.over_at is None


def test_the_personal_menu_offers_the_list_to_givers_and_ones_own_rights_to_all(client, site, owner):
    home = f"/sites/{site.cibtp_id}/"
    for person, gives in (
        (owner, True),
        (firm_of(site, READ).beneficiary, True),
        (beneficiary_of(site, READ).beneficiary, False),
    ):
        client.force_login(person)
        page = client.get(home).content.decode()
        assert (f'href="{rights(site)}"' in page) is gives
        assert f'href="{rights(site, "mes-droits/")}"' in page


def test_a_deputy_closes_and_is_told_as_such(client, site, owner):
    firm = firm_of(site, WRITE)
    deputy = passed_on(firm, {}, role=Role.DEPUTY)
    assert deputy.side == Side.FIRM
    client.force_login(deputy.beneficiary)
    assert "Un Responsable adjoint a, sur ce site" in words(client.get(rights(site, "mes-droits/")))
    other = passed_on(firm, READ)
    assert client.post(page_of(site, other, "fermer/")).status_code == 302


def test_a_number_beyond_a_thousand_names_its_section(client):
    owner = DelegationFactory(pk=12_345).beneficiary
    client.force_login(owner)
    site = owner.delegations.get().site
    page = client.get(f"/sites/{site.cibtp_id}/droits/mes-droits/").content.decode()
    assert page.count('"droits-12345"') == 2
