"""Adding and removing one's own factors: proved afresh, told, written down (R27, R37, R46, R50)."""

from __future__ import annotations

import datetime as dt
import re
from base64 import b32decode

import pytest
import time_machine
from django.test import Client

from accounts.models import Factor, RecoveryCode
from portal.journal.models import Entry
from portal.messaging.models import Message
from portal.second_factor import totp
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of
from tests.second_factor.apps import app_of, code, give_code, give_password, sign_in

pytestmark = pytest.mark.django_db
APP, CODES, LIST = "/compte/securite/application/", "/compte/securite/codes/", "/compte/securite/"


@pytest.fixture
def person():
    return owner_of(SiteFactory())


@pytest.fixture
def browser(client, person):
    give_password(client, person)
    return client


def offered(browser, address=APP):
    """The page's sealed key, and the seed that it shows."""
    page = browser.get(address).content.decode()
    sealed = re.search(r'name="seed" value="([^"]+)"', page).group(1)
    key = re.search(r'class="key" translate="no">([A-Z2-7 ]+)<', page).group(1)
    return sealed, b32decode(key.replace(" ", ""))


def confirm(browser, sealed, seed, address=APP, **more):
    sent = {"seed": sealed, "name": "Mon téléphone", "code": code(seed=seed)} | more
    return browser.post(address, sent)


def removal(factor):
    return f"/compte/securite/{factor.pk}/retirer/"


def test_an_app_is_added_once_a_code_shows_that_it_has_the_key(browser, person):
    before = browser.cookies["session"].value
    sealed, seed = offered(browser)
    answer = confirm(browser, sealed, seed)
    assert answer["Location"] == CODES
    assert browser.cookies["session"].value != before  # R29
    assert Factor.objects.get(user=person).name == "Mon téléphone"
    assert (
        "Application d’authentification «\u00a0Mon téléphone\u00a0»"
        in Entry.objects.get(action="account.factor_added").sentence
    )
    assert Message.objects.get(kind="accounts/mails/second_factor").recipient == person.email
    assert "Mon téléphone" in browser.get(LIST).content.decode()


def test_the_key_is_told_in_groups_as_a_picture_and_as_an_address_that_opens_the_app(browser):
    page = browser.get(APP).content.decode()
    key = re.search(r'class="key" translate="no">([A-Z2-7 ]+)<', page).group(1)
    assert re.fullmatch("[A-Z2-7]{4}( [A-Z2-7]{4}){7}", key)
    (address,) = re.findall(r'href="(otpauth://totp/[^"]+)"', page)
    assert f"secret={key.replace(' ', '')}&" in address.replace("&amp;", "&")
    assert 'data-copy="cle"' in page
    assert 'hidden data-copy="cle"' in page  # until its script runs


def test_what_is_wrong_is_told_before_the_key_as_on_every_page(browser):
    sealed, seed = offered(browser)
    page = confirm(browser, sealed, seed, code="12").content.decode()
    assert page.index("data-error-summary") < page.index('class="key"')


def test_a_form_that_needs_a_script_is_hidden_until_it_runs_and_the_page_says_so(browser):
    page = browser.get("/compte/securite/cle/").content.decode()
    assert re.search(r'<form [^>]*\bhidden\b[^>]*data-passkey="create"', page)
    said = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "Une clé d’accès demande JavaScript" in said
    assert f'href="{APP}"' in said


def test_what_was_done_is_said_in_a_whole_sentence(browser, person):
    sealed, seed = offered(browser)
    confirm(browser, sealed, seed)
    added = "L’application d’authentification «\u00a0Mon téléphone\u00a0» a été ajoutée à votre compte."
    assert added in browser.get(CODES).content.decode()
    browser.post(removal(Factor.objects.get()))
    removed = "L’application d’authentification «\u00a0Mon téléphone\u00a0» a été retirée de votre compte."
    assert removed in browser.get(LIST).content.decode()


def test_a_passkey_begins_a_sentence_with_its_own_article():
    assert Factor(kind="passkey", name="Bleue").as_subject == "La clé d’accès «\u00a0Bleue\u00a0»"


