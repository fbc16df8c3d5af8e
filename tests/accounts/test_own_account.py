"""« Gérer mon compte utilisateur »: the tab, the password, the contact (4.1, R24, R27 to R29, R37)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from portal import clock
from portal.journal.models import Entry
from portal.messaging.models import Message
from portal.sessions.closing import open_sessions
from tests.accounts.conftest import link_in, mails_to
from tests.accounts.invitations import read
from tests.accounts.own_account import CONTACT, OWN_PASSWORD, browser_of, kinds_to, proved_on, sign_in
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of
from tests.second_factor.apps import app_of
from tests.second_factor.apps import sign_in as sign_in_with_factor

pytestmark = pytest.mark.django_db
OTHER, STAFF_PASSWORD = "Ardoise-Noire-8", "/admin/mot-de-passe/"
NEW = {"password": OTHER, "password_again": OTHER}


@pytest.fixture
def person():
    return owner_of(SiteFactory(), first_name="Marie", last_name="Keller", mobile="+33612345678")


@pytest.fixture
def browser(person):
    return browser_of(person)


# --- the tab -------------------------------------------------------------------------------------


def test_the_account_says_what_is_known_and_until_when_the_address_is_certified(browser, person):
    page = read(browser.get("/compte/"))
    today, later = clock.today(), clock.today()
    later = later.replace(year=later.year + 1) if (later.month, later.day) != (2, 29) else later
    assert f"Le {today:%d/%m/%Y}, jusqu’au {later:%d/%m/%Y}" in page
    for words in ("Keller", "06 12 34 56 78", "Non renseigné", "Non acceptés"):
        assert words in page
    for label in ("Modifier adresse mail", "Modifier mot de passe", "Modifier contact"):
        assert label in page


@pytest.mark.parametrize("page", [OWN_PASSWORD, CONTACT])
def test_each_change_asks_for_the_password_again_and_leads_back(browser, page):
    """R27."""
    shown = read(browser.get(page))
    assert "Mot de passe actuel" in shown
    assert 'href="/compte/"' in shown
    assert "Ce mot de passe n’est pas le vôtre" in read(proved_on(browser, page, "Faux-mot-2-passe"))
    assert proved_on(browser, page)["Location"] == page
    assert "Mot de passe actuel" not in read(browser.get(page))


def test_a_proof_is_worth_five_minutes(person):
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        browser = browser_of(person)
        proved_on(browser, OWN_PASSWORD)
        now.shift(dt.timedelta(minutes=5))
        assert "Nouveau mot de passe" in read(browser.get(OWN_PASSWORD))
        now.shift(1)
        assert "Mot de passe actuel" in read(browser.get(OWN_PASSWORD))
        assert "Mot de passe actuel" in read(browser.post(OWN_PASSWORD, NEW))
        person.refresh_from_db()
        assert person.check_password(PASSWORD)


# --- the password --------------------------------------------------------------------------------


def changed(browser, **values):
    proved_on(browser, OWN_PASSWORD)
    return browser.post(OWN_PASSWORD, NEW | values)


def test_in_two_browsers_the_one_that_changes_the_password_stays_and_the_other_ends(browser, person):
    """R27."""
    elsewhere = browser_of(person)
    before = browser.cookies["session"].value
    assert changed(browser)["Location"] == "/compte/"
    assert "Votre mot de passe est enregistré" in read(browser.get("/compte/"))
    assert elsewhere.get("/compte/")["Location"].startswith("/connexion/")
    assert [one.session_key for one in open_sessions(person)] == [browser.cookies["session"].value]
    assert browser.cookies["session"].value != before
    replayed = Client()
    replayed.cookies["session"] = before
    assert replayed.get("/compte/").status_code == 302
    assert sign_in(Client(), person.email).status_code == 200
    assert sign_in(Client(), person.email, OTHER).status_code == 302


def test_the_person_is_told_and_the_journal_keeps_the_act_and_no_password(browser, person):
    """R27."""
    changed(browser)
    assert kinds_to(person.email) == ["password_changed"]
    line = Entry.objects.get(action="account.password_changed")
    assert line.actor_id == person.pk
    everything = str(list(Entry.objects.values())) + str(list(Message.objects.values()))
    assert OTHER not in everything
    assert PASSWORD not in everything


def test_the_rules_are_shown_before_anything_is_typed(browser):
    proved_on(browser, OWN_PASSWORD)
    page = read(browser.get(OWN_PASSWORD))
    assert "8 caractères au moins" in page
    assert "3 au moins de ces 4 sortes" in page
    assert 'autocomplete="new-password"' in page
    assert "maxlength" not in page.partition('name="password"')[2].partition(">")[0]


@pytest.mark.parametrize(
    ("weak", "said"),
    [
        ("Aa1-xyz", "choisissez-en un d’au moins 8 caractères"),
        ("truelle7", "3 de ces 4 sortes"),
        ("Conges2026!", "trop facile à deviner"),
        ("Keller-Bois-26", "ressemble à votre nom"),
        (PASSWORD, "Ce mot de passe est déjà le vôtre"),
    ],
)
def test_the_rule_is_the_same_as_everywhere_and_the_present_one_is_refused(browser, person, weak, said):
    page = changed(browser, password=weak, password_again=weak)
    assert page.status_code == 200
    assert said in read(page)
    assert weak not in page.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_changing_the_password_kills_a_reset_link_that_waits(browser, person, client):
    client.post("/mot-de-passe/oublie/", {"email": person.email})
    link = link_in(mails_to(person.email)[-1])
    assert client.get(link).status_code == 200
    changed(browser)
    assert client.get(link).status_code == 410
    assert client.post(link, NEW).status_code == 410


def test_a_password_is_never_too_old(person):
    """R23."""
    with time_machine.travel(clock.now() + dt.timedelta(days=400), tick=False):
        assert sign_in(Client(), person.email).status_code == 302  # R23


# --- the contact ---------------------------------------------------------------------------------


def contact(**values):
    typed = {"last_name": "Keller", "first_name": "Marie", "landline": "", "mobile": "06 12 34 56 78"}
    return typed | values


def test_the_contact_is_shown_as_it_is_and_only_what_differs_is_told(browser, person):
    proved_on(browser, CONTACT)
    assert 'value="06 12 34 56 78"' in browser.get(CONTACT).content.decode().replace("\u00a0", " ")
    browser.post(CONTACT, contact(first_name="Maïa", landline="03 83 12 34 56"))
    assert "Coordonnées enregistrées : prénom, téléphone fixe." in read(browser.get("/compte/"))
    person.refresh_from_db()
    assert (person.first_name, person.landline, person.mobile) == ("Maïa", "+33383123456", "+33612345678")
    (mail,) = mails_to(person.email)
    assert "prénom, téléphone fixe" in mail.text
    assert "383123456" not in mail.text + mail.html


def test_the_journal_says_what_changed_and_no_phone(browser):
    proved_on(browser, CONTACT)
    browser.post(CONTACT, contact(landline="03 83 12 34 56", mobile="06 98 76 54 32"))
    line = Entry.objects.get(action="account.contact_changed")
    assert "téléphone fixe, téléphone mobile" in line.sentence
    kept = str(list(Entry.objects.values()))
    for digits in ("383123456", "698765432", "612345678"):
        assert digits not in kept


def test_nothing_changed_tells_nobody(browser, person):
    proved_on(browser, CONTACT)
    browser.post(CONTACT, contact())
    assert "Rien n’a changé." in read(browser.get("/compte/"))
    assert not mails_to(person.email)
    assert not Entry.objects.filter(action="account.contact_changed").exists()


def test_the_consent_to_mailings_is_given_and_taken_back(browser, person):
    proved_on(browser, CONTACT)
    browser.post(CONTACT, contact(consent="on"))
    person.refresh_from_db()
    assert person.mailing_consent_at is not None
    browser.post(CONTACT, contact())
    person.refresh_from_db()
    assert person.mailing_consent_at is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"last_name": ""}, "Saisissez votre nom."),
        ({"first_name": "www.pirate.example"}, "seulement avec des lettres"),
        ({"mobile": "03 83 12 34 56"}, "n’est pas celui d’un mobile"),
        ({"landline": "12"}, "téléphone"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser, person, values, said):
    proved_on(browser, CONTACT)
    page = browser.post(CONTACT, contact(first_name="Maïa") | values)
    assert page.status_code == 200
    assert said in read(page)
    person.refresh_from_db()
    assert person.first_name == "Marie"


def test_a_form_sent_too_late_asks_for_the_password_and_loses_nothing(person):
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        browser = browser_of(person)
        proved_on(browser, CONTACT)
        now.shift(dt.timedelta(minutes=6))
        asked = browser.post(CONTACT, contact(first_name="Maïa"))
        assert "Mot de passe actuel" in read(asked)
        assert 'value="Maïa"' in read(asked)
        carried = contact(first_name="Maïa") | {"reauth_password": PASSWORD, "reauth_resumed": "1"}
        assert browser.post(CONTACT, carried)["Location"] == "/compte/"
        assert User.objects.get(pk=person.pk).first_name == "Maïa"


# --- staff ---------------------------------------------------------------------------------------


@pytest.fixture
def staff():
    return UserFactory(is_staff=True)


def of_staff(staff):
    """A browser in which a member of the staff proved password and second factor."""
    browser = Client()
    app_of(staff)
    sign_in_with_factor(browser, staff)
    return browser


def test_staff_change_their_own_password_in_the_admin_after_the_present_one(staff):
    browser, elsewhere = of_staff(staff), Client()
    link = browser.get("/admin/").content.decode()
    assert 'href="/admin/password_change/"' in link
    assert browser.get("/admin/password_change/")["Location"] == STAFF_PASSWORD
    shown = read(browser.get(STAFF_PASSWORD))
    assert "Mot de passe actuel" in shown
    assert 'href="/admin/"' in shown
    assert "Mot de passe actuel" in read(browser.post(STAFF_PASSWORD, NEW))
    assert proved_on(browser, STAFF_PASSWORD)["Location"] == STAFF_PASSWORD
    assert browser.post(STAFF_PASSWORD, NEW)["Location"] == "/admin/"
    assert "Votre mot de passe est enregistré" in read(browser.get("/admin/"))
    staff.refresh_from_db()
    assert staff.check_password(OTHER)
    assert kinds_to(staff.email) == ["password_changed"]
    assert sign_in(elsewhere, staff.email).status_code == 200


def test_staff_without_a_factor_do_not_reach_it_and_nobody_else_does(staff, browser):
    """R45."""
    theirs = Client()
    sign_in(theirs, staff.email)
    for one in (theirs.get(STAFF_PASSWORD), theirs.post(STAFF_PASSWORD, NEW)):
        assert one["Location"].startswith("/admin/second-facteur/")
    assert browser.get(STAFF_PASSWORD)["Location"].startswith("/connexion/")


def test_staff_neither_set_nor_see_a_password(person):
    """R28: no field in the admin, and a forged form changes nothing."""
    staff = Client()
    staff.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = f"/admin/accounts/user/{person.pk}/change/"
    shown = staff.get(page).content.decode()
    assert person.password not in shown
    assert 'type="password"' not in shown
    forged = {"password": OTHER, "email": "pirate@exemple.fr", "is_active": ""}
    assert staff.post(page, forged).status_code == 403
    before = person.password
    person.refresh_from_db()
    assert (person.password, person.email) == (before, person.email)
    assert person.is_active
