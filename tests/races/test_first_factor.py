"""What happens at the instant at which a first second factor is added: nothing escapes it (R27, R46)."""

from __future__ import annotations

import threading

import pytest
from django.test import Client

import accounts.sign_in
import accounts.views.sign_in
import portal.reauth.pages
from accounts.models import Factor, RecoveryCode
from accounts.second_factor import factors
from portal import clock
from portal.origin import COMMAND
from portal.second_factor import totp
from portal.second_factor.verified import VERIFIED
from portal.sessions import store
from portal.sessions.models import Session
from tests.factories import PASSWORD, UserFactory
from tests.second_factor.apps import SEED, app_of, code, give_code, give_password
from tests.second_factor.test_enrolling import CODES, confirm, offered

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
LONGEST = 1.5  # seconds for which one act waits for the other, which a lock may keep from coming


class Meeting:
    """Two acts: one looks, the other adds a first factor meanwhile if it can, the first goes on."""

    def __init__(self, person):
        self.person, self.looked, self.added = person, threading.Event(), threading.Event()

    def after(self, genuine):
        """That function, after which whoever called it waits for the factor."""

        def looks(*given, **named):
            found = genuine(*given, **named)
            self.wait()
            return found

        return looks

    def before(self, genuine):
        """That function, which waits for the factor before it does anything."""

        def comes_late(*given, **named):
            self.wait()
            return genuine(*given, **named)

        return comes_late

    def wait(self):
        self.looked.set()
        self.added.wait(LONGEST)

    def add(self):
        """A first factor, added in another browser."""
        assert self.looked.wait(10)
        step = totp.step_at(clock.now())
        made = factors.add_totp(
            user=self.person, name="Mon téléphone", seed=SEED, step=step, origin=COMMAND, proved=False
        )
        self.added.set()
        return made


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def meeting(person):
    return Meeting(person)


def signs_in(person):
    """A browser, and the act of signing in with it."""
    browser = Client(raise_request_exception=False)
    return browser, lambda: give_password(browser, person).status_code


def is_in(browser):
    return browser.get("/compte/").status_code == 200


# --- a sign-in ---------------------------------------------------------------------------------------


def test_a_sign_in_that_found_no_factor_is_ended_by_the_first_one(person, meeting, at_once, monkeypatch):
    monkeypatch.setattr(accounts.sign_in, "has_any", meeting.after(factors.has_any))
    browser, act = signs_in(person)
    _, made = at_once(act, meeting.add)
    assert isinstance(made, Factor)
    assert not is_in(browser)
    assert not Session.objects.filter(user=person).exists()


def test_without_the_lock_it_would_go_on_without_the_factor(person, meeting, at_once, monkeypatch):
    """That the test above can fail."""
    monkeypatch.setattr(accounts.sign_in, "wait_for_turn", lambda user_id: (True, person.password))
    monkeypatch.setattr(accounts.sign_in, "has_any", meeting.after(factors.has_any))
    browser, act = signs_in(person)
    at_once(act, meeting.add)
    assert is_in(browser)


def test_a_session_whose_answer_has_not_left_yet_is_ended_too(person, meeting, at_once, monkeypatch):
    """It is the person's from the moment at which it is opened, not once the answer is written."""
    monkeypatch.setattr(accounts.views.sign_in, "sign_in", meeting.after(accounts.sign_in.sign_in))
    browser, act = signs_in(person)
    at_once(act, meeting.add)
    assert not is_in(browser)
    assert not Session.objects.filter(user=person).exists()


def test_a_sign_in_that_comes_after_the_first_factor_waits_for_it(person, meeting, at_once, monkeypatch):
    monkeypatch.setattr(accounts.sign_in, "wait_for_turn", meeting.before(accounts.sign_in.wait_for_turn))
    browser, act = signs_in(person)
    status, _ = at_once(act, meeting.add)
    assert status == 302
    assert not is_in(browser)
    assert give_code(browser, code(1)).status_code == 302
    assert is_in(browser)


