"""Staff: no page without a second factor in this session, and the reset of a lost one (R45, R47, R49)."""

from __future__ import annotations

import re
from base64 import b32decode

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Factor, RecoveryCode
from accounts.second_factor import factors
from accounts.undoing import empty_account
from portal.journal.models import Entry
from portal.messaging.models import Message
from portal.origin import COMMAND
from tests.access.world import make_world, routes
from tests.factories import PASSWORD, AdherentFactory, SiteFactory, UserFactory, owner_of
from tests.fresh import long_ago
from tests.second_factor.apps import app_of, code, give_code, give_password, sign_in, wrong_code

pytestmark = pytest.mark.django_db
ENROL, VERIFY = "/admin/second-facteur/", "/admin/second-facteur/verification/"
OPEN = {"admin/logout/", "admin/login/", "admin/jsi18n/"}


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, is_superuser=True)


def by_password_alone(person):
    browser = Client()
    give_password(browser, person)
    return browser


def admin_routes():
    return [
        route
        for route in routes()
        # how long a session still lives says nothing else
        if route.startswith("admin/") and not route.startswith(("admin/second-", "admin/session/"))
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_no_admin_address_answers_data_to_staff_without_a_factor(method):
    """R45: every address of the admin leads to the enrolment."""
    world = make_world()
    person = world.people["superuser"]
    browser = by_password_alone(person)
    for route in admin_routes():
        if route == "admin/logout/" and method == "POST":
            continue
        answer = browser.generic(method, world.address(route))
        assert answer.status_code == 302, route
        leads = answer["Location"].split("?")[0]
        assert leads in {ENROL, "/admin/", "/connexion/", "/"}, route
        assert answer.content == b"", route


def test_the_enrolment_cannot_be_skipped_and_opens_the_admin(staff):
    """R45."""
    browser = by_password_alone(staff)
    assert browser.get("/admin/accounts/user/")["Location"].startswith(f"{ENROL}?next=")
    assert "Ajoutez-en un pour continuer" in browser.get(ENROL).content.decode()
    page = browser.get(f"{ENROL}application/").content.decode()
    seed = b32decode(re.search(r'translate="no">([A-Z2-7 ]+)<', page).group(1).replace(" ", ""))
    sealed = re.search(r'name="seed" value="([^"]+)"', page).group(1)
    answer = browser.post(
        f"{ENROL}application/", {"seed": sealed, "name": "Mon téléphone", "code": code(seed=seed)}
    )
    assert answer["Location"] == f"{ENROL}codes/"
    assert "staff-session" in answer.cookies
    assert browser.get("/admin/accounts/user/").status_code == 200


def test_staff_with_a_factor_are_not_in_by_the_password_alone(staff):
    """R45."""
    app_of(staff)
    browser = by_password_alone(staff)
    assert "staff-session" not in browser.cookies
    assert browser.get("/admin/")["Location"].startswith("/admin/login/")
    assert sign_in(browser, staff)["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_a_stolen_password_adds_no_factor_to_an_account_that_has_one(staff):
    """A session opened before the factor existed proves it, and is not led to add another."""
    browser = by_password_alone(staff)
    app_of(staff)
    for address in ("/admin/", ENROL, f"{ENROL}application/", f"{ENROL}cle/", f"{ENROL}codes/"):
        for answer in (browser.get(address), browser.post(address)):
            assert answer["Location"].split("?")[0] == VERIFY
    assert Factor.objects.filter(user=staff).count() == 1
    sent = {"par": "application", "code": code()}
    assert browser.post(VERIFY, sent)["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_an_employer_does_not_reach_the_staffs_pages_of_a_second_factor(client):
    client.force_login(owner_of(SiteFactory()))
    assert client.get(ENROL)["Location"].startswith("/connexion/")
    client.cookies["staff-session"] = client.cookies["session"].value
    assert client.get(ENROL).status_code == 404


# --- lost -----------------------------------------------------------------------------------------------


def reset_page(person):
    return f"/admin/accounts/user/{person.pk}/second-facteur/"


def fresh(staff):
    """A browser in which staff proved all, just now."""
    app_of(staff)
    browser = Client()
    sign_in(browser, staff)
    return browser


def test_staff_who_lost_everything_are_sent_to_a_superviseur_not_to_the_caisse(staff):
    app_of(staff)
    for person, whom in ((staff, "Adressez-vous à un superviseur."), (UserFactory(), "Appelez votre caisse")):
        if person is not staff:
            app_of(person)
        browser = Client()
        give_password(browser, person)
        page = browser.get("/connexion/verification/").content.decode()
        told = [
            words for words in ("Adressez-vous à un superviseur.", "Appelez votre caisse") if words in page
        ]
        assert told == [whom]


REASON = {"reason": "Rappelée au numéro du fichier."}


def test_staff_reset_what_another_lost_with_both_names_a_mail_and_his_sessions_ended(staff):
    """R47."""
    person = owner_of(SiteFactory(), first_name="Zoé", last_name="Meyer")
    app_of(person)
    factors.new_recovery_codes(user=person, origin=COMMAND, proved=True)
    victim, browser = Client(), fresh(staff)
    sign_in(victim, person)
    page = browser.get(reset_page(person)).content.decode()
    assert "Mon téléphone" in page
    answer = browser.post(reset_page(person), REASON)
    assert answer["Location"] == f"/admin/accounts/user/{person.pk}/change/"
    assert not Factor.objects.filter(user=person).exists()
    assert not RecoveryCode.objects.filter(user=person).exists()
    line = Entry.objects.get(action="account.factor_reset")
    assert line.actor_name == staff.get_full_name()
    assert "Zoé Meyer" in line.sentence
    assert line.after == {"identité vérifiée": REASON["reason"]}
    mail = Message.objects.filter(recipient=person.email).order_by("-pk")[0]
    assert mail.subject == "Votre second facteur a été réinitialisé"
    assert staff.get_full_name() in mail.text
    assert victim.get("/sites/")["Location"].startswith("/connexion/")
    assert give_password(Client(), person)["Location"] == "/sites/"


def test_the_page_of_the_reset_gives_the_numbers_of_the_file(staff):
    company = AdherentFactory(company_name="CHARPENTES DU LAC", phone="0329112233")
    person, nobody = owner_of(SiteFactory(adherent=company)), UserFactory()
    browser = fresh(staff)
    for one in (person, nobody):
        app_of(one)
    page = browser.get(reset_page(person)).content.decode().replace("&nbsp;", "\u00a0")
    assert "CHARPENTES DU LAC\u00a0: 03\u00a029\u00a011\u00a022\u00a033" in page
    assert "le fichier ne donne aucun numéro" in browser.get(reset_page(nobody)).content.decode()


def test_the_reset_is_offered_only_of_whoever_has_a_factor(staff):
    person = UserFactory()
    browser, page = fresh(staff), f"/admin/accounts/user/{person.pk}/change/"
    assert reset_page(person) not in browser.get(page).content.decode()
    app_of(person)
    assert reset_page(person) in browser.get(page).content.decode()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "Actif"),
        ({"is_active": False}, "Désactivé"),
        ({"is_active": False, "email_certified_at": None}, "Attend son activation"),
        ({"is_active": False, "address_changing": True}, "Attend la confirmation de sa nouvelle adresse"),
    ],
)
def test_the_list_of_accounts_says_why_somebody_does_not_sign_in(staff, fields, state):
    UserFactory(last_name="Cherché", **fields)
    page = fresh(staff).get("/admin/accounts/user/?q=Cherché").content.decode()
    assert f'<td class="field-shown_state">{state}</td>' in page


