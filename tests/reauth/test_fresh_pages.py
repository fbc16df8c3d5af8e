"""A page that asks for a fresh proof: at its own address, for five minutes, nothing typed lost (R29, R37)."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
import time_machine
from django.test import Client

from portal import clock
from portal.journal.models import Entry
from portal.limits.models import Counter
from tests.factories import PASSWORD, DelegationFactory, SiteFactory, owner_of
from tests.reauth.pages import received

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.reauth.pages")]
SECOND, FIVE_MINUTES = dt.timedelta(seconds=1), dt.timedelta(minutes=5)
ASKED = "Confirmer votre identité"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def now():
    received.clear()
    with time_machine.travel(clock.now(), tick=False) as now:
        yield now


@pytest.fixture
def owner():
    return owner_of(SiteFactory())


@pytest.fixture
def browser(owner, now):
    made = Client()
    made.post("/connexion/", {"email": owner.email, "password": PASSWORD})
    return made


@pytest.fixture(params=["plain", "of a site"])
def address(request, owner):
    """Both kinds of pages."""
    return "/essai/" if request.param == "plain" else f"/sites/{owner.delegations.get().site.cibtp_id}/essai/"


def carried(page):
    """The fields that the question carries along, but its token."""
    found = HIDDEN.findall(page.content.decode())
    return [(name, html.unescape(value)) for name, value in found if name != "csrfmiddlewaretoken"]


def is_asked(page):
    return ASKED in page.content.decode()


def test_signing_in_opens_it_for_five_minutes_to_the_second(browser, address, now):
    """R37."""
    now.shift(FIVE_MINUTES)
    assert browser.get(address).content == b"page"
    now.shift(SECOND)
    assert is_asked(browser.get(address))


def test_the_right_password_leads_back_to_the_same_page_and_opens_it(browser, address, now):
    """R37."""
    now.shift(FIVE_MINUTES + SECOND)
    back = browser.post(f"{address}?cote=cabinet", {"reauth_password": PASSWORD})
    assert back["Location"] == f"{address}?cote=cabinet"
    assert browser.get(address).content == b"page"
    now.shift(FIVE_MINUTES)
    assert browser.get(address).content == b"page"
    now.shift(SECOND)
    assert is_asked(browser.get(address))
    assert received == []


def test_what_was_sent_too_late_goes_on_with_all_that_was_typed(browser, address, now):
    now.shift(FIVE_MINUTES + SECOND)
    typed = {
        "email": "zoé@exemple.fr",
        "college": ["etam", "cadre"],
        "mailing_postal_code": "57000",
        "note": "a\nb «\u00a0{{ request.user.password }} {% now 'Y' %}\u00a0» <b>\"'&",
        "empty": "",
    }
    asked = browser.post(address, typed)
    assert is_asked(asked)
    assert received == []
    fields = carried(asked)
    assert ("mailing_postal_code", "57000") in fields
    sent: dict[str, list[str]] = {"reauth_password": [PASSWORD]}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    assert browser.post(address, sent).content == b"done"
    assert received == [
        {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    ]


def test_a_wrong_password_asks_again_and_still_carries_what_was_typed(browser, address, now):
    now.shift(FIVE_MINUTES + SECOND)
    fields = dict(carried(browser.post(address, {"email": "zoe@exemple.fr"})))
    wrong = browser.post(address, fields | {"reauth_password": "faux"})
    assert "Ce mot de passe n’est pas le vôtre" in wrong.content.decode()
    assert dict(carried(wrong)) == fields
    assert PASSWORD not in wrong.content.decode()
    assert browser.post(address, fields | {"reauth_password": PASSWORD}).content == b"done"
    assert received == [{"email": ["zoe@exemple.fr"]}]


def test_no_password_nor_code_is_written_back_into_a_page(browser, now):
    now.shift(FIVE_MINUTES + SECOND)
    page = browser.post(
        "/essai/", {"password": "secret-1", "new_password_again": "secret-2", "code": "123456"}
    )
    assert dict(carried(page)) == {"reauth_resumed": "1"}
    for secret in ("secret-1", "secret-2", "123456"):
        assert secret not in page.content.decode()


def test_an_empty_password_is_asked_for_in_words_and_counts_nothing(browser, now):
    now.shift(FIVE_MINUTES + SECOND)
    page = browser.post("/essai/", {"reauth_password": ""})
    assert "Saisissez votre mot de passe." in page.content.decode()
    assert not Counter.objects.filter(limit="Connexion, par compte", tries__gt=0).exists()


def test_having_signed_in_is_not_enough_where_the_password_is_asked_for_again(browser, now):
    assert is_asked(browser.get("/essai/encore/"))
    assert browser.post("/essai/encore/", {"reauth_password": PASSWORD})["Location"] == "/essai/encore/"
    assert browser.get("/essai/encore/").content == b"page"
    now.shift(FIVE_MINUTES + SECOND)
    assert is_asked(browser.get("/essai/encore/"))


def test_only_the_methods_named_need_it(browser, now):
    now.shift(FIVE_MINUTES + SECOND)
    assert browser.get("/essai/envoi/").content == b"page"
    assert is_asked(browser.post("/essai/envoi/", {"a": "b"}))
    assert browser.options("/essai/envoi/").status_code == 200


def test_a_method_that_a_page_does_not_take_is_refused_first(browser, now):
    now.shift(FIVE_MINUTES + SECOND)
    assert browser.get("/compte/securite/sessions/").status_code == 405


def test_a_proof_is_of_this_session_only(browser, owner, now):
    now.shift(FIVE_MINUTES + SECOND)
    elsewhere = Client()
    elsewhere.post("/connexion/", {"email": owner.email, "password": PASSWORD})
    assert elsewhere.get("/essai/").content == b"page"
    assert is_asked(browser.get("/essai/"))


def test_anothers_password_proves_nothing(browser, now):
    other = owner_of(SiteFactory())
    other.set_password("Ardoise-Grise-7")
    other.save()
    now.shift(FIVE_MINUTES + SECOND)
    assert is_asked(browser.post("/essai/", {"reauth_password": "Ardoise-Grise-7"}))


def test_whoever_may_not_open_the_page_is_refused_before_any_question(now):
    site = SiteFactory()
    person = DelegationFactory(site=site, role="user", read_bits=1).beneficiary
    browser = Client()
    browser.force_login(person)
    now.shift(FIVE_MINUTES + SECOND)
    address = f"/sites/{site.cibtp_id}/essai/"
    assert browser.get(address).status_code == 403
    assert browser.post(address, {"reauth_password": PASSWORD}).status_code == 403
    assert browser.get("/sites/99999-999-99/essai/").status_code == 404


def test_wrong_passwords_are_counted_with_those_of_the_sign_in_and_journalled(browser, owner, now):
    now.shift(FIVE_MINUTES + SECOND)
    for _ in range(3):
        browser.post("/essai/", {"reauth_password": "faux"})
    for _ in range(2):
        Client().post("/connexion/", {"email": owner.email, "password": "faux"})
    blocked = browser.post("/essai/", {"reauth_password": PASSWORD})
    assert blocked.status_code == 429
    assert blocked["Retry-After"] == "60"
    assert is_asked(browser.get("/essai/"))  # the session itself goes on
    assert Entry.objects.filter(action="sign_in.refused", actor_id=owner.pk).count() == 4
    now.shift(60)
    assert browser.post("/essai/", {"reauth_password": PASSWORD}).status_code == 302


def test_the_question_is_kept_nowhere(browser, now):
    now.shift(FIVE_MINUTES + SECOND)
    assert "no-store" in browser.get("/essai/")["Cache-Control"]