def test_looking_at_the_page_writes_nothing_and_each_look_offers_another_key(browser):
    assert offered(browser)[1] != offered(browser)[1]
    assert not Factor.objects.exists()


def test_a_wrong_code_keeps_the_same_key_and_what_was_typed(browser):
    sealed, seed = offered(browser)
    page = confirm(browser, sealed, seed, name="Tablette", code="000000").content.decode()
    assert totp.grouped(seed) in page
    assert 'value="Tablette"' in page
    assert not Factor.objects.exists()


def test_the_code_that_confirmed_the_app_does_not_sign_in(browser, person):
    with time_machine.travel("2026-03-02T12:00:10+01:00", tick=False):
        other = Client()
        give_password(browser, person)
        sealed, seed = offered(browser)
        confirm(browser, sealed, seed)
        give_password(other, person)
        assert give_code(other, code(seed=seed)).status_code == 200
        assert give_code(other, code(1, seed=seed)).status_code == 302


def test_a_key_sealed_for_another_person_or_too_long_ago_is_refused(browser, person):
    other = Client()
    give_password(other, owner_of(SiteFactory()))
    sealed, seed = offered(other)
    assert confirm(browser, sealed, seed)["Location"] == APP
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=31)):
        give_password(other, person)
        sealed, seed = offered(other)
    assert confirm(browser, sealed, seed)["Location"] == APP
    assert confirm(browser, "x" * 40, seed)["Location"] == APP
    assert not Factor.objects.exists()


def test_the_password_is_asked_again_after_five_minutes_and_the_key_is_kept(person):
    """R37."""
    with time_machine.travel("2026-03-02T12:00:10+01:00", tick=False) as clock:
        browser = Client()
        give_password(browser, person)
        sealed, seed = offered(browser)
        clock.shift(dt.timedelta(minutes=5, seconds=1))
        asked = confirm(browser, sealed, seed)
        assert "Mot de passe actuel" in asked.content.decode()
        assert sealed in asked.content.decode()
        assert not Factor.objects.exists()
        sent = {"seed": sealed, "name": "Mon téléphone", "reauth_resumed": "1", "reauth_password": PASSWORD}
        page = browser.post(APP, sent).content.decode()
        assert totp.grouped(seed) in page
        assert confirm(browser, sealed, seed)["Location"] == CODES


def test_a_second_app_takes_another_name(browser, person):
    app_of(person)
    give_code(browser, code())
    sealed, seed = offered(browser)
    assert "porte déjà ce nom" in confirm(browser, sealed, seed).content.decode()
    assert confirm(browser, sealed, seed, name="Tablette").status_code == 302
    assert Factor.objects.filter(user=person).count() == 2


def test_a_key_is_enrolled_once_whatever_name_it_takes(browser, person):
    """R46: a value would serve once for each of its twins."""
    with time_machine.travel("2026-03-02T12:00:10+01:00", tick=False) as clock:
        sealed, seed = offered(browser)
        assert confirm(browser, sealed, seed)["Location"] == CODES
        clock.shift(60)
        again = confirm(browser, sealed, seed, name="Tablette")
        assert "déjà enregistrée avec cette clé" in again.content.decode()
    assert Factor.objects.filter(user=person).count() == 1


def test_adding_a_factor_ends_the_other_sessions(browser, person):
    """R27: nobody stays in one that never proved it."""
    other = Client()
    give_password(other, person)
    sealed, seed = offered(browser)
    confirm(browser, sealed, seed)
    assert other.get("/sites/")["Location"].startswith("/connexion/")
    assert not browser.get("/sites/")["Location"].startswith("/connexion/")


def test_recovery_codes_are_shown_once_and_kept_as_hashes(browser, person):
    """R50."""
    sealed, seed = offered(browser)
    confirm(browser, sealed, seed)
    shown = browser.post(CODES)
    assert shown["Cache-Control"] == "no-store"
    codes = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", shown.content.decode())
    assert len(codes) == 10
    kept = repr(list(RecoveryCode.objects.values()))
    again = browser.get(CODES).content.decode()
    assert not any(code in kept or code.replace("-", "") in kept or code in again for code in codes)
    assert "Il vous reste 10 codes" in again


