"""« Gérer les droits d'accès »: who sees whom, what a row offers, the firm below (product.md 6.4)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delegations.models import Delegation, Outcome, Role, Side
from portal import clock
from tests.delegations.rights import READ, WRITE, names, person_named, rights, rows, with_firm_on_file, words
from tests.factories import SiteFactory, UserFactory, beneficiary_of, firm_of, owner_of, passed_on

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
MANY = 2_000


def test_it_says_whose_rights_they_are_and_how_many_hold_them(client, site, owner):
    for place in range(3):
        beneficiary_of(site, READ, beneficiary=person_named(f"Colin{place}"))
    page = words(client.get(rights(site)))
    assert f"Identifiant CIBTP {site.cibtp_id} / {site.adherent.company_name}" in page
    assert "Utilisateurs\u00a0: 4 bénéficiaires" in page
    assert "Liste des bénéficiaires de délégation" in page


def test_an_administrator_sees_company_people_the_firm_and_reads_its_collaborators(client, site, owner):
    beneficiary_of(site, READ, beneficiary=person_named("Colin"))
    firm = firm_of(site, WRITE, beneficiary=person_named("Didier"))
    passed_on(firm, READ, beneficiary=person_named("Etienne"))
    response = client.get(rights(site))
    assert names(response) == ["Aubry", "Colin", "Didier"]
    assert firm.firm.name in rows(response)[2]
    (collaborator,) = rows(response, "Collaborateurs du cabinet")
    assert "Etienne Zoé" in collaborator
    assert "Consultation de 1 fonctionnalité" in collaborator
    assert "Visualisation" in collaborator
    assert "Fermeture" not in collaborator


@pytest.mark.parametrize("role", [Role.HEAD, Role.DEPUTY])
def test_firm_people_see_the_firms_beneficiaries_only(client, site, role):
    with_firm_on_file(site)
    owner_of(site, last_name="CANARI-ADMIN", email="canari-admin@exemple.fr")
    beneficiary_of(site, READ, beneficiary=person_named("CANARI-COLIN"))
    elsewhere = firm_of(SiteFactory(), WRITE)
    passed_on(elsewhere, READ, beneficiary=person_named("CANARI-AILLEURS"))
    firm = firm_of(site, WRITE, beneficiary=person_named("Didier"), firm=elsewhere.firm)
    deputy = passed_on(firm, {}, beneficiary=person_named("Etienne"), role=Role.DEPUTY)
    passed_on(firm, READ, beneficiary=person_named("Ferry"))
    client.force_login((firm if role == Role.HEAD else deputy).beneficiary)
    response = client.get(rights(site))
    assert names(response) == ["Etienne", "Ferry"]
    body = response.content.decode()
    assert "canari" not in body.lower()
    assert "Déléguer à mon cabinet comptable" not in body
    assert "journal" not in words(response)


def test_a_user_is_led_to_his_own_rights(client, site):
    client.force_login(beneficiary_of(site, READ).beneficiary)
    for answer in (client.get(rights(site)), client.post(rights(site), {"nom": "x"})):
        assert answer["Location"] == rights(site, "mes-droits/")


def test_people_of_another_site_never_show(client, site, owner):
    sister = SiteFactory(adherent=site.adherent)
    for other in (sister, SiteFactory()):
        beneficiary_of(other, READ, beneficiary=person_named("CANARI"))
        firm = firm_of(other, READ, beneficiary=person_named("CANARI-CABINET"))
        passed_on(firm, READ, beneficiary=person_named("CANARI-COLLEGUE"))
    for asked in ({}, {"inactifs": "oui"}, {"cote": "cabinet"}, {"site": sister.cibtp_id}):
        assert "CANARI" not in client.get(rights(site), asked).content.decode()
    assert "CANARI" not in client.post(rights(site), {"courriel": "exemple"}).content.decode()


def test_whoever_stands_on_both_sides_sees_one_at_a_time(client, site, owner):
    firm = firm_of(site, WRITE, beneficiary=owner)
    passed_on(firm, READ, beneficiary=person_named("Ferry"))
    beneficiary_of(site, READ, beneficiary=person_named("Colin"))
    assert names(client.get(rights(site))) == ["Aubry", "Aubry", "Colin"]
    assert names(client.get(rights(site), {"cote": "cabinet"})) == ["Ferry"]
    assert names(client.post(rights(site), {"cote": "cabinet", "nom": "ferry"})) == ["Ferry"]


def test_a_firm_that_has_given_nothing_yet_is_offered_to(client, site):
    client.force_login(firm_of(site, READ).beneficiary)
    response = client.get(rights(site))
    assert "0 bénéficiaire" in words(response)
    assert rights(site, "ajouter/") in response.content.decode()
    assert "Voir aussi les délégations terminées" in words(response)


# --- what can be done from a row ---


def actions(response, name):
    (row,) = [row for row in rows(response) if name in row]
    known = (
        *("Visualisation", "Modification", "Fermeture", "Suppression", "Renoncer"),
        *("Renvoyer l’invitation", "Confirmer ou refuser"),
    )
    return [word for word in known if f"{word}, " in row]


def test_the_actions_of_a_row_follow_its_kind_and_its_state(client, site, owner):
    beneficiary_of(site, READ, beneficiary=person_named("Colin"))
    firm_of(site, READ, beneficiary=person_named("Didier"))
    ended = {"over_at": clock.now(), "outcome": Outcome.CLOSED}
    beneficiary_of(site, READ, beneficiary=person_named("Etienne"), **ended)
    response = client.get(rights(site), {"inactifs": "oui"})
    assert actions(response, "Aubry") == ["Visualisation", "Renoncer"]
    assert actions(response, "Colin") == ["Visualisation", "Modification", "Fermeture"]
    assert actions(response, "Didier") == ["Visualisation", "Modification", "Suppression"]
    assert actions(response, "Etienne") == ["Visualisation"]


# --- the firm, below ---


def test_no_firm_on_file_sends_to_the_caisse_and_offers_no_button(client, site, owner):
    page = words(client.get(rights(site)))
    assert "Aucun cabinet comptable n’est identifié\u00a0: contactez votre caisse" in page
    assert "Déléguer à mon cabinet comptable" not in page


def test_a_firm_on_file_may_be_delegated_to_once(client, site, owner):
    firm = with_firm_on_file(site)
    page = words(client.get(rights(site)))
    assert f"Cabinet Comptable délégable\u00a0: {firm.name}" in page
    assert "Vous n’avez défini aucune délégation à votre cabinet comptable." in page
    assert "Déléguer à mon cabinet comptable" in page
    firm_of(site, READ, firm=firm)
    page = words(client.get(rights(site)))
    assert "Vous n’avez défini" not in page
    assert "Déléguer à mon cabinet comptable" not in page
    assert f"Délégation à {firm.name}\u00a0: active" in page


def test_a_firm_that_ended_can_be_delegated_to_again(client, site, owner):
    firm = with_firm_on_file(site)
    yesterday = clock.today() - DAY
    firm_of(site, READ, firm=firm, starts_on=yesterday, ends_on=yesterday)
    assert "Déléguer à mon cabinet comptable" in words(client.get(rights(site)))


def test_a_firm_that_waits_is_told_with_its_day(client, site, owner):
    firm = with_firm_on_file(site)
    by = clock.today() + 30 * DAY
    waiting = firm_of(site, READ, firm=firm, confirmed_at=None, answer_by=by)
    response = client.get(rights(site))
    assert f"attend votre confirmation, au plus tard le {by:%d/%m/%Y}" in words(response)
    number = Delegation.objects.get(role=Role.HEAD).pk
    assert f'href="{rights(site, f"{number}/repondre/")}">Confirmer ou refuser' in response.content.decode()
    assert rights(site, f"{waiting.pk}/repondre/") in response.content.decode()


def test_collaborators_come_in_pages_and_the_ended_ones_on_request(client, site, owner):
    firm = firm_of(site, WRITE)
    for place in range(12):
        passed_on(firm, READ, beneficiary=person_named(f"Ferry{place:02}"))
    ended = {"over_at": clock.now(), "outcome": Outcome.CLOSED}
    passed_on(firm, READ, beneficiary=person_named("Zidi"), **ended)
    first, second = (client.get(rights(site), {"page_cabinet": page}) for page in ("1", "2"))
    assert len(rows(first, "Collaborateurs du cabinet")) == 10
    assert len(rows(second, "Collaborateurs du cabinet")) == 2
    everybody = client.get(rights(site), {"page_cabinet": "2", "inactifs": "oui"})
    assert "Zidi Zoé" in rows(everybody, "Collaborateurs du cabinet")[-1]


# --- the price of a page ---


def queries_of(client, site):
    with CaptureQueriesContext(connection) as found:
        assert client.get(rights(site)).status_code == 200
    return [query["sql"] for query in found]


def test_ten_queries_at_most_for_five_beneficiaries_as_for_two_thousand(client, site, owner):
    firm = firm_of(site, WRITE, firm=with_firm_on_file(site))
    for _ in range(5):
        beneficiary_of(site, READ)
        passed_on(firm, READ)
    few = queries_of(client, site)
    people = UserFactory.build_batch(MANY, password="!")
    people = type(owner).objects.bulk_create(people)
    base = beneficiary_of(site, READ)
    facts = {"site": site, "role": Role.USER, "starts_on": base.starts_on, "read_bits": base.read_bits}
    agreed = {"accepted_at": base.accepted_at, "confirmed_at": base.confirmed_at}
    on_firm = {"side": Side.FIRM, "parent": firm, "firm": firm.firm}
    Delegation.objects.bulk_create(
        [Delegation(beneficiary=person, **facts, **agreed) for person in people]
        + [Delegation(beneficiary=person, **facts, **agreed, **on_firm) for person in people]
    )
    many = queries_of(client, site)
    assert len(few) <= 10
    assert len(many) == len(few)
    assert "Utilisateurs\u00a0: 2008 bénéficiaires" in words(client.get(rights(site)))
