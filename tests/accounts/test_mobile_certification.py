"""« Certifier »: a code by SMS proves a mobile number (R05, R11, R40, R41, R43, R44, R75)."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.mobile import certified_on, certify_mobile, change_mobile, has_certified_mobile
from accounts.models import User
from accounts.undoing import empty_account
from accounts.views import certifying as certifying_page
from portal import clock
from portal.codes.models import SmsCode
from portal.journal.models import Entry
from portal.messaging import tasks
from portal.messaging.models import Message, Sms
from portal.origin import COMMAND
from tests.accounts.conftest import mails_to
from tests.accounts.mobile_codes import NUMBER, OTHER, PAGE, SEND, check, latest_code, words, wrong
from tests.factories import UserFactory
from tests.fresh import for_long

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(mobile=NUMBER)


@pytest.fixture
def browser(person):
    client = Client()
    client.force_login(person)
    return for_long(client)


# --- the page -------------------------------------------------------------------------------------------


def test_one_certifies_the_number_of_ones_account(browser, person):
    page = browser.get(PAGE)
    assert "06 •• •• •• 12" in words(page)
    assert NUMBER not in page.content.decode()
    assert browser.post(PAGE, SEND)["Location"] == PAGE
    page = browser.get(PAGE)
    assert 'inputmode="numeric"' in page.content.decode()
    assert 'autocomplete="one-time-code"' in page.content.decode()
    assert browser.post(PAGE, check(latest_code()))["Location"] == PAGE
    page = browser.get(PAGE)
    assert f"Certifié le {clock.today():%d/%m/%Y}" in words(page)
    person.refresh_from_db()
    assert has_certified_mobile(person)
    (line,) = Entry.objects.filter(action="account.mobile_certified")
    assert NUMBER not in line.sentence
    assert "06\u00a0••" in line.sentence


def test_somebody_without_a_number_types_it_there_and_it_becomes_his_once_proved(browser, person):
    User.objects.update(mobile="")
    assert "Téléphone mobile" in words(browser.get(PAGE))
    assert "Saisissez votre numéro" in words(browser.post(PAGE, SEND))
    browser.post(PAGE, SEND | {"mobile": "07 45 12 34 34"})
    assert "07 •• •• •• 34" in words(browser.get(PAGE))
    person.refresh_from_db()
    assert person.mobile == ""
    browser.post(PAGE, check(latest_code()))
    person.refresh_from_db()
    assert (person.mobile, person.certified_mobile) == (OTHER, OTHER)


def test_another_code_goes_where_the_one_awaited_went(browser):
    User.objects.update(mobile="")
    with time_machine.travel(clock.now(), tick=False) as now:
        browser.post(PAGE, SEND | {"mobile": "07 45 12 34 34"})
        now.shift(dt.timedelta(minutes=1))
        assert browser.post(PAGE, SEND).status_code == 302
        assert list(Sms.objects.values_list("number", flat=True)) == [OTHER, OTHER]
        now.shift(dt.timedelta(minutes=10))
        assert "Saisissez votre numéro" in words(browser.post(PAGE, SEND))


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", "{}\u00a0{}", "Votre code : {} {}", "{}{}\n"])
def test_the_code_is_understood_as_people_type_and_paste_it(browser, person, typed):
    browser.post(PAGE, SEND)
    code = latest_code()
    browser.post(PAGE, check(typed.format(code[:3], code[3:])))
    person.refresh_from_db()
    assert has_certified_mobile(person)


def test_a_wrong_code_says_how_many_tries_are_left_beside_the_field_and_in_the_summary(browser):
    browser.post(PAGE, SEND)
    page = browser.post(PAGE, check(wrong()))
    assert words(page).count("Ce code n’est pas le bon : il vous reste 4 essais.") == 2
    assert "<title>Erreur" in page.content.decode()
    assert "Saisissez le code à 6 chiffres" in words(browser.post(PAGE, check("")))


def test_after_five_wrong_codes_the_right_one_is_refused_and_the_journal_says_so_once(browser, person):
    browser.post(PAGE, SEND)
    for _ in range(7):
        browser.post(PAGE, check(wrong()))
    browser.post(PAGE, check(latest_code()))
    assert "Après cinq codes erronés" in words(browser.get(PAGE))
    person.refresh_from_db()
    assert not has_certified_mobile(person)
    assert Entry.objects.filter(action="account.mobile_code_dead").count() == 1


def test_a_wrong_code_whose_last_try_another_tab_spent_meanwhile_is_told_as_dead(browser, monkeypatch):
    browser.post(PAGE, SEND)
    genuine = certifying_page.check_code

    def overtaken(**given):
        answer = genuine(**given)
        SmsCode.objects.update(tries=5)
        return answer

    monkeypatch.setattr(certifying_page, "check_code", overtaken)
    page = words(browser.post(PAGE, check(wrong()), follow=True))
    assert "Après cinq codes erronés" in page
    assert "il vous reste" not in page


def test_after_ten_minutes_the_page_says_that_the_code_expired(browser, person):
    with time_machine.travel(clock.now(), tick=False) as now:
        browser.post(PAGE, SEND)
        now.shift(dt.timedelta(minutes=10))
        browser.post(PAGE, check(latest_code()))
        assert "a expiré" in words(browser.get(PAGE))
    person.refresh_from_db()
    assert not has_certified_mobile(person)


def test_a_get_changes_nothing(browser):
    browser.get(PAGE)
    browser.get(PAGE + "?mobile_step=send")
    assert not Sms.objects.exists()
    assert not SmsCode.objects.exists()


def test_a_code_of_one_person_does_not_serve_another(browser):
    browser.post(PAGE, SEND)
    other, stranger = UserFactory(mobile=NUMBER), Client()
    stranger.force_login(other)
    assert "Aucun code n’est attendu" in words(stranger.post(PAGE, check(latest_code())))
    other.refresh_from_db()
    assert not has_certified_mobile(other)


def test_a_number_that_another_account_has_gets_the_same_answer(browser):
    """R05: nothing tells that it is known; whoever holds the phone reads the code and what it is for."""
    free = browser.post(PAGE, SEND | {"mobile": "07 45 12 34 34"})
    UserFactory(mobile=OTHER, certified_mobile=OTHER, mobile_certified_at=clock.now())
    another = Client()
    another.force_login(UserFactory())
    with time_machine.travel(clock.now() + dt.timedelta(minutes=1)):  # a number waits, whoever asks
        known = another.post(PAGE, SEND | {"mobile": "07 45 12 34 34"})
    assert (free.status_code, free["Location"]) == (known.status_code, known["Location"])
    assert Sms.objects.filter(number=OTHER).count() == 2
    assert "Si vous n'avez rien demandé" in Sms.objects.latest("pk").text


@pytest.mark.parametrize(
    "number", ["03 83 12 34 56", "08 99 12 34 56", "06 39 98 12 34", "+32 470 12 34 56", "12"]
)
def test_no_code_goes_to_what_is_no_mobile_of_an_allowed_country(browser, number):
    page = browser.post(PAGE, SEND | {"mobile": number})
    assert page.status_code == 200
    assert "numéro" in words(page)
    assert not Sms.objects.exists()


def test_a_number_that_takes_no_code_is_no_dead_end():
    client = Client()
    client.force_login(UserFactory(mobile="+32470123456"))
    page = for_long(client).post(PAGE, SEND).content.decode()
    assert "Aucun code ne peut être envoyé à ce numéro" in page
    assert 'href="/compte/contact/">Modifier mon numéro' in page
    assert 'href="/compte/">Retour à mon compte' in page


def test_the_page_says_what_sms_are_worth_and_what_the_number_is_for(browser):
    said = words(browser.get(PAGE))
    for sentence in (
        "Un SMS peut être lu ou détourné",
        "application d’authentification",
        "Il ne sert à rien d’autre",
    ):
        assert sentence in said


# --- one verb writes the number -------------------------------------------------------------------------


def certified(**fields):
    user = UserFactory(mobile=NUMBER, **fields)
    certify_mobile(user=user, number=NUMBER, origin=COMMAND)
    return user


def test_another_number_is_not_certified_and_the_person_is_told_at_both_places():
    """R40."""
    user = certified()
    assert change_mobile(user=user, number=OTHER, origin=COMMAND)
    assert (user.mobile, user.certified_mobile, user.mobile_certified_at) == (OTHER, "", None)
    assert not has_certified_mobile(User.objects.get())
    (mail,) = mails_to(user.email)
    assert "06\u00a0••\u00a0••\u00a0••\u00a012" in mail.text
    assert "n'est plus certifié" in Sms.objects.get(number=NUMBER).text
    line = Entry.objects.get(action="account.mobile_uncertified")
    said = str((line.sentence, line.before, line.after))
    assert NUMBER not in said
    assert "345612" not in said


def test_a_number_that_was_not_certified_gets_no_sms():
    user = UserFactory(mobile=NUMBER)
    change_mobile(user=user, number=OTHER, origin=COMMAND)
    assert not Sms.objects.exists()
    assert len(mails_to(user.email)) == 1
    assert Entry.objects.get().action == "account.mobile_changed"


def test_the_same_number_again_changes_and_tells_nothing():
    user = certified()
    assert not change_mobile(user=user, number=NUMBER, origin=COMMAND)
    assert has_certified_mobile(user)
    assert not Message.objects.exists()


def test_a_new_number_certified_on_the_page_takes_the_place_of_the_former(browser, person):
    """R40."""
    certify_mobile(user=person, number=NUMBER, origin=COMMAND)
    browser.post(PAGE, SEND | {"mobile": "07 45 12 34 34"})
    code = latest_code()
    person.refresh_from_db()
    assert has_certified_mobile(person)
    assert person.mobile == NUMBER
    browser.post(PAGE, check(code))
    person.refresh_from_db()
    assert (person.mobile, has_certified_mobile(person)) == (OTHER, True)
    assert Sms.objects.filter(number=NUMBER, kind="accounts/sms/mobile_changed").exists()


def test_the_database_certifies_no_other_number_than_the_account_s():
    user = certified()
    for changes in ({"mobile": OTHER}, {"certified_mobile": ""}, {"mobile_certified_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=user.pk).update(**changes)


def test_a_certification_lapses_after_twelve_months_by_the_date_alone():
    with time_machine.travel(dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC), tick=False) as now:
        user = certified()
        now.move_to(dt.datetime(2027, 11, 20, 22, 59, tzinfo=dt.UTC))
        assert certified_on(user) == dt.date(2026, 11, 21)
        now.move_to(dt.datetime(2027, 11, 20, 23, 0, tzinfo=dt.UTC))  # midnight in Paris
        assert certified_on(user) is None
        assert not has_certified_mobile(user)


def test_months_are_counted_as_people_do():
    assert clock.months_after(dt.date(2028, 2, 29), 12) == dt.date(2029, 2, 28)
    assert clock.months_after(dt.date(2026, 12, 31), 2) == dt.date(2027, 2, 28)
    assert clock.months_after(dt.date(2026, 1, 15), 12) == dt.date(2027, 1, 15)


def test_an_emptied_account_keeps_no_number():
    user = certified()
    empty_account(user)
    user.refresh_from_db()
    assert (user.mobile, user.certified_mobile, user.mobile_certified_at) == ("", "", None)


# --- secrets --------------------------------------------------------------------------------------------


def test_no_code_and_no_number_in_the_log_and_no_code_left_anywhere(browser, person, gateway, caplog):
    caplog.set_level("DEBUG")
    browser.post(PAGE, SEND)
    code = latest_code()
    browser.post(PAGE, check(wrong()))
    browser.post(PAGE, check(code))
    tasks.sweep_sms()
    change_mobile(user=User.objects.get(), number=OTHER, origin=COMMAND)
    assert code not in caplog.text
    for number in (NUMBER, OTHER):
        assert number not in caplog.text
        assert number not in str(list(Entry.objects.values()))
    assert code not in str(list(Sms.objects.values())) + str(list(SmsCode.objects.values()))