def test_the_list_of_accounts_says_which_ones_were_emptied(staff):
    empty_account(UserFactory(is_active=False, email_certified_at=None))
    page = fresh(staff).get("/admin/accounts/user/?is_active__exact=0").content.decode()
    assert '<td class="field-shown_state">Vidé, jamais activé</td>' in page


def test_how_the_identity_was_checked_is_asked(staff):
    person = UserFactory()
    app_of(person)
    page = fresh(staff).post(reset_page(person), {"reason": ""}).content.decode()
    assert "Dites comment vous avez vérifié" in page
    assert Factor.objects.filter(user=person).exists()


def test_nobody_resets_his_own(staff):
    """R47."""
    browser = fresh(staff)
    for answer in (browser.get(reset_page(staff)), browser.post(reset_page(staff), REASON)):
        assert answer.status_code == 302
    assert (
        "votre propre second facteur"
        in browser.get(f"/admin/accounts/user/{staff.pk}/change/").content.decode()
    )
    assert Factor.objects.filter(user=staff).exists()


def test_only_staff_with_the_right_reset_and_never_a_superviseurs(staff):
    """R49: a forged POST obeys permissions."""
    person = UserFactory()
    app_of(person)
    app_of(staff)
    clerk = UserFactory(is_staff=True)
    browser = fresh(clerk)
    assert browser.get(reset_page(person)).status_code == 403
    assert browser.post(reset_page(person), REASON).status_code == 403
    assert Factor.objects.filter(user=person).exists()
    clerk.user_permissions.add(
        Permission.objects.get(codename="reset_second_factor"),
        Permission.objects.get(codename="view_user"),
    )
    browser.post(reset_page(staff), REASON)
    assert Factor.objects.filter(user=staff).exists()
    browser.post(reset_page(person), REASON)
    assert not Factor.objects.filter(user=person).exists()


