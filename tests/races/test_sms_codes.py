"""Fifty tries of an SMS code at once: five comparisons; two right ones: one success (R11, R41)."""

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.test import Client

from accounts import certifying
from portal.codes import sms
from portal.codes.models import SmsCode
from portal.codes.sms import Verdict
from portal.journal.models import Entry
from portal.messaging.models import Sms
from portal.messaging.sms import outbox
from portal.messaging.sms.gateway import Accepted
from portal.origin import COMMAND
from tests.accounts.conftest import connection
from tests.accounts.invitations import TYPED, invited
from tests.factories import SiteFactory, UserFactory, letters_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
NUMBER = "+33612345612"
PAGE = "/compte/mobile/"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(outbox, "enqueue", lambda sms_id: None)


@pytest.fixture
def person():
    return UserFactory(mobile=NUMBER)


def code_for(person):
    certifying.send_code(certifier=certifying.Certifier.person(person), number=NUMBER, origin=COMMAND)
    return Sms.objects.get().secret


def browser_of(person):
    client = Client()
    client.force_login(person)
    return client


def wrong(code):
    return {"mobile_step": "check", "mobile_code": f"{(int(code) + 1) % 10**6:06}"}


@pytest.fixture
def compared(monkeypatch):
    """One item for each code that was really compared."""
    counted, genuine = [], sms.matches
    monkeypatch.setattr(sms, "matches", lambda *a, **k: counted.append(1) or genuine(*a, **k))
    return counted


def test_fifty_wrong_codes_at_once_are_compared_five_times_and_the_right_one_is_then_refused(
    at_once, person, compared
):
    """R11, R41."""
    code = code_for(person)
    browsers = [browser_of(person) for _ in range(50)]
    answers = at_once(*(lambda one=one: one.post(PAGE, wrong(code)).status_code for one in browsers))
    assert set(answers) <= {200, 302}
    assert len(compared) == 5
    assert SmsCode.objects.get().tries == 5
    assert Entry.objects.filter(action="account.mobile_code_dead").count() == 1
    browsers[0].post(PAGE, wrong(code) | {"mobile_code": code})
    person.refresh_from_db()
    assert person.mobile_certified_at is None
    assert len(compared) == 5


def of_an_opening():
    """The same browser in fifty tabs, at step 2 of an opening."""
    site = SiteFactory()
    letter, _ = letters_of(site)
    browser = Client()
    browser.post("/ouverture/", {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": letter})
    return browser, "/ouverture/connexion/", connection(mobile="06 12 34 56 12")


def of_an_invitation():
    """The same, on the page of an invitation."""
    return Client(), invited().link, TYPED | {"mobile": "06 12 34 56 12"}


@pytest.mark.parametrize("door", [of_an_opening, of_an_invitation])
def test_so_are_those_of_somebody_who_has_no_account_yet(at_once, compared, door):
    """R11, R41: the number is not certified afterwards, whichever code was right."""
    browser, page, typed = door()
    browser.get(page)
    assert browser.post(page, typed | {"mobile_step": "send"}).status_code == 200
    code = Sms.objects.get().secret
    tabs = [Client() for _ in range(50)]
    for tab in tabs:
        tab.cookies.update(browser.cookies)
    at_once(*(lambda tab=tab: tab.post(page, typed | wrong(code)).status_code for tab in tabs))
    assert len(compared) == 5
    browser.post(page, typed | {"mobile_step": "check", "mobile_code": code})
    assert len(compared) == 5
    assert SmsCode.objects.get().used_at is None


def test_without_the_lock_the_database_refuses_what_would_be_too_much(at_once, person, compared, monkeypatch):
    """That the lock matters: without it tries meet, and the constraint is what is left."""
    code, who = code_for(person), certifying.Certifier.person(person)
    typed, genuine, meeting = wrong(code)["mobile_code"], sms._refusal, threading.Barrier(8)

    def slowly(row):
        with suppress(threading.BrokenBarrierError):
            meeting.wait(5)
        return genuine(row)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **how: rows)
    monkeypatch.setattr(sms, "_refusal", slowly)
    act = lambda: certifying.check_code(certifier=who, typed=typed, origin=COMMAND)  # noqa: E731
    answers = at_once(*[act] * 8)
    assert len([one for one in answers if isinstance(one, IntegrityError)]) == 3
    assert len(compared) == 5


def test_the_right_code_twice_at_one_instant_certifies_once(at_once, person):
    """R41."""
    code = code_for(person)
    who = certifying.Certifier.person(person)
    answers = at_once(
        *(lambda: certifying.check_code(certifier=who, typed=code, origin=COMMAND) for _ in range(2))
    )
    assert sorted(answer.verdict.value for answer in answers) == [Verdict.NONE.value, Verdict.RIGHT.value]
    assert Entry.objects.filter(action="account.mobile_certified").count() == 1


def test_twenty_clicks_at_one_instant_send_one_sms(at_once, person):
    browsers = [browser_of(person) for _ in range(20)]
    answers = at_once(*(lambda one=one: one.post(PAGE, {"mobile_step": "send"}) for one in browsers))
    assert sorted(answer.status_code for answer in answers) == [302] + [429] * 19
    assert Sms.objects.count() == 1


def test_two_workers_at_one_instant_hand_an_sms_over_once(at_once, person, monkeypatch):
    handed = []

    class Gateway:
        def send(self, *, number, text, row):
            handed.append(row)
            return Accepted()

    monkeypatch.setattr(outbox, "current_gateway", Gateway)
    code_for(person)
    row = Sms.objects.get().pk
    at_once(*(lambda: outbox.send(row) for _ in range(10)))
    assert handed == [row]
