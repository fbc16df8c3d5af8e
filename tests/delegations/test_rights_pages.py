"""One delegation: read, ended, its invitation sent again."""

import datetime as dt

import pytest

from delegations import closing
from delegations.limits import INVITATIONS_BY_ADDRESS
from delegations.models import Delegation, Outcome
from portal import clock
from portal.access.levels import Access, College
from portal.journal.models import Entry
from portal.messaging.models import Message
from tests.delegations.rights import READ, WRITE, invited, page_of, rights, words
from tests.factories import (
    DelegationFactory,
    SiteFactory,
    UserFactory,
    beneficiary_of,
    firm_of,
    owner_of,
    passed_on,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
EMPLOYEE = "employees.employee"


# --- reading ---


def test_a_delegation_is_told_with_its_days_its_giver_and_its_rows(client, site, owner):
    person = UserFactory(last_name="Colin", first_name="Zoé", email="zoe@exemple.fr")
    last = clock.today() + 40 * DAY
    held = {("adherents.profile", None): Access.WRITE, ("documents.certificate", None): Access.READ}
    given = beneficiary_of(site, held, beneficiary=person, ends_on=last, given_by=owner)
    page = words(client.get(page_of(site, given)))
    for told in ("Colin Zoé", "zoe@exemple.fr", "Utilisateur", f"{last:%d/%m/%Y} inclus", "Anne Aubry, le "):
        assert told in page
    assert "Ces droits sont en vigueur." in page
    assert "Mes informations adhérent Mise à jour" in page
    assert "Il n’en donne à personne." in page


def test_only_rows_with_a_right_show_and_colleges_only_where_they_differ(client, site, owner):
    whole = beneficiary_of(site, {(EMPLOYEE, None): Access.READ})
    page = words(client.get(page_of(site, whole)))
    assert "Gérer mes salariés Consultation" in page
    assert "ETAM" not in page
    assert "Mes informations adhérent" not in page
    split = beneficiary_of(
        site, {(EMPLOYEE, College.ETAM): Access.WRITE, (EMPLOYEE, College.CADRE): Access.READ}
    )
    page = words(client.get(page_of(site, split)))
    assert "Ouvrier ETAM Cadre" in page
    assert "Gérer mes salariés Aucun droit Mise à jour Consultation" in page


def test_a_role_is_told_with_what_it_means_and_every_row(client, site, owner):
    other = DelegationFactory(site=site)
    page = words(client.get(page_of(site, other)))
    assert "Un Administrateur a tous les droits sur ce site." in page
    assert "Mes informations adhérent Mise à jour" in page


def test_a_company_reads_a_collaborator_of_its_firm_and_cannot_end_him(client, site, owner):
    firm = firm_of(site, WRITE, ends_on=clock.today() + 9 * DAY)
    passed = passed_on(firm, READ)
    response = client.get(page_of(site, passed))
    assert "Ces droits sont donnés et gérés par le cabinet comptable." in words(response)
    assert "comme celle du cabinet" in words(response)
    assert "Fermeture" not in words(response)
    for answer in (
        client.get(page_of(site, passed, "fermer/")),
        client.post(page_of(site, passed, "fermer/")),
    ):
        assert answer.status_code == 404
    passed.refresh_from_db()
    assert passed.over_at is None


def test_what_is_in_no_list_of_ones_own_is_not_found(client, site):
    firm = firm_of(site, WRITE)
    own = passed_on(firm, READ)
    company = beneficiary_of(site, READ)
    former = firm_of(SiteFactory(), WRITE)
    client.force_login(firm.beneficiary)
    assert client.get(page_of(site, own)).status_code == 200
    for other in (company, former, passed_on(former, READ), firm):
        assert client.get(page_of(site, other)).status_code == 404
        for path in ("fermer/", "renvoyer/"):
            assert client.post(page_of(site, other, path)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"over_at": clock.now(), "outcome": Outcome.CLOSED}, "Terminée le"),
        ({"over_at": clock.now(), "outcome": Outcome.REFUSED}, "Refusée le"),
        ({"starts_on": clock.today() - 9 * DAY, "ends_on": clock.today() - DAY}, "avec leur dernier jour"),
        ({"starts_on": clock.today() + 9 * DAY}, "elle prend effet le"),
        ({"accepted_at": None, "confirmed_at": None}, "pas encore acceptée"),
    ],
)
def test_where_it_stands_is_told_in_words(client, site, owner, fields, told):
    given = beneficiary_of(site, READ, **fields)
    assert told in words(client.get(page_of(site, given)))


def test_what_the_firm_lost_its_people_lost(client, site, owner):
    firm = firm_of(site, {("documents.certificate", None): Access.READ})
    passed = passed_on(firm, READ)
    assert "le cabinet n’a plus, sur ce site, ce qui était donné ici" in words(
        client.get(page_of(site, passed))
    )


def test_what_is_over_speaks_in_the_past_and_with_the_day_it_really_ended(client, site, owner):
    over = {"over_at": clock.now(), "outcome": Outcome.CLOSED, "ends_on": clock.today() + 30 * DAY}
    closed = beneficiary_of(site, READ, **over)
    page = words(client.get(page_of(site, closed)))
    assert "Cet Utilisateur avait les droits ci-dessous." in page
    assert f"Date de fin {clock.today():%d/%m/%Y}" in page
    assert f"{clock.today() + 30 * DAY:%d/%m/%Y}" not in page