def permitted(person, *codenames):
    person.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return person


@pytest.mark.parametrize(
    ("held", "active", "reset"),
    [("view_user", True, True), ("unlock_sign_in", True, False), ("view_user", False, False)],
)
def test_staff_do_not_reset_a_colleague_who_may_more_than_they(staff, held, active, reset):
    """R49: else whoever resets a factor and knows a password takes the colleague's permissions."""
    clerk = permitted(UserFactory(is_staff=True), "reset_second_factor", "view_user")
    colleague = permitted(UserFactory(is_staff=True, is_active=active), held)
    app_of(colleague)
    fresh(clerk).post(reset_page(colleague), REASON)
    assert Factor.objects.filter(user=colleague).exists() is not reset
    fresh(staff).post(reset_page(colleague), REASON)
    assert not Factor.objects.filter(user=colleague).exists()


def blocked_person():
    person, browser = owner_of(SiteFactory()), Client()
    app_of(person)
    give_password(browser, person)
    assert [give_code(browser, wrong_code()).status_code for _ in range(5)][-1] == 429
    return person


def test_a_reset_lifts_the_block_of_the_second_factor(staff):
    """R08."""
    person = blocked_person()
    fresh(staff).post(reset_page(person), REASON)
    app_of(person)
    assert sign_in(Client(), person).status_code == 302


def test_staff_who_unlock_a_sign_in_lift_the_block_of_the_second_factor(staff):
    """R08."""
    person = blocked_person()
    assert sign_in(Client(), person).status_code == 429
    sent = {"action": "unlock_sign_in", "_selected_action": [person.pk], "index": "0"}
    fresh(staff).post("/admin/accounts/user/", sent)
    assert sign_in(Client(), person).status_code == 302


def test_the_reset_asks_for_the_password_again_when_it_was_not_given_lately(staff):
    """R37."""
    person = UserFactory()
    app_of(person)
    browser = Client()
    browser.force_login(staff)
    long_ago(browser)
    assert "Mot de passe actuel" in browser.get(reset_page(person)).content.decode()
    browser.post(reset_page(person), REASON)
    assert Factor.objects.filter(user=person).exists()
    browser.post(reset_page(person), REASON | {"reauth_resumed": "1", "reauth_password": PASSWORD})
    assert not Factor.objects.filter(user=person).exists()


def test_the_page_of_nobody_is_not_found(staff):
    assert fresh(staff).get("/admin/accounts/user/99999999/second-facteur/").status_code == 404
    assert (
        fresh(UserFactory(is_staff=True, is_superuser=True))
        .get("/admin/accounts/user/x/second-facteur/")
        .status_code
        == 404
    )