def test_only_codes_that_replace_others_are_said_to_void_them(browser):
    sealed, seed = offered(browser)
    confirm(browser, sealed, seed)
    assert "les précédents ne servent plus" not in browser.post(CODES).content.decode()
    assert "les précédents ne servent plus" in browser.post(CODES).content.decode()


def test_new_codes_void_the_former_ones(browser, person):
    sealed, seed = offered(browser)
    confirm(browser, sealed, seed)
    first = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", browser.post(CODES).content.decode())
    second = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", browser.post(CODES).content.decode())
    other = Client()
    give_password(other, person)
    for typed, status in ((first[0], 200), (second[0], 302)):
        sent = {"par": "secours", "recovery_code": typed}
        assert other.post("/connexion/verification/", sent).status_code == status


def test_the_same_form_sent_again_voids_no_code_that_was_printed(browser, person):
    sealed, seed = offered(browser)
    confirm(browser, sealed, seed)
    (latest,) = re.findall(r'name="instead_of" value="([0-9]+)"', browser.get(CODES).content.decode())
    browser.post(CODES, {"instead_of": latest})
    printed = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert browser.post(CODES, {"instead_of": latest})["Location"] == CODES
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == printed
    assert "ceux que vous avez gardés servent toujours" in browser.get(CODES).content.decode()


def test_without_a_factor_there_are_no_recovery_codes(browser, person):
    assert browser.post(CODES)["Location"] == CODES
    assert not RecoveryCode.objects.exists()
    assert "Ajoutez d’abord un second facteur" in browser.get(CODES).content.decode()


def test_removing_the_last_factor_takes_the_codes_and_the_password_is_enough_again(browser, person):
    sealed, seed = offered(browser)
    confirm(browser, sealed, seed)
    browser.post(CODES)
    factor = Factor.objects.get()
    assert "dernier second facteur" in browser.get(removal(factor)).content.decode()
    assert browser.post(removal(factor))["Location"] == LIST
    assert not Factor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert Entry.objects.filter(action="account.factor_removed").count() == 1
    assert "retirée de votre compte" in Message.objects.order_by("-pk")[0].text
    assert give_password(Client(), person)["Location"] == "/sites/"


def test_removing_one_of_two_keeps_the_codes(person, client):
    app_of(person, "Tablette", b"09876543210987654321")
    phone = app_of(person)
    give_password(client, person)
    give_code(client, code())
    client.post(CODES)
    client.post(removal(phone))
    assert Factor.objects.filter(user=person).count() == 1
    assert RecoveryCode.objects.count() == 10


def test_every_page_that_changes_factors_asks_for_the_password_again(person):
    """R37."""
    with time_machine.travel("2026-03-02T12:00:10+01:00", tick=False) as clock:
        browser, factor = Client(), app_of(person)
        sign_in(browser, person)
        clock.shift(dt.timedelta(minutes=5, seconds=1))
        for address in (APP, CODES, "/compte/securite/cle/", removal(factor)):
            for answer in (browser.get(address), browser.post(address)):
                assert "Mot de passe actuel" in answer.content.decode()
        assert Factor.objects.filter(pk=factor.pk).exists()
        assert not RecoveryCode.objects.exists()


def test_nobody_sees_or_removes_anothers_factor(browser):
    factor = app_of(UserFactory())
    for answer in (browser.get(removal(factor)), browser.post(removal(factor))):
        assert answer.status_code == 404
    assert Factor.objects.filter(pk=factor.pk).exists()


def test_staff_never_remove_their_last_factor():
    """R45."""
    staff, browser = UserFactory(is_staff=True), Client()
    factor = app_of(staff)
    sign_in(browser, staff)
    answer = browser.post(f"/admin/second-facteur/{factor.pk}/retirer/")
    assert answer.status_code == 409
    assert "ajoutez-en un autre" in answer.content.decode()
    assert Factor.objects.filter(pk=factor.pk).exists()