def test_a_factor_taken_away_while_it_is_proved_counts_for_nothing(person, at_once, monkeypatch):
    app_of(person)
    browser = Client()
    give_password(browser, person)
    staff = UserFactory(is_staff=True, is_superuser=True)
    proved, gone = threading.Event(), threading.Event()
    genuine = accounts.sign_in.wait_for_turn

    def late(user_id):
        proved.set()
        gone.wait(5)
        return genuine(user_id)

    def reset():
        proved.wait(5)
        factors.reset(person=person, staff=staff, reason="Rappelée", origin=COMMAND)
        gone.set()

    monkeypatch.setattr(accounts.sign_in, "wait_for_turn", late)
    at_once(lambda: give_code(browser, code()), reset)
    assert not Factor.objects.exists()
    assert VERIFIED not in browser.session


# --- a session that is open already ------------------------------------------------------------------


def test_a_session_that_takes_a_new_id_at_that_instant_does_not_come_back(
    person, meeting, at_once, monkeypatch
):
    """Whoever confirms his identity while his session is ended is not signed in under another id."""
    browser, act = signs_in(person)
    act()
    monkeypatch.setattr(
        portal.reauth.pages, "confirmed_now", meeting.before(portal.reauth.pages.confirmed_now)
    )
    sent = {"reauth_password": PASSWORD}
    status, _ = at_once(lambda: browser.post("/compte/contact/", sent).status_code, meeting.add)
    assert status == 400
    assert not is_in(browser)


def test_a_session_that_has_just_taken_a_new_id_is_ended_under_it(person, meeting, at_once, monkeypatch):
    browser, act = signs_in(person)
    act()
    monkeypatch.setattr(store.SessionStore, "exists", meeting.after(store.SessionStore.exists))
    at_once(lambda: browser.post("/compte/contact/", {"reauth_password": PASSWORD}).status_code, meeting.add)
    assert not Session.objects.filter(user=person).exists()
    assert not is_in(browser)


def test_without_the_turn_it_would_escape_under_its_new_id(person, meeting, at_once, monkeypatch):
    """That the test above can fail."""
    browser, act = signs_in(person)
    act()
    monkeypatch.setattr(store, "wait_for_turn", lambda user_id: None)
    monkeypatch.setattr(store.SessionStore, "exists", meeting.after(store.SessionStore.exists))
    at_once(lambda: browser.post("/compte/contact/", {"reauth_password": PASSWORD}).status_code, meeting.add)
    assert is_in(browser)


# --- two first factors -------------------------------------------------------------------------------


def adding(person, name):
    """A browser in which a key is shown, and the act that confirms it."""
    browser = Client(raise_request_exception=False)
    give_password(browser, person)
    sealed, seed = offered(browser)
    return browser, lambda: confirm(browser, sealed, seed, name=name)


def both_added(person, at_once, monkeypatch):
    """Two first factors from two browsers, both of which found none: the browsers, the answers."""
    meeting, genuine = threading.Barrier(2), factors.locked

    def together(user_id):
        meeting.wait(10)
        return genuine(user_id)

    monkeypatch.setattr(factors, "locked", together)
    browsers, acts = zip(*(adding(person, name) for name in ("Un", "Deux")), strict=True)
    answers = at_once(*acts)
    monkeypatch.undo()
    return browsers, answers


def test_of_two_first_factors_added_at_once_one_is_kept(person, at_once, monkeypatch):
    """The other browser knew the password only: it has not proved the factor that is there by now."""
    browsers, answers = both_added(person, at_once, monkeypatch)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (refused,) = (answer for answer in answers if answer.status_code == 200)
    assert "vient d’être ajouté à votre compte depuis un autre navigateur" in refused.content.decode()
    assert Factor.objects.filter(user=person).count() == 1
    assert sorted(map(is_in, browsers)) == [False, True]
    assert [VERIFIED in browser.session for browser in browsers if is_in(browser)] == [True]


def test_recovery_codes_are_not_shown_to_a_session_that_did_not_prove_the_factor_they_replace(
    person, meeting, at_once, monkeypatch
):
    browser, act = signs_in(person)
    act()
    monkeypatch.setattr(factors, "new_recovery_codes", meeting.before(factors.new_recovery_codes))
    answer, made = at_once(lambda: browser.post(CODES), meeting.add)
    assert isinstance(made, Factor)
    assert "recovery-codes" not in answer.content.decode()
    assert not RecoveryCode.objects.exists()
    assert not is_in(browser)
