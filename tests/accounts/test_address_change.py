"""« Modifier adresse mail » (product.md 4.1, R05, R18, R37, R39)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts import address_change
from accounts.mobile import certify_mobile
from accounts.models import EmailChange, Factor, ProvisionalCode, User
from accounts.second_factor import factors
from delegations.deciding import access_of
from portal import clock
from portal.journal.models import Entry
from portal.origin import COMMAND
from tests.accounts.conftest import link_in, opened
from tests.accounts.invitations import read, signed_in
from tests.accounts.own_account import (
    ADDRESS,
    FORMER,
    NEW_ADDRESS,
    ask_address,
    asked,
    browser_of,
    cancellation_link,
    confirmation_link,
    kinds_to,
    mail_of_kind,
    proved_on,
    sign_in,
)
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
NEW_PASSWORD = {"password": "Ardoise-Noire-8", "password_again": "Ardoise-Noire-8"}
ATTENTION = (
    "ATTENTION, la modification de votre adresse mail entraîne une désactivation de votre compte. Pour le "
    "réactiver, vous devez cliquer sur le lien d’activation qui vous est transmis sur la nouvelle adresse "
    "électronique renseignée."
)


@pytest.fixture
def person():
    return owner_of(SiteFactory(), email=FORMER)


@pytest.fixture
def browser(person):
    return browser_of(person)


# --- the page ------------------------------------------------------------------------------------


def test_having_just_signed_in_is_not_enough_and_the_way_back_is_the_account(browser):
    page = read(browser.get(ADDRESS))
    assert "Mot de passe actuel" in page
    assert 'href="/compte/"' in page
    assert ATTENTION not in page
    assert proved_on(browser, ADDRESS, "Faux-mot-2-passe").status_code == 200
    assert "Mot de passe actuel" in read(browser.get(ADDRESS))


def test_the_page_warns_to_the_letter_before_anything_is_typed(browser):
    proved_on(browser, ADDRESS)
    assert ATTENTION in read(browser.get(ADDRESS))


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        ("", "", "Saisissez votre nouvelle adresse électronique."),
        ("nouvelle@exemple.fr", "autre@exemple.fr", "ne sont pas identiques"),
        ("nouvelle@", "nouvelle@", "semble incomplète"),
        (FORMER, FORMER, "Cette adresse est déjà la vôtre"),
        (" Marie.KELLER@exemple.fr\u00a0", FORMER, "Cette adresse est déjà la vôtre"),
        ("ｍarie.keller@exemple.fr", FORMER, "Cette adresse est déjà la vôtre"),
        ("mıke@exemple.fr", "mıke@exemple.fr", "un caractère inattendu"),
        ("mike@exеmple.fr", "mike@exеmple.fr", "un caractère inattendu"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_changes(browser, person, first, again, said):
    proved_on(browser, ADDRESS)
    page = browser.post(ADDRESS, {"email": first, "email_again": again})
    assert page.status_code == 200
    assert said in read(page)
    person.refresh_from_db()
    assert person.is_active
    assert not EmailChange.objects.exists()


def test_an_address_is_kept_and_written_to_in_its_canonical_form(browser):
    ask_address(browser, "  Ｎouvelle@Exemple.FR\u200b", "nouvelle@exemple.fr")
    assert EmailChange.objects.get().address == "nouvelle@exemple.fr"
    assert kinds_to("nouvelle@exemple.fr") == ["address_confirmation"]


# --- the new address confirms --------------------------------------------------------------------


def test_a_mail_scanner_that_follows_the_links_changes_nothing(browser, person):
    link = asked(browser)
    for address in (link, cancellation_link(FORMER)):
        for _ in range(3):
            assert Client().get(address).status_code == 200
        assert Client().head(address).status_code == 200
    person.refresh_from_db()
    assert person.address_changing
    assert EmailChange.objects.pending().exists()


def test_the_new_address_confirms_is_certified_and_signs_nobody_in(browser, person):
    """R39."""
    link, before, visitor = asked(browser), person.email_certified_at, Client()
    assert NEW_ADDRESS in read(visitor.get(link))
    assert visitor.post(link)["Location"] == "/connexion/"
    assert "Votre nouvelle adresse est confirmée" in read(visitor.get("/connexion/"))
    person.refresh_from_db()
    assert (person.email, person.is_active, person.address_changing) == (NEW_ADDRESS, True, False)
    assert person.email_certified_at > before
    assert visitor.get("/compte/").status_code == 302
    assert sign_in(Client(), NEW_ADDRESS).status_code == 302
    assert sign_in(Client(), FORMER).status_code == 200
    assert kinds_to(FORMER)[-1] == "address_changed"


def test_a_link_that_served_says_so(browser):
    link = asked(browser)
    Client().post(link)
    for page in (Client().get(link), Client().post(link)):
        assert page.status_code == 200
        assert "Ce lien a déjà servi" in read(page)


def test_the_link_lives_24_hours_then_offers_another_that_replaces_it(person):
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        link = asked(browser_of(person))
        now.shift(dt.timedelta(hours=24))
        assert Client().get(link).status_code == 200
        now.shift(1)
        page = Client().post(link)
        assert page.status_code == 410
        assert "Recevoir un nouveau lien" in read(page)
        assert Client().post(link, {"renew": "oui"}).status_code == 200
        assert "remplacé" in read(Client().get(link))
        assert "remplacé" in read(Client().post(link, {"renew": "oui"}))
        assert Client().post(confirmation_link())["Location"] == "/connexion/"


def test_the_sign_in_pages_other_door_sends_the_link_again_to_the_new_address(browser, client):
    first = asked(browser)
    pages = [
        read(client.post("/mot-de-passe/oublie/", {"email": email}, follow=True))
        for email in (NEW_ADDRESS, "inconnue@exemple.fr")
    ]
    assert pages[0] == pages[1]
    assert kinds_to(NEW_ADDRESS) == ["address_confirmation"] * 2
    assert client.get(first).status_code == 200  # anybody may ask: the first link stays
    assert client.post(confirmation_link())["Location"] == "/connexion/"


# --- the former address takes back ---------------------------------------------------------------


def test_the_former_address_cancels_and_reactivates_without_signing_in(browser, person):
    """R39."""
    link, visitor = asked(browser), Client()
    cancelling = cancellation_link(FORMER)
    assert "Garder mon ancienne adresse" in read(visitor.get(cancelling))
    assert visitor.post(cancelling)["Location"] == cancelling
    assert "Votre compte est réactivé" in read(visitor.get(cancelling))
    assert visitor.get("/compte/").status_code == 302
    person.refresh_from_db()
    assert (person.email, person.is_active, person.address_changing) == (FORMER, True, False)
    assert "a été annulée" in read(Client().post(link))
    assert sign_in(Client(), FORMER).status_code == 302
    assert User.objects.get().email == FORMER


def test_the_former_addresss_link_lives_7_days_and_then_a_reset_does_the_same(person, client):
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        link = asked(browser_of(person))
        cancelling = cancellation_link(FORMER)
        now.shift(dt.timedelta(days=7))
        assert client.get(cancelling).status_code == 200
        now.shift(1)
        assert client.post(cancelling).status_code == 410
        assert "/mot-de-passe/oublie/" in read(client.get(cancelling))
        person.refresh_from_db()
        assert person.address_changing  # nothing dies of waiting
        now.shift(dt.timedelta(days=60))
        client.post("/mot-de-passe/oublie/", {"email": FORMER})
        client.post(link_in(mail_of_kind(FORMER, "password_reset")), NEW_PASSWORD)
        assert sign_in(client, FORMER, NEW_PASSWORD["password"]).status_code == 302
        assert "a été annulée" in read(Client().get(link))


def test_a_reset_asked_meanwhile_goes_to_the_former_address_and_cancels_the_change(browser, client):
    link = asked(browser)
    client.post("/mot-de-passe/oublie/", {"email": FORMER})
    assert kinds_to(NEW_ADDRESS) == ["address_confirmation"]
    assert EmailChange.objects.pending().exists()  # a stranger who asks cancels nothing
    client.post(link_in(mail_of_kind(FORMER, "password_reset")), NEW_PASSWORD)
    assert not EmailChange.objects.pending().exists()
    assert Client().post(link).status_code == 200
    assert User.objects.get().email == FORMER
    assert sign_in(client, FORMER, NEW_PASSWORD["password"]).status_code == 302


def test_the_only_administrator_who_mistypes_gets_back_in_by_the_former_address_alone(browser, person):
    site = person.delegations.get().site
    asked(browser, "marie.keller@exmeple.fr")
    Client().post(cancellation_link(FORMER))
    back = Client()
    sign_in(back, FORMER)
    assert back.get(f"/sites/{site.cibtp_id}/").status_code == 200
    asked(back, "marie@ailleurs.example")  # and the next time, rightly
    Client().post(confirmation_link("marie@ailleurs.example"))
    again = Client()
    sign_in(again, "marie@ailleurs.example")
    assert again.get(f"/sites/{site.cibtp_id}/").status_code == 200


# --- the former address takes a confirmed change back ---------------------------------------------
RESTORE = {"restore": "oui"}


@pytest.fixture
def stolen(browser, person):
    """A thief who knew the password confirmed an address of his own, signed in, and added a factor."""
    factors.add_totp(user=person, name="Le mien", seed=b"m" * 20, step=1, origin=COMMAND, proved=True)
    Factor.objects.update(created_at=clock.now() - dt.timedelta(days=7, seconds=1))
    address_change.ask(person=person, address=NEW_ADDRESS, origin=COMMAND)
    Client().post(confirmation_link())
    factors.add_totp(user=person, name="Du voleur", seed=b"v" * 20, step=1, origin=COMMAND, proved=True)
    factors.new_recovery_codes(user=person, origin=COMMAND, proved=True)
    there = signed_in(User.objects.get(pk=person.pk))
    assert there.get("/compte/").status_code == 200
    return there


def test_the_former_address_takes_back_an_account_whose_new_address_is_confirmed(stolen, person, client):
    """R34, R39: knowing the password and being quick does not keep the account."""
    link = cancellation_link(FORMER)
    before = User.objects.filter(pk=person.pk).values().get()
    for _ in range(3):
        assert "Reprendre mon ancienne adresse" in read(client.get(link))
    assert User.objects.filter(pk=person.pk).values().get() == before
    assert client.post(link, RESTORE)["Location"] == link
    page = read(client.get(link))
    assert "Votre ancienne adresse est rétablie" in page
    assert "Mot de passe oublié" in page
    person.refresh_from_db()
    assert (person.email, person.is_active, person.has_usable_password()) == (FORMER, True, False)
    assert person.email_certified_at == before["email_certified_at"]
    assert stolen.get("/compte/")["Location"].startswith("/connexion/")
    assert [factor.name for factor in factors.of(person)] == ["Le mien"]
    assert factors.codes_left(person) == 0
    assert Entry.objects.filter(action="account.address_restored", actor_id=person.pk).count() == 1
    assert kinds_to(FORMER)[-1] == kinds_to(NEW_ADDRESS)[-1] == "address_restored"
    for address in (FORMER, NEW_ADDRESS):
        assert sign_in(Client(), address).status_code == 200
    assert "a été annulée" in read(Client().post(confirmation_link()))
    client.post(link, RESTORE)  # a second click
    assert Entry.objects.filter(action="account.address_restored").count() == 1


def test_what_was_added_in_the_7_days_before_the_request_is_forgotten_too(person, client):
    """A thief adds his own second factor first, and only then changes the address."""
    factors.add_totp(user=person, name="Du voleur", seed=b"v" * 20, step=1, origin=COMMAND, proved=True)
    factors.new_recovery_codes(user=person, origin=COMMAND, proved=True)
    certify_mobile(user=person, number="+33612345612", origin=COMMAND)
    with time_machine.travel(clock.now() + dt.timedelta(days=6, hours=23)):
        address_change.ask(person=person, address=NEW_ADDRESS, origin=COMMAND)
        Client().post(confirmation_link())
        assert "dans les 7 jours qui l’ont précédée" in read(client.get(cancellation_link(FORMER)))
        client.post(cancellation_link(FORMER), RESTORE)
    person.refresh_from_db()
    assert factors.of(person) == []
    assert factors.codes_left(person) == 0
    assert (person.mobile, person.certified_mobile, person.mobile_certified_at) == ("+33612345612", "", None)
    assert Entry.objects.filter(action="account.mobile_uncertified").count() == 1
    told = mail_of_kind(FORMER, "address_restored").text
    assert "n’est plus certifié" in told


def test_a_mobile_certified_before_that_stays_certified(person, client):
    long_ago = clock.now() - dt.timedelta(days=8)
    certify_mobile(user=person, number="+33612345612", origin=COMMAND, at=long_ago)
    address_change.ask(person=person, address=NEW_ADDRESS, origin=COMMAND)
    Client().post(confirmation_link())
    client.post(cancellation_link(FORMER), RESTORE)
    person.refresh_from_db()
    assert (person.email, person.mobile_certified_at) == (FORMER, long_ago)


def test_a_former_address_typed_in_an_opening_never_activated_is_taken_back_all_the_same(
    browser, person, client, letters
):
    """A thief with a live letter would make a stolen account impossible to take back."""
    Client().post(asked(browser))
    opened(Client(), letters, email=FORMER)
    squatter = User.objects.get(email=FORMER)
    assert "Reprendre mon ancienne adresse" in read(client.get(cancellation_link(FORMER)))
    assert User.objects.get(email=FORMER) == squatter  # looking changes nothing
    assert client.post(cancellation_link(FORMER), RESTORE).status_code == 302
    person.refresh_from_db()
    squatter.refresh_from_db()
    assert (person.email, squatter.email) == (FORMER, None)
    assert ProvisionalCode.objects.get(site=letters.site).is_usable()
    assert client.post(link_in(mail_of_kind(FORMER, "activation"))).status_code == 410


def test_a_new_password_at_the_former_address_opens_the_account_that_was_taken_back(browser, client):
    Client().post(asked(browser))
    client.post(cancellation_link(FORMER), RESTORE)
    client.post("/mot-de-passe/oublie/", {"email": FORMER})
    client.post(link_in(mail_of_kind(FORMER, "password_reset")), NEW_PASSWORD)
    assert sign_in(client, FORMER, NEW_PASSWORD["password"]).status_code == 302


def test_a_confirmed_change_is_taken_back_for_7_days_and_no_longer(person, client):
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        Client().post(asked(browser_of(person)))
        now.shift(dt.timedelta(days=7))
        assert "Reprendre mon ancienne adresse" in read(client.get(cancellation_link(FORMER)))
        now.shift(1)
        assert "ne peut plus être annulée" in read(client.post(cancellation_link(FORMER), RESTORE))
    assert User.objects.get().email == NEW_ADDRESS


def test_a_former_address_that_has_an_account_since_is_not_taken_from_it(browser, person, client):
    Client().post(asked(browser))
    newcomer = UserFactory(email=FORMER)
    for page in (client.get(cancellation_link(FORMER)), client.post(cancellation_link(FORMER), RESTORE)):
        assert page.status_code == 410
        assert "Un autre espace sécurisé utilise désormais cette adresse" in read(page)
    person.refresh_from_db()
    assert (person.email, person.has_usable_password()) == (NEW_ADDRESS, True)
    assert User.objects.get(email=FORMER) == newcomer


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_later_change_does_not_keep_the_first_address_from_taking_back(browser, person, client, confirmed):
    Client().post(asked(browser))
    person.refresh_from_db()
    later = asked(browser_of(person), "encore@exemple.fr")
    if confirmed:
        Client().post(later)
    client.post(cancellation_link(FORMER), RESTORE)
    account = User.objects.get()
    assert (account.email, account.is_active, account.address_changing) == (FORMER, True, False)
    for link in (later, cancellation_link(NEW_ADDRESS)):  # what was asked since is undone with it
        client.post(link, RESTORE)
        assert User.objects.get().email == FORMER


def test_taking_back_does_not_reactivate_an_account_that_the_caisse_disabled(browser, client):
    Client().post(asked(browser))
    User.objects.update(is_active=False)
    client.post(cancellation_link(FORMER), RESTORE)
    assert (User.objects.get().email, User.objects.get().is_active) == (FORMER, False)


def test_who_read_that_the_change_waits_is_told_that_it_is_confirmed_before_losing_the_password(browser):
    Client().post(asked(browser))
    page = Client().post(cancellation_link(FORMER))
    assert page.status_code == 200
    assert "Reprendre mon ancienne adresse" in read(page)
    assert (User.objects.get().email, User.objects.get().has_usable_password()) == (NEW_ADDRESS, True)


# --- what follows from a change ------------------------------------------------------------------


def test_rights_go_on_under_the_new_address(browser, person):
    mine = person.delegations.get()
    Client().post(asked(browser))
    mine = type(mine).objects.select_related("beneficiary").get(pk=mine.pk)
    assert mine.address == NEW_ADDRESS
    assert access_of(mine.beneficiary, mine.site.cibtp_id).administers


def test_each_step_is_a_line_of_the_journal(browser, client):
    asked(browser)
    client.post(cancellation_link(FORMER))
    there = Client()
    sign_in(there, FORMER)
    client.post(asked(there))
    told = Entry.objects.filter(action__startswith="account.").order_by("pk")
    assert [line.action for line in told] == [
        "account.address_change_asked",
        "account.address_change_cancelled",
        "account.address_change_asked",
        "account.address_changed",
    ]
    assert {line.cibtp_id for line in told} == {""}  # staff's business, not the company's


def test_asking_is_limited_per_address_and_per_account(person):
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        for turn in range(7):
            there = Client()
            sign_in(there, FORMER)
            answer = ask_address(there, f"a{turn}@exemple.fr")
            if turn < 6:
                assert answer.status_code == 302
                Client().post(cancellation_link(FORMER))
            now.shift(1)
        assert answer.status_code == 429
        person.refresh_from_db()
        assert person.is_active


def test_a_password_sent_from_another_session_asks_nothing_for_somebody_signed_out(client):
    assert client.get(ADDRESS)["Location"].startswith("/connexion/")
    assert client.post(ADDRESS, {"reauth_password": PASSWORD})["Location"] == "/connexion/"
