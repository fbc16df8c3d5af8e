"""The worker killed as by `kill -9` during an SMS, and a provider that misbehaves: real processes (R82, R84).

Unlike a mail, an SMS that may have left is never handed over again: the person is told, and asks for another.
"""

import time

import pytest

from accounts.models import User
from portal.limits.models import Counter
from portal.messaging.models import Sms, SmsState
from tests.factories import PASSWORD, UserFactory
from tests.faults.conftest import wait_for
from tests.faults.processes import start_worker
from tests.visitor import Visitor

pytestmark = pytest.mark.servers
PAGE, NUMBER = "/compte/mobile/", "+33612345612"
UNKNOWN = "Nous ne savons pas si le SMS est parti"
SENT = "Un code a été envoyé"
# At each step of the worker's death: how many SMS the provider has in the end, and what the person reads.
STEPS = {
    "before the claim of the SMS": (1, SENT),
    "after the claim of the SMS": (0, UNKNOWN),
    "once the provider has it, unanswered": (1, UNKNOWN),
    "after the provider's answer": (1, UNKNOWN),
    "after the SMS is stamped": (1, SENT),
}
DEATHS = [(step, "child") for step in STEPS] + [
    ("after the claim of the SMS", "worker"),
    ("once the provider has it, unanswered", "worker"),
]


@pytest.fixture
def person():
    return UserFactory(mobile=NUMBER)


@pytest.fixture
def visitor(portal, person):
    """A browser in which that person is signed in, on the page that certifies his number."""
    with Visitor(portal.web_port) as browser:
        browser.get("/connexion/")
        assert browser.post("/connexion/", email=person.email, password=PASSWORD).status == 302
        browser.get(PAGE)
        yield browser


def ask_for_a_code(visitor):
    """The SMS that was written, once it is."""
    before = Sms.objects.count()
    assert visitor.post(PAGE, mobile_step="send").status == 302
    assert Sms.objects.count() == before + 1
    return Sms.objects.latest("pk")


def read(visitor):
    visitor.pause()
    return visitor.get(PAGE).body.replace("\u00a0", " ")


def swept_until(portal, condition, what):
    """Ask for sweeps, as beat does, until it is so."""
    with portal.asks() as broker:

        def asked():
            broker.send_task("messaging.sweep_sms", expires=5)
            return condition()

        return wait_for(asked, what, pause=0.5)


def swept_again(portal, times=4):
    """Some sweeps more, and the time they take."""
    with portal.asks() as broker:
        for _ in range(times):
            broker.send_task("messaging.sweep_sms", expires=5)
            time.sleep(0.3)


def settled(sms):
    return Sms.objects.get(pk=sms.pk).state != SmsState.WAITING


def the_pause_is_over():
    """A minute later, without waiting for it."""
    Counter.objects.filter(limit__startswith="SMS, attente").delete()


def asks_again_and_certifies(portal, visitor, person, provider):
    """Another code leaves once, whatever became of the first; typed, it certifies the number."""
    visitor.pause()
    assert visitor.post(PAGE, mobile_step="send").status == 429
    the_pause_is_over()
    before = len(provider.asked)
    other = ask_for_a_code(visitor)
    wait_for(lambda: len(provider.asked) > before, "the other SMS")
    text = provider.asked[-1].body["text"]
    swept_until(portal, lambda: settled(other), "what became of it")
    swept_again(portal)
    assert len(provider.asked) == before + 1
    code = text.partition("Votre code est ")[2][:6]
    visitor.pause()
    assert visitor.post(PAGE, mobile_step="check", mobile_code=code).status == 302
    person.refresh_from_db()
    assert person.certified_mobile == NUMBER


@pytest.mark.parametrize(("step", "victim"), DEATHS)
def test_a_worker_killed_during_an_sms_sends_nothing_twice_and_the_person_asks_again(
    portal, sms_provider, visitor, person, step, victim
):
    """R82, R84."""
    received, told = STEPS[step]
    witness, worker = start_worker(portal, step, victim, concurrency=1)
    first = ask_for_a_code(visitor)
    code = first.secret
    wait_for(witness.exists, f"the {victim}'s death")
    if victim == "worker":
        assert worker.wait(10) == -9
        start_worker(portal)
    swept_until(portal, lambda: settled(first), "what became of it")
    swept_again(portal)
    assert len(sms_provider.asked) == received
    assert told in read(visitor)
    row = Sms.objects.get(pk=first.pk)
    assert (row.secret, code in row.text, row.claimed_until) == ("", False, None)
    assert row.last_error == ("WorkerLost" if told == UNKNOWN else "")
    asks_again_and_certifies(portal, visitor, person, sms_provider)


@pytest.mark.parametrize(
    ("manner", "told", "asked"),
    [
        ((400, {}), "a été refusé par l’opérateur", 1),
        ((500, {}), UNKNOWN, 1),
        ("reset", UNKNOWN, 1),
    ],
)
def test_what_the_provider_did_with_it_is_told_and_nothing_is_sent_twice(
    portal, sms_provider, visitor, person, manner, told, asked
):
    """R84."""
    sms_provider.answers["/sms"] = manner
    start_worker(portal)
    first = ask_for_a_code(visitor)
    swept_until(portal, lambda: settled(first), "what became of it")
    swept_again(portal)
    assert len(sms_provider.asked) == asked
    assert told in read(visitor)
    sms_provider.answers["/sms"] = (200, {"id": "42"})
    asks_again_and_certifies(portal, visitor, person, sms_provider)


def test_a_provider_that_drips_its_answer_holds_a_worker_for_a_while_only(
    portal, sms_provider, visitor, person
):
    """R84: no time-out of the connection ends it; the task's own does."""
    sms_provider.answers["/sms"] = "dripping"
    portal.broker.stop()
    first = ask_for_a_code(visitor)
    portal.broker.resume()
    start_worker(portal, concurrency=1, LEASE="20", SOFT_LIMIT="2")
    swept_until(portal, lambda: settled(first), "an end of patience")
    assert Sms.objects.get(pk=first.pk).last_error == "SoftTimeLimitExceeded"
    assert UNKNOWN in read(visitor)
    sms_provider.answers["/sms"] = (200, {"id": "42"})
    asks_again_and_certifies(portal, visitor, person, sms_provider)


def test_with_redis_away_the_code_is_asked_for_typed_and_limited_as_ever(
    portal, sms_provider, visitor, person
):
    """R12, R41, R42."""
    portal.broker.stop()
    first = ask_for_a_code(visitor)
    assert visitor.post(PAGE, mobile_step="send").status == 429
    wrong = f"{(int(first.secret) + 1) % 10**6:06}"
    for _ in range(6):
        visitor.get(PAGE)
        visitor.post(PAGE, mobile_step="check", mobile_code=wrong)
    assert "Après cinq codes erronés" in read(visitor)
    visitor.post(PAGE, mobile_step="check", mobile_code=first.secret)
    assert User.objects.get(pk=person.pk).certified_mobile == ""
    portal.broker.resume()
    start_worker(portal)
    asks_again_and_certifies(portal, visitor, person, sms_provider)
