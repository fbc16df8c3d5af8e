"""The company confirms its firm, or refuses: until then the firm's head holds nothing (product.md 6.3)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from delegations.matrix import RightsMatrix
from delegations.models import Role, Status
from portal import clock
from portal.journal.models import Entry
from tests.accounts.conftest import NEW_PASSWORD, accept_terms, link_in, mails_to
from tests.accounts.invitations import LEVELS, TYPED, invited, read, signed_in, without_token
from tests.factories import PASSWORD, SiteFactory, UserFactory, beneficiary_of, firm_of, owner_of, passed_on

pytestmark = pytest.mark.django_db
HEAD = "odile@cabinet.fr"
CONFIRM, REFUSE = {"reponse": "confirmer"}, {"reponse": "refuser"}


@pytest.fixture
def head():
    """A firm's head who opened his account from the mail: the company must confirm."""
    made = invited(HEAD, role=Role.HEAD)
    assert Client().post(made.link, TYPED)["Location"] == "/connexion/"
    return made


@pytest.fixture
def link(head):
    """The address in the mail to the company's Administrateur."""
    (mail,) = [mail for mail in mails_to(head.giver.email) if "attend votre confirmation" in mail.subject]
    return link_in(mail)


@pytest.fixture
def answer(head):
    """Where the company answers."""
    return f"/sites/{head.site.cibtp_id}/droits/{head.delegation.pk}/repondre/"


def test_until_the_company_confirms_the_firms_head_holds_no_right(client, head):
    assert head.now.status_on() is Status.TO_CONFIRM
    assert client.post("/connexion/", {"email": HEAD, "password": NEW_PASSWORD})["Location"] == "/sites/"
    accept_terms(client)
    assert "Aucun site ne vous est encore ouvert" in read(client.get("/sites/"))
    for page in ("", "adherent/informations/", "contact/"):
        assert client.get(f"/sites/{head.site.cibtp_id}/{page}").status_code == 404
    user = User.objects.get(email=HEAD)
    assert not user.has_perm("adherents.read_statement", head.site)


def test_who_is_not_signed_in_is_asked_to_comes_back_and_is_led_to_the_answer(client, head, link, answer):
    asked = client.get(link)
    assert asked.status_code == 302
    bare = without_token(link)
    assert asked["Location"] == f"/connexion/?next={bare}"
    typed = {"email": head.giver.email, "password": PASSWORD, "next": bare}
    assert client.post(asked["Location"], typed)["Location"] == bare
    assert client.get(link)["Location"] == answer


def test_an_administrator_reads_firm_person_address_days_and_rights(head, link):
    page = read(signed_in(head.giver).get(link, follow=True))
    for told in (head.now.firm.name, "Inès", "Prévôt", HEAD, f"{clock.today():%d/%m/%Y}"):
        assert told in page
    for row in ("Gérer mes salariés", "Mon planning", "Ma situation de compte"):
        assert row in page
    assert "Mes comptes bancaires" not in page.split("Droits d’accès")[-1]


def test_confirmed_he_holds_exactly_what_was_given(client, head, link, answer):
    administrator = signed_in(head.giver)
    assert administrator.post(answer, CONFIRM).status_code == 302
    assert head.now.status_on() is Status.ACTIVE
    user = User.objects.get(email=HEAD)
    assert head.now.matrix == head.delegation.matrix == RightsMatrix.of(LEVELS)
    assert user.has_perm("adherents.read_statement", head.site)
    assert not user.has_perm("adherents.read_profile", head.site)
    client.post("/connexion/", {"email": HEAD, "password": NEW_PASSWORD})
    accept_terms(client)
    assert client.get(f"/sites/{head.site.cibtp_id}/").status_code == 200
    assert client.get(f"/sites/{head.site.cibtp_id}/adherent/informations/").status_code == 403
    assert "confirme votre délégation" in mails_to(HEAD)[-1].subject
    assert Entry.objects.get(action="rights.confirmed").actor_id == head.giver.pk


def test_refused_he_holds_nothing(client, head, link, answer):
    assert signed_in(head.giver).post(answer, REFUSE).status_code == 302
    assert head.now.status_on() is Status.REFUSED
    assert "refuse votre délégation" in mails_to(HEAD)[-1].subject
    client.post("/connexion/", {"email": HEAD, "password": NEW_PASSWORD})
    accept_terms(client)
    assert client.get(f"/sites/{head.site.cibtp_id}/").status_code == 404


@pytest.mark.parametrize(("first", "told"), [(CONFIRM, "a été confirmée"), (REFUSE, "a été refusée")])
def test_the_first_answer_holds_and_the_second_administrator_reads_it(head, link, answer, first, told):
    colleague = signed_in(owner_of(head.site))
    assert "Confirmer" in read(colleague.get(link, follow=True))
    signed_in(head.giver).post(answer, first)
    status = head.now.status_on()
    for second in (CONFIRM, REFUSE):
        page = colleague.post(answer, second)
        assert page.status_code == 409
        assert told in read(page)
    assert told in read(colleague.get(link, follow=True))
    assert head.now.status_on() is status
    assert Entry.objects.filter(action__in=("rights.confirmed", "rights.refused")).count() == 1


def test_nobody_but_an_administrator_of_that_site_finds_the_page(head, link):
    firm = firm_of(SiteFactory(), LEVELS)
    nobody = [
        owner_of(SiteFactory()),
        beneficiary_of(head.site, LEVELS).beneficiary,
        User.objects.get(email=HEAD),
        firm.beneficiary,
        passed_on(firm, LEVELS).beneficiary,
        UserFactory(),
    ]
    for person in nobody:
        page = signed_in(person).get(link)
        assert page.status_code == 404
        assert head.site.cibtp_id not in read(page)
    assert signed_in(UserFactory(is_staff=True, is_superuser=True)).get(link).status_code == 302
    assert head.now.status_on() is Status.TO_CONFIRM


def test_following_the_link_changes_nothing(head, link):
    browser = signed_in(head.giver)
    for _ in range(3):
        assert browser.get(f"{link}?reponse=confirmer", follow=True).status_code == 200
        assert browser.post(link, CONFIRM).status_code == 405
    assert head.now.status_on() is Status.TO_CONFIRM


@pytest.mark.parametrize("token", ["x", "x.y.z"])
def test_a_link_that_was_never_ours_says_so(head, token):
    page = signed_in(head.giver).get(f"/delegation/confirmation/{token}/")
    assert page.status_code == 410
    assert "Il est incomplet" in read(page)


def test_an_unanswered_request_expires_and_its_link_says_so(head, link, answer):
    with time_machine.travel(clock.now() + dt.timedelta(days=31)):
        browser = signed_in(head.giver)
        assert "a expiré" in read(browser.get(link, follow=True))
        assert "a expiré" in read(browser.post(answer, CONFIRM))
    assert head.now.confirmed_at is None


def test_what_begins_later_is_confirmed_for_its_day():
    later = invited(HEAD, role=Role.HEAD, starts_on=clock.today() + dt.timedelta(days=10))
    Client().post(later.link, TYPED)
    page = f"/sites/{later.site.cibtp_id}/droits/{later.delegation.pk}/repondre/"
    signed_in(later.giver).post(page, CONFIRM)
    assert later.now.status_on() is Status.COMING
