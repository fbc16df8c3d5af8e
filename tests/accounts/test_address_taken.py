"""« Modifier adresse mail » towards an address that has an account: the same answer as any (R05, R39)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.accounts.conftest import link_in, mails_to
from tests.accounts.invitations import read
from tests.accounts.own_account import (
    ADDRESS,
    FORMER,
    NEW_ADDRESS,
    ask_address,
    asked,
    browser_of,
    cancellation_link,
    kinds_to,
    mail_of_kind,
    proved_on,
    sign_in,
)
from tests.alike import lasting
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
NEW_PASSWORD = {"password": "Ardoise-Noire-8", "password_again": "Ardoise-Noire-8"}


@pytest.fixture
def person():
    return owner_of(SiteFactory(), email=FORMER)


@pytest.fixture
def browser(person):
    return browser_of(person)


def neutral(response):
    return lasting(response.content.decode())


def test_an_address_that_has_an_account_gets_the_same_answer_and_its_holder_is_told(browser, person):
    """R05."""
    holder = UserFactory(email="titulaire@exemple.fr")
    before = User.objects.filter(pk=holder.pk).values().get()
    answer = ask_address(browser, holder.email)
    assert answer["Location"] == "/compte/adresse/envoyee/"
    assert kinds_to(holder.email) == ["address_taken"]
    assert FORMER not in mails_to(holder.email)[0].text
    assert User.objects.filter(pk=holder.pk).values().get() == before
    person.refresh_from_db()
    assert person.address_changing  # as with any address: he learns nothing
    Client().post(cancellation_link(FORMER))
    assert sign_in(Client(), FORMER).status_code == 302


def test_it_costs_the_same_queries_and_the_same_mails(browser):
    taken, free = UserFactory(email="titulaire@exemple.fr").email, "libre@exemple.fr"
    other = browser_of(owner_of(SiteFactory(), email="autre@exemple.fr"))
    queries = []
    for one, address in ((browser, taken), (other, free)):
        proved_on(one, ADDRESS)
        with CaptureQueriesContext(connection) as counted:
            answer = one.post(ADDRESS, {"email": address, "email_again": address})
        queries.append((answer["Location"], [query["sql"].split(" ")[0] for query in counted]))
        assert len(mails_to(address)) == 1
    assert queries[0] == queries[1]


def test_the_page_that_follows_does_not_differ_either(browser):
    other = browser_of(owner_of(SiteFactory(), email="autre@exemple.fr"))
    UserFactory(email="titulaire@exemple.fr")
    pages = []
    for one, address in ((browser, "titulaire@exemple.fr"), (other, "libre@exemple.fr")):
        ask_address(one, address)
        page = neutral(one.get("/compte/adresse/envoyee/")).replace("<wbr>", "")
        assert page.count(address) == 1
        pages.append(page.replace(address, "l’adresse"))
    assert pages[0] == pages[1]


def test_a_reset_for_an_address_that_has_an_account_is_its_holders(browser, client):
    holder = UserFactory(email="titulaire@exemple.fr")
    ask_address(browser, holder.email)
    client.post("/mot-de-passe/oublie/", {"email": holder.email})
    client.post(link_in(mail_of_kind(holder.email, "password_reset")), NEW_PASSWORD)
    holder.refresh_from_db()
    assert holder.check_password(NEW_PASSWORD["password"])
    assert User.objects.get(email=FORMER).address_changing


def test_an_address_that_got_an_account_meanwhile_is_not_taken_from_it(browser, person):
    link = asked(browser)
    newcomer = UserFactory(email=NEW_ADDRESS)
    for page in (Client().get(link), Client().post(link)):
        assert page.status_code == 410
        assert "Cette adresse a déjà un espace" in read(page)
    newcomer.refresh_from_db()
    assert newcomer.email == NEW_ADDRESS
    Client().post(cancellation_link(FORMER))
    assert sign_in(Client(), FORMER).status_code == 302


def test_of_two_who_want_one_address_the_first_to_confirm_has_it(browser):
    first = asked(browser)
    second = asked(browser_of(owner_of(SiteFactory(), email="autre@exemple.fr")))
    assert Client().post(second).status_code == 302
    assert Client().post(first).status_code == 410
    assert User.objects.get(email=NEW_ADDRESS).first_name == "Loïc"
    assert User.objects.get(email=FORMER).address_changing
