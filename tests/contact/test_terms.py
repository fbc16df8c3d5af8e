"""« Conditions Générales d'Utilisation »: accepted once, then at each new version (product.md 3.7; R72)."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contact import terms
from contact.models import LegalPage, LegalText, TermsAcceptance
from portal import clock
from portal.journal.models import Entry
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
ACCEPT = "/conditions-generales/accepter/"
SIGN_IN = "/connexion/"


def sign_in(client, user, **more):
    return client.post(SIGN_IN, {"email": user.email, "password": PASSWORD} | more)


def new_version(days=0, body="# Nouveau\n\nTout change."):
    day = clock.today() + dt.timedelta(days=days)
    return LegalText.objects.create(page=LegalPage.TERMS, starts_on=day, body=body)


def agreed(text=None, **more):
    return {"version": (text or terms.in_effect()).pk, "agreed": "on"} | more


@pytest.fixture
def newcomer(db):
    return owner_of(SiteFactory(), accepts_terms=False)


def home_of(user):
    return f"/sites/{user.delegations.get().site.cibtp_id}/"


def test_who_never_accepted_is_led_to_the_terms_then_to_the_page_asked_for(client, newcomer):
    home = home_of(newcomer) + "adherent/informations/?x=1"
    assert sign_in(client, newcomer, next=home)["Location"] == home
    led = client.get(home, follow=True)
    assert led.redirect_chain[-1][0].startswith(f"{ACCEPT}?next=")
    page = led.content.decode()
    assert "J’accepte les Conditions Générales d’Utilisation" in page
    assert "Quitter sans accepter" in page
    assert "Votre compte est personnel" in page
    assert (
        client.post(led.request["PATH_INFO"] + "?" + led.request["QUERY_STRING"], agreed())["Location"]
        == home
    )
    assert client.get(home).status_code == 200


def test_the_acceptance_says_who_which_version_and_when(client, newcomer):
    sign_in(client, newcomer)
    client.post(ACCEPT, agreed())
    accepted = TermsAcceptance.objects.get(user=newcomer)
    assert accepted.text == terms.in_effect()
    assert abs((accepted.accepted_at - clock.now()).total_seconds()) < 60
    [line] = Entry.objects.filter(action="account.terms_accepted")
    assert (line.actor_id, line.address) == (newcomer.pk, "127.0.0.1")
    assert f"{accepted.text.starts_on:%d/%m/%Y}" in line.sentence


def test_once_accepted_the_next_sign_in_asks_nothing(client, newcomer):
    sign_in(client, newcomer)
    client.post(ACCEPT, agreed())
    other = Client()
    assert sign_in(other, newcomer)["Location"] == "/sites/"
    assert other.get(home_of(newcomer)).status_code == 200


def test_a_new_version_is_accepted_at_the_next_sign_in_and_interrupts_nobody(client):
    user = owner_of(SiteFactory())
    sign_in(client, user)
    new_version(days=1)
    with time_machine.travel(clock.now() + dt.timedelta(minutes=20)):
        assert client.get(home_of(user)).status_code == 200
    with time_machine.travel(clock.now() + dt.timedelta(days=1)):
        other = Client()
        sign_in(other, user)
        assert other.get(home_of(user))["Location"].startswith(ACCEPT)
        assert "Tout change." in other.get(ACCEPT).content.decode()
        other.post(ACCEPT, agreed())
        assert other.get(home_of(user)).status_code == 200
    assert TermsAcceptance.objects.filter(user=user).count() == 2


def test_a_version_still_to_come_asks_nothing(client):
    user = owner_of(SiteFactory())
    new_version(days=1)
    sign_in(client, user)
    assert client.get(home_of(user)).status_code == 200


def test_without_the_box_nothing_is_accepted_and_it_is_said(client, newcomer):
    sign_in(client, newcomer)
    page = client.post(ACCEPT, {"version": terms.in_effect().pk})
    assert "Cochez la case pour accepter ces conditions" in page.content.decode()
    assert not TermsAcceptance.objects.filter(user=newcomer).exists()
    assert client.get(home_of(newcomer)).status_code == 302


def test_what_was_read_is_what_is_accepted(client, newcomer):
    sign_in(client, newcomer)
    read = terms.in_effect()
    new_version(days=1)
    with time_machine.travel(clock.now() + dt.timedelta(days=1)):
        shown = Client()
        sign_in(shown, newcomer)
        again = shown.post(f"{ACCEPT}?next=/sites/", agreed(read), follow=True)
        assert "Une nouvelle version vient de prendre effet" in again.content.decode()
        assert again.redirect_chain[-1][0] == f"{ACCEPT}?next=/sites/"
    assert not TermsAcceptance.objects.filter(user=newcomer).exists()


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "999999999999999999999999", "\0"])
def test_a_forged_version_accepts_nothing(client, newcomer, version):
    sign_in(client, newcomer)
    client.post(ACCEPT, {"version": version, "agreed": "on"})
    assert not TermsAcceptance.objects.filter(user=newcomer).exists()


def test_accepting_twice_is_accepting_once(client, newcomer):
    other = Client()
    for browser in (client, other):
        sign_in(browser, newcomer)
    for browser in (client, other, client):
        assert browser.post(ACCEPT, agreed())["Location"] == "/sites/"
    assert TermsAcceptance.objects.filter(user=newcomer).count() == 1
    assert Entry.objects.filter(action="account.terms_accepted").count() == 1


@pytest.mark.parametrize(
    "elsewhere",
    ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "javascript:x", ""],
)
def test_the_way_on_never_leads_out_of_the_portal(client, newcomer, elsewhere):
    sign_in(client, newcomer)
    address = f"{ACCEPT}?next={elsewhere}"
    assert client.post(address, agreed())["Location"] == "/sites/"


def test_what_is_open_to_anybody_leaving_and_the_footer_stay_open(client, newcomer):
    sign_in(client, newcomer)
    for page in LegalPage:
        assert client.get(f"/{page.value}/").status_code == 200
    for address in ("/sante/", "/ouverture/", "/mot-de-passe/oublie/", "/ouverture/aide/"):
        assert client.get(address).status_code == 200
    assert client.post("/deconnexion/")["Location"] == SIGN_IN


def test_a_form_sent_before_accepting_is_led_to_the_terms_without_being_replayed(client, newcomer):
    sign_in(client, newcomer)
    assert client.post("/sites/", {"site": "x"})["Location"] == ACCEPT


def test_staff_are_asked_for_nothing_in_the_admin(client):
    staff = UserFactory(is_staff=True, is_superuser=True, accepts_terms=False)
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_without_any_text_in_effect_nobody_is_stopped(client):
    user = owner_of(SiteFactory(), accepts_terms=False)
    earlier = terms.in_effect().starts_on - dt.timedelta(days=400)
    with time_machine.travel(dt.datetime.combine(earlier, dt.time(12), dt.UTC)):
        assert terms.in_effect() is None
        assert terms.accepted_by(user) == terms.NONE


def test_a_page_asks_the_database_nothing_more_and_a_sign_in_one_question(client, monkeypatch):
    user = owner_of(SiteFactory())
    sign_in(client, user)
    with CaptureQueriesContext(connection) as asked:
        client.get(home_of(user))
    assert [query for query in asked if "contact_" in query["sql"]] == []
    with CaptureQueriesContext(connection) as asked:
        sign_in(Client(), user)
    assert len([query for query in asked if "contact_" in query["sql"]]) == 1