def test_a_company_reads_no_address_of_its_firms_people(client):
    held = passed_on(firm_of(SiteFactory(), READ), READ)
    client.force_login(owner_of(held.site))
    page = client.get(f"/sites/{held.site.cibtp_id}/droits/{held.pk}/").content.decode()
    assert held.beneficiary.last_name in page
    assert held.beneficiary.email not in page


# --- ending ---


def test_closing_says_what_ends_then_ends_it_at_the_very_next_request(client, site, owner):
    given = beneficiary_of(site, READ)
    theirs = type(client)()
    theirs.force_login(given.beneficiary)
    assert theirs.get(rights(site, "mes-droits/")).status_code == 200
    asked = client.get(page_of(site, given, "fermer/"))
    assert "Fermeture de la délégation" in words(asked)
    assert given.beneficiary.email in words(asked)
    assert theirs.get(rights(site, "mes-droits/")).status_code == 200  # looking ended nothing
    closed = client.post(page_of(site, given, "fermer/"))
    assert closed["Location"] == rights(site)
    assert "ont pris fin" in words(client.get(rights(site)))
    assert theirs.get(rights(site, "mes-droits/")).status_code == 404  # R34
    assert Entry.objects.filter(action="rights.closed", cibtp_id=site.cibtp_id).count() == 1


def test_deleting_the_firms_says_how_many_people_it_ends(client, site, owner):
    firm = firm_of(site, WRITE)
    passed = [passed_on(firm, READ) for _ in range(3)]
    closing.end_with_children(passed[0], Outcome.CLOSED)
    page = words(client.get(page_of(site, firm, "fermer/")))
    assert "Suppression de la délégation du cabinet" in page
    assert "les droits de 2 collaborateurs du cabinet" in page
    theirs = type(client)()
    theirs.force_login(passed[1].beneficiary)
    assert theirs.get(rights(site, "mes-droits/")).status_code == 200
    client.post(page_of(site, firm, "fermer/"))
    assert not Delegation.objects.filter(parent=firm, over_at=None).exists()
    assert theirs.get(rights(site, "mes-droits/")).status_code == 404


def test_an_invitation_taken_back_is_told_as_such(client, site, owner):
    given = invited(site, owner, "basile@exemple.fr")
    assert "L’invitation envoyée à basile@exemple.fr ne vaut plus rien." in words(
        client.get(page_of(site, given, "fermer/"))
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_ones_own_and_what_is_over_cannot_be_closed_and_the_page_says_why(client, site, owner, method):
    mine = owner.delegations.get()
    over = beneficiary_of(site, READ, over_at=clock.now(), outcome=Outcome.CLOSED)
    for delegation, why in ((mine, "vous pouvez y renoncer"), (over, "Cette délégation est terminée")):
        response = getattr(client, method)(page_of(site, delegation, "fermer/"))
        assert response.status_code == 409
        assert why in words(response)
        assert f'href="{rights(site)}"' in response.content.decode()


def test_an_administrator_with_a_last_day_cannot_end_the_last_one_that_lasts(client, site):
    lasting = DelegationFactory(site=site)
    leaving = DelegationFactory(site=site, ends_on=clock.today() + DAY)
    client.force_login(leaving.beneficiary)
    for response in (
        client.get(page_of(site, lasting, "fermer/")),
        client.post(page_of(site, lasting, "fermer/")),
    ):
        assert response.status_code == 409
        assert "Ce site n’aurait plus d’Administrateur" in words(response)
    lasting.refresh_from_db()
    assert lasting.over_at is None


def test_a_firm_giver_ends_his_own_peoples_rights_on_his_side(client, site):
    firm = firm_of(site, WRITE)
    passed = passed_on(firm, READ)
    client.force_login(firm.beneficiary)
    assert client.post(page_of(site, passed, "fermer/"))["Location"] == rights(site)
    passed.refresh_from_db()
    assert passed.outcome == Outcome.CLOSED


# --- the invitation again ---


def test_an_invitation_is_sent_again_and_says_to_whom(client, site, owner):
    given = invited(site, owner, "basile@exemple.fr")
    assert client.post(page_of(site, given, "renvoyer/"))["Location"] == rights(site)
    assert "L’invitation est renvoyée à basile@exemple.fr" in words(client.get(rights(site)))
    assert Message.objects.filter(recipient="basile@exemple.fr").count() == 2
    given.invitation.refresh_from_db()
    assert given.invitation.number == 2


def test_too_many_invitations_wait(client, site, owner):
    given = invited(site, owner)
    most = max(INVITATIONS_BY_ADDRESS.waits)
    answers = [client.post(page_of(site, given, "renvoyer/")).status_code for _ in range(most + 1)]
    assert answers == [302] * most + [429]


def test_what_was_answered_or_ended_is_not_sent_again(client, site, owner):
    given = invited(site, owner)
    Delegation.objects.filter(pk=given.pk).update(over_at=clock.now(), outcome=Outcome.CLOSED)
    response = client.post(page_of(site, given, "renvoyer/"))
    assert response.status_code == 409
    assert "Cette délégation est terminée" in words(response)
    accepted = invited(site, owner, "carine@exemple.fr")
    person = UserFactory(email="carine@exemple.fr")
    now = clock.now()
    Delegation.objects.filter(pk=accepted.pk).update(beneficiary=person, accepted_at=now, confirmed_at=now)
    assert "déjà acceptée" in words(client.post(page_of(site, accepted, "renvoyer/")))
    assert client.post(page_of(site, beneficiary_of(site, READ), "renvoyer/")).status_code == 404
