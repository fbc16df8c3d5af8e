"""Signing in in two steps: who has a factor is not in by his password alone (R11, R19, R29, R45, R46)."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.limits import SIGN_IN_BY_ACCOUNT
from accounts.models import Factor
from accounts.second_factor import factors
from portal.journal.models import Entry
from portal.limits.counting import key_of
from portal.limits.models import Counter
from portal.messaging.models import Message
from portal.origin import COMMAND
from portal.sessions.models import Session
from tests.alike import lasting
from tests.factories import SiteFactory, UserFactory, owner_of
from tests.second_factor.apps import (
    VERIFICATION,
    app_of,
    code,
    give_code,
    give_password,
    sign_in,
    wrong_code,
)

pytestmark = pytest.mark.django_db
NOON = "2026-03-02T12:00:10+01:00"


@pytest.fixture
def person():
    user = owner_of(SiteFactory())
    app_of(user)
    return user


def is_in(browser):
    return not browser.get("/sites/")["Location"].startswith("/connexion/")


def test_the_password_alone_opens_nothing(client, person):
    answer = give_password(client, person, next="/compte/")
    assert answer["Location"] == f"{VERIFICATION}?next=%2Fcompte%2F"
    assert not is_in(client)
    assert not Entry.objects.filter(action="sign_in.done").exists()
    page = client.get(answer["Location"]).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    assert person.email not in page


def test_the_code_opens_the_session_and_leads_on(client, person):
    give_password(client, person)
    assert give_code(client, code(), next="/compte/")["Location"] == "/compte/"
    assert is_in(client)
    assert Entry.objects.get(action="sign_in.done").sentence == "Connexion, second facteur vérifié"


def test_whoever_has_no_factor_signs_in_as_before(client):
    assert give_password(client, owner_of(SiteFactory()))["Location"] == "/sites/"
    assert is_in(client)


def test_a_code_typed_with_spaces_or_in_full_width_is_understood(client, person):
    give_password(client, person)
    digits = code()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in digits)
    assert give_code(client, f" {wide[:3]}\u00a0{wide[3:]} ").status_code == 302


def test_wrong_passwords_are_answered_alike_with_and_without_a_factor(client, person):
    """R01: the second step says nothing before the password is right."""
    without = owner_of(SiteFactory())
    pages = []
    for user in (person, without):
        browser = Client()
        answer = browser.post("/connexion/", {"email": user.email, "password": "Faux-mot-2-passe"})
        page = lasting(answer.content.decode())
        pages.append((answer.status_code, set(answer.cookies), page.replace(user.email, "")))
        assert browser.get(VERIFICATION)["Location"] == "/connexion/"
    assert pages[0] == pages[1]


def test_the_session_has_another_id_after_each_step(client, person):
    """R29."""
    client.get("/connexion/")
    seen = []
    give_password(client, person)
    seen.append(client.cookies["session"].value)
    give_code(client, code())
    seen.append(client.cookies["session"].value)
    assert len(set(seen)) == 2
    client.cookies["session"] = seen[0]
    assert not is_in(client)
    assert not Session.objects.filter(pk=seen[0]).exists()


def test_the_second_step_waits_five_minutes_and_no_more(person):
    for seconds, led in ((299, "/sites/"), (301, "/connexion/")):
        browser = Client()
        Factor.objects.update(last_step=0)
        with time_machine.travel(NOON, tick=False) as clock:
            give_password(browser, person)
            clock.shift(dt.timedelta(seconds=seconds))
            assert give_code(browser, code())["Location"] == led


def test_a_changed_password_ends_the_second_step(client, person):
    give_password(client, person)
    person.set_password("Autre-Mot-2-Passe")
    person.save()
    assert give_code(client, code())["Location"] == "/connexion/"
    assert not is_in(client)


def test_a_disabled_account_ends_the_second_step(client, person):
    give_password(client, person)
    type(person).objects.update(is_active=False)
    assert give_code(client, code())["Location"] == "/connexion/"


def test_a_value_serves_once_even_in_the_same_half_minute(person):
    """R46."""
    with time_machine.travel(NOON, tick=False):
        first, second = Client(), Client()
        for browser in (first, second):
            give_password(browser, person)
        assert give_code(first, code()).status_code == 302
        assert give_code(second, code()).status_code == 200
        cache.clear()  # nothing of it lives there
        assert give_code(second, code()).status_code == 200
        assert not is_in(second)
        assert give_code(second, code(1)).status_code == 302


def test_a_value_serves_once_even_if_two_apps_hold_the_key(person):
    """R46."""
    app_of(person, "Tablette")
    with time_machine.travel(NOON, tick=False):
        answers = []
        for _ in range(2):
            browser = Client()
            give_password(browser, person)
            answers.append(give_code(browser, code()).status_code)
    assert answers == [302, 200]


def test_the_person_is_told_once_that_his_second_factor_is_blocked(person):
    mails = Message.objects.filter(recipient=person.email)
    with time_machine.travel(NOON, tick=False):
        browser = Client()
        give_password(browser, person)
        for number in range(5):
            assert not mails.exists(), number
            give_code(browser, wrong_code())
        give_password(browser, person)
        give_code(browser, wrong_code())
    mail = mails.get()
    assert mail.subject == "Votre second facteur est bloqué pour un moment"
    assert "connaît votre mot de passe" in " ".join(mail.text.split())


def test_a_password_that_was_right_leaves_a_trace_before_the_second_factor(client, person):
    give_password(client, person)
    line = Entry.objects.get(action="sign_in.password_proved")
    assert (line.sentence, line.actor_id) == ("Mot de passe exact, second facteur attendu", person.pk)


def wrong_passwords(person):
    """How many still count."""
    subject = key_of(SIGN_IN_BY_ACCOUNT, person.email)
    return sum(Counter.objects.filter(key=subject).values_list("tries", flat=True))


def test_wrong_passwords_are_forgotten_once_all_is_proved_and_a_right_one_never_counts(person):
    browser = Client()
    for _ in range(4):
        browser.post("/connexion/", {"email": person.email, "password": "Faux-mot-2-passe"})
    for _ in range(7):
        assert give_password(browser, person).status_code == 302
        assert wrong_passwords(person) == 4
    assert give_code(browser, code()).status_code == 302
    assert wrong_passwords(person) == 0


def test_too_many_wrong_codes_end_the_sign_in_that_waits_and_the_right_one_is_refused(person):
    """R11, R46: five tries, whatever they are; then neither the code nor a new sign-in helps."""
    with time_machine.travel(NOON, tick=False) as clock:
        browser = Client()
        give_password(browser, person)
        answers = [give_code(browser, wrong_code()) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
        assert answers[-1]["Retry-After"] == "900"
        assert browser.get(VERIFICATION)["Location"] == "/connexion/"
        give_password(browser, person)
        assert give_code(browser, code()).status_code == 429
        assert browser.get(VERIFICATION)["Location"] == "/connexion/"
        assert not is_in(browser)
        assert Entry.objects.filter(action="sign_in.factor_blocked").count() == 1
        clock.shift(dt.timedelta(minutes=16))
        give_password(browser, person)
        assert give_code(browser, code()).status_code == 302


def test_tries_are_counted_together_whatever_they_are_and_however_the_password_is_proved(person):
    """R46: limits span codes; a right password gives no try back."""
    with time_machine.travel(NOON, tick=False):
        for place in range(4):
            browser = Client()
            give_password(browser, person)
            sent = {"par": "secours", "recovery_code": "ABCDE-23456"} if place % 2 else {"code": wrong_code()}
            assert browser.post(VERIFICATION, sent).status_code == 200
        browser = Client()
        give_password(browser, person)
        assert give_code(browser, wrong_code()).status_code == 429


def test_tries_are_counted_for_the_network_too():
    with time_machine.travel(NOON, tick=False):
        answers = []
        for _ in range(10):
            user, browser = UserFactory(), Client()
            app_of(user)
            give_password(browser, user)
            answers += [give_code(browser, wrong_code()).status_code for _ in range(4)]
        assert answers == [200] * 39 + [429]
        user, browser = UserFactory(), Client()
        app_of(user)
        give_password(browser, user)
        assert give_code(browser, code()).status_code == 429


def test_what_is_not_six_digits_is_told_beside_its_field_and_not_counted(client, person):
    give_password(client, person)
    for _ in range(8):
        page = give_code(client, "12345")
        assert "6 chiffres" in page.content.decode()
    assert give_code(client, code()).status_code == 302


def test_a_recovery_code_serves_once_and_the_person_is_told(person):
    codes = factors.new_recovery_codes(user=person, origin=COMMAND, proved=True)
    browsers = [Client(), Client()]
    answers = []
    for browser in browsers:
        give_password(browser, person)
        assert "Code de récupération" in browser.get(f"{VERIFICATION}?par=secours").content.decode()
        sent = {"par": "secours", "recovery_code": codes[0].lower().replace("-", " ")}
        answers.append(browser.post(VERIFICATION, sent).status_code)
    assert answers == [302, 200]
    assert is_in(browsers[0])
    assert not is_in(browsers[1])
    assert Entry.objects.filter(action="account.recovery_used").count() == 1
    assert "Il en reste 9" in Message.objects.order_by("-pk")[0].text


def test_somebody_elses_recovery_code_opens_nothing(client, person):
    other = UserFactory()
    app_of(other)
    code_of_other = factors.new_recovery_codes(user=other, origin=COMMAND, proved=True)[0]
    give_password(client, person)
    sent = {"par": "secours", "recovery_code": code_of_other}
    assert client.post(VERIFICATION, sent).status_code == 200
    assert not is_in(client)


def test_a_password_reset_never_skips_the_second_factor(client, person):
    """R19, R47: the link changes the password, opens no session, and the factor is still asked for."""
    client.post("/mot-de-passe/oublie/", {"email": person.email})
    link = Message.objects.get(kind="accounts/mails/password_reset").secret
    path = "/" + link.split("/", 3)[3]
    new = "Nouvelle-Truelle-27"
    assert client.post(path, {"password": new, "password_again": new}).status_code == 302
    assert client.get(VERIFICATION)["Location"] == "/connexion/"
    client.post("/connexion/", {"email": person.email, "password": new})
    assert not is_in(client)
    assert give_code(client, code())["Location"] == "/sites/"


def test_a_second_step_that_nobody_began_leads_to_the_first(client):
    for answer in (client.get(VERIFICATION), give_code(client, "123456")):
        assert answer["Location"] == "/connexion/"


def test_signing_in_as_staff_beside_an_employer_leaves_the_employer_signed_in():
    browser, employer = Client(), owner_of(SiteFactory())
    staff = UserFactory(is_staff=True, is_superuser=True)
    app_of(staff)
    give_password(browser, employer)
    assert sign_in(browser, staff, next="/admin/")["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/sites/", follow=True).wsgi_request.user == employer
    assert "pending_sign_in" not in browser.session


def test_a_session_opened_before_by_the_password_alone_may_prove_the_factor_later(client):
    person = owner_of(SiteFactory())
    give_password(client, person)
    app_of(person)
    before = client.cookies["session"].value
    assert client.get("/compte/securite/application/")["Location"] == VERIFICATION
    assert give_code(client, code(), next="/compte/securite/")["Location"] == "/compte/securite/"
    assert client.cookies["session"].value != before
    assert client.get("/compte/securite/application/").status_code == 200


def test_a_seed_that_no_key_opens_is_a_wrong_code_and_no_failure(client, person, settings):
    settings.SECOND_FACTOR_KEYS = ["another key that lives outside the database"]
    give_password(client, person)
    assert give_code(client, code()).status_code == 200
