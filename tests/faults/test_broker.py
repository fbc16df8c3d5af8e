"""Redis away, then the worker killed at each step: no activation mail is lost (R82, R83, R84)."""

import time

import pytest

from portal import clock
from portal.messaging.models import BLANKED, Message
from tests.accounts.conftest import connection
from tests.embedded_portal import free_port
from tests.factories import PASSWORD, SiteFactory, letters_of, owner_of
from tests.faults.conftest import wait_for
from tests.faults.journeys import mail_to, opened, proved, site_page
from tests.faults.processes import start_beat, start_worker
from tests.second_factor.apps import VERIFICATION, app_of, code, wrong_code
from tests.visitor import Visitor

pytestmark = pytest.mark.servers
EMAIL = "marie.keller@exemple.fr"
STEPS = [
    "before the claim", "after the claim", "in the middle of the mail", "after the acceptance",
    "after the stamp",
]  # fmt: skip


def swept_until(portal, condition, what):
    """Ask for sweeps, as beat does, until it is so."""
    with portal.asks() as broker:

        def asked():
            broker.send_task("messaging.sweep", expires=5)
            return condition()

        return wait_for(asked, what, pause=0.5)


def is_sent():
    return mail_to(EMAIL).sent_at is not None


def check_it_left(mail_server, step=""):
    """Once; or twice with one Message-ID, when the worker died between the acceptance and its note."""
    received = mail_server.to(EMAIL)
    assert len(received) == (2 if step == "after the acceptance" else 1)
    assert len({one.message_id for one in received}) == 1
    row = mail_to(EMAIL)
    assert (row.secret, row.last_error, row.claimed_until) == ("", "", None)
    assert BLANKED in row.text
    assert "/activation/" not in row.text + row.html


@pytest.mark.parametrize("step", STEPS)
def test_redis_stopped_then_the_worker_killed_loses_no_activation_mail(portal, mail_server, step):
    portal.broker.stop()
    answer = opened(portal, EMAIL)
    assert answer.seconds < 2
    portal.broker.resume()
    witness, worker = start_worker(portal, step, "worker")
    swept_until(portal, witness.exists, "the worker's death")
    assert worker.wait(10) == -9
    start_worker(portal)
    swept_until(portal, is_sent, "the mail")
    check_it_left(mail_server, step)


@pytest.mark.parametrize("step", STEPS)
def test_a_child_killed_while_it_sends_loses_no_activation_mail(portal, mail_server, step):
    witness, worker = start_worker(portal, step, "child", concurrency=1)
    opened(portal, EMAIL)
    wait_for(witness.exists, "the child's death")
    swept_until(portal, is_sent, "the mail")
    assert worker.poll() is None
    check_it_left(mail_server, step)


@pytest.mark.parametrize("fault", ["stop", "hang", "cut"])
def test_worker_and_beat_come_back_by_themselves_once_redis_is_back(portal, mail_server, fault):
    start_worker(portal)
    start_beat(portal)
    wait_for(lambda: "messaging.sweep" in portal.printed("worker").partition("ready.")[2], "a first sweep")
    getattr(portal.broker, fault)()
    opened(portal, EMAIL)
    time.sleep(3)  # beat's turns fail meanwhile
    assert len(mail_server.received) == (1 if fault == "cut" else 0)
    portal.broker.resume()
    wait_for(is_sent, "the mail")
    check_it_left(mail_server)


def test_what_waits_on_the_broker_is_a_number_and_no_link(portal):
    """R75."""
    opened(portal, EMAIL)
    row = mail_to(EMAIL)
    (waiting,) = portal.on_the_broker()
    assert f"[[{row.pk}]," in waiting
    assert not [word for word in (row.secret, row.secret.split("/")[-2], EMAIL) if word in waiting]


@pytest.mark.parametrize("step", ["before the commit", "after the commit"])
def test_the_web_process_killed_around_the_commit_loses_nothing_and_doubles_nothing(
    portal, mail_server, step
):
    dying = free_port()
    witness = portal.folder / f"web-{dying}"
    portal.serve("dying", "tests.faults.web", dying, FAULT_STEP=step, FAULT_WITNESS=str(witness))
    with proved(portal) as visitor, Visitor(dying) as victim:
        victim.cookies, victim.token = visitor.cookies, visitor.token
        with pytest.raises(ConnectionError):
            victim.post("/ouverture/connexion/", **connection(EMAIL))
        assert witness.exists()
        assert Message.objects.count() == (1 if step == "after the commit" else 0)
        assert portal.on_the_broker() == []
        again = visitor.post("/ouverture/connexion/", **connection(EMAIL))
    assert again.header("location") == "/ouverture/terminee/"
    start_worker(portal)
    swept_until(portal, is_sent, "the mail")
    check_it_left(mail_server)


# The sum of the time-outs that production sets, and as much again for the page itself on a busy machine.
PATIENCE = {"stop": 1.5, "hang": 4.5}


@pytest.mark.parametrize("fault", PATIENCE)
def test_a_page_never_waits_for_redis_longer_than_its_time_outs(portal, fault):
    page, holder = site_page()
    getattr(portal.broker, fault)()
    taken = {}
    for turn in ("first", "next"):
        with Visitor(portal.web_port) as visitor:
            visitor.get("/connexion/")
            taken[turn, "sign-in"] = visitor.post("/connexion/", email=holder.email, password=PASSWORD)
            taken[turn, "home"] = visitor.get(page)
        with proved(portal) as visitor:
            taken[turn, "step 2"] = visitor.post("/ouverture/connexion/", **connection(f"{turn}@exemple.fr"))
            visitor.get("/ouverture/terminee/")
            taken[turn, "again"] = visitor.post("/ouverture/terminee/")
        with Visitor(portal.web_port) as visitor:
            visitor.get("/mot-de-passe/oublie/")
            taken[turn, "reset"] = visitor.post("/mot-de-passe/oublie/", email=holder.email)
    assert {answer.status for answer in taken.values()} == {200, 302}
    seconds = {what: answer.seconds for what, answer in taken.items()}
    assert max(seconds.values()) < PATIENCE[fault], seconds
    assert Message.objects.filter(sent_at=None).count() == 6


def knocked(portal, steps, network):
    """The last answer of a visitor of that network who sends these forms one after the other."""
    with Visitor(portal.web_port, network) as visitor:
        for page, sent in steps:
            visitor.get(page)
            answer = visitor.post(page, **sent)
        return answer.status


def test_with_redis_stopped_each_door_of_the_running_portal_stops_where_it_always_does(portal):
    """R12: sign-in, opening, forgotten, second factor."""
    site, holder, guarded = SiteFactory(), owner_of(SiteFactory()), owner_of(SiteFactory())
    letter, _ = letters_of(site)
    app_of(guarded)
    portal.broker.stop()

    def sign_in(password):
        return [("/connexion/", {"email": holder.email, "password": password})]

    def opening(code):
        return [("/ouverture/", {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code})]

    def second_factor(value):
        first = ("/connexion/", {"email": guarded.email, "password": PASSWORD})
        return [first, (VERIFICATION, {"par": "application", "code": value})]

    for door, wrong, right, allowed in (
        (sign_in, "faux", PASSWORD, 5),
        (opening, "ABCD-2345-EF", letter, 5),
        (second_factor, wrong_code(), code(), 4),
    ):
        place = door.__name__
        tries = [knocked(portal, door(wrong), "203.0.113.7") for _ in range(allowed + 1)]
        assert tries == [200] * allowed + [429], place
        assert knocked(portal, door(right), "203.0.113.8") == 429, place
    forgotten = [("/mot-de-passe/oublie/", {"email": holder.email})]
    assert [knocked(portal, forgotten, "203.0.113.9") for _ in range(7)] == [302] * 6 + [429]
    assert Message.objects.filter(recipient=holder.email, sent_at=None).count() == 6


def test_a_mail_server_that_drips_its_answer_holds_a_worker_for_a_while_only(portal, mail_server):
    mail_server.manner = "dripping"
    portal.broker.stop()
    opened(portal, EMAIL)
    portal.broker.resume()
    start_worker(portal, concurrency=1, LEASE="20", SOFT_LIMIT="1")
    swept_until(portal, lambda: mail_to(EMAIL).last_error == "SoftTimeLimitExceeded", "an end of patience")
    mail_server.manner = "accept"
    Message.objects.update(next_try_at=clock.now())
    swept_until(portal, is_sent, "the mail")
    check_it_left(mail_server)
