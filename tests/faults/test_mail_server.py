"""The mail server refusing, slow, cut or speaking nonsense: mails wait, and leave when it is back (R84)."""

import datetime as dt
import time

import pytest
import time_machine

from portal import clock
from portal.messaging import outbox, tasks
from portal.messaging.models import BLANKED, Message
from portal.messaging.outbox import queue_mail
from tests.factories import UserFactory
from tests.faults.mail_server import MailServer

pytestmark = pytest.mark.django_db
SECRET = "https://espace.caisse-exemple.fr/activation/SECRET-CANARY/"
ANSWERS_WITHIN = 0.3


@pytest.fixture
def server(settings):
    """A mail server that Django's own client speaks to, with a short time-out."""
    server = MailServer()
    server.slow = ANSWERS_WITHIN * 3
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = (
        "127.0.0.1",
        server.port,
        ANSWERS_WITHIN,
    )
    yield server
    server.stop()


def a_mail(to="marie@exemple.fr"):
    person = UserFactory.build(email=to)
    return queue_mail(
        "accounts/mails/password_reset", to=to, context={"person": person, "url": SECRET}, secret=SECRET
    )


# How it misbehaves, what is kept of the failure, and how many copies reach the person in the end.
MANNERS = {
    "refuse": ("ConnectionRefusedError", 1),
    "busy": ("SMTPConnectError 421", 1),
    "slow": ("SMTPServerDisconnected", 1),
    "garbage": ("SMTPConnectError", 1),
    "cut in data": ("SMTPServerDisconnected", 1),
    "cut after data": ("SMTPServerDisconnected", 2),
}


def misbehave(server, manner):
    if manner == "refuse":
        server.stop()
    else:
        server.manner = manner


def recover(server, manner):
    if manner == "refuse":
        server.start()
    server.manner = "accept"


@pytest.mark.parametrize("manner", MANNERS)
def test_a_mail_waits_longer_and_longer_and_leaves_once_the_server_is_back(server, manner):
    row = a_mail()
    misbehave(server, manner)
    with time_machine.travel(clock.now(), tick=False) as now:
        for minutes in (1, 2, 4):
            tasks.sweep()
            row.refresh_from_db()
            assert (row.sent_at, row.last_error) == (None, MANNERS[manner][0])
            assert (row.next_try_at - clock.now()).total_seconds() == minutes * 60
            now.move_to(row.next_try_at)
            if manner == "cut after data":
                break
        recover(server, manner)
        tasks.sweep()
    row.refresh_from_db()
    assert row.sent_at is not None
    assert (row.last_error, row.secret) == ("", "")
    received = server.to("marie@exemple.fr")
    assert len(received) == MANNERS[manner][1]
    assert len({one.message_id for one in received}) == 1


def test_a_server_that_leaves_without_a_word_once_it_took_the_mail_gets_it_once(server):
    row = a_mail()
    server.manner = "cut after acceptance"
    tasks.sweep()
    row.refresh_from_db()
    assert row.sent_at is not None
    assert len(server.received) == 1


def refused_until_given_up(row):
    """Sweep at each time that comes until the row is given up; returns the age of the row then."""
    with time_machine.travel(clock.now(), tick=False) as now:
        while row.abandoned_at is None:
            tasks.sweep()
            row.refresh_from_db()
            now.move_to(row.next_try_at)
    return (row.abandoned_at - row.created_at).total_seconds() / 3600


def test_a_recipient_refused_for_good_is_given_up_within_two_hours_and_staff_see_why(server, admin_client):
    row = a_mail()
    server.replies["marie@exemple.fr"] = "550 5.1.1 no such user marie@exemple.fr"
    assert 1 < refused_until_given_up(row) < 2
    assert (row.last_error, row.secret) == ("SMTPRecipientsRefused 550", "")
    assert BLANKED in row.text
    page = admin_client.get("/admin/messaging/message/").content.decode()
    assert "Abandonné" in page
    assert "SMTPRecipientsRefused 550" in page


def test_a_recipient_refused_for_now_is_tried_for_two_days(server):
    row = a_mail()
    server.replies["marie@exemple.fr"] = "451 4.7.1 greylisted"
    assert 48 < refused_until_given_up(row) < 50
    assert row.last_error == "SMTPRecipientsRefused 451"


def test_one_refusal_for_good_after_a_day_without_server_is_not_the_end(server):
    row = a_mail()
    server.stop()
    with time_machine.travel(clock.now(), tick=False) as now:
        while (clock.now() - row.created_at).total_seconds() < 24 * 3600:
            tasks.sweep()
            row.refresh_from_db()
            now.move_to(row.next_try_at)
        server.start()
        server.replies["marie@exemple.fr"] = "550 5.7.1 relay access denied"
        tasks.sweep()
        row.refresh_from_db()
        assert row.abandoned_at is None
        server.replies.clear()
        now.move_to(row.next_try_at)
        tasks.sweep()
    row.refresh_from_db()
    assert row.sent_at is not None


def test_a_mail_that_is_refused_holds_back_no_other(server):
    server.replies["refusee@exemple.fr"] = "550 no"
    for to in ("refusee@exemple.fr", "marie@exemple.fr", "jean@exemple.fr"):
        a_mail(to)
    tasks.sweep()
    assert [one.recipient for one in server.received] == ["marie@exemple.fr", "jean@exemple.fr"]


def test_what_failed_already_comes_after_what_never_did(server):
    failed = a_mail("ancienne@exemple.fr")
    Message.objects.filter(pk=failed.pk).update(tries=3)
    a_mail("marie@exemple.fr")
    tasks.sweep()
    assert [one.recipient for one in server.received] == ["marie@exemple.fr", "ancienne@exemple.fr"]


@pytest.mark.parametrize("manner", ["refuse", "slow"])
def test_a_sweep_tries_one_mail_of_two_hundred_when_the_server_is_away(server, manner):
    for number in range(200):
        a_mail(f"personne{number}@exemple.fr")
    misbehave(server, manner)
    began = time.monotonic()
    tasks.sweep()
    assert time.monotonic() - began < ANSWERS_WITHIN * 5
    assert sorted(set(Message.objects.values_list("tries", flat=True))) == [0, 1]
    assert Message.objects.filter(tries=1).count() == 1
    recover(server, manner)
    tasks.sweep()
    assert Message.objects.filter(sent_at=None).count() == 1
    assert len(server.received) == 199


def test_a_sweep_ends_after_its_minute_and_the_next_goes_on(server, monkeypatch):
    for number in range(3):
        a_mail(f"personne{number}@exemple.fr")
    monkeypatch.setattr(tasks, "SWEEP_SECONDS", 0)
    tasks.sweep()
    assert len(server.received) == 1
    tasks.sweep()
    assert len(server.received) == 2


def test_a_worker_that_overslept_its_lease_takes_nothing_from_whoever_holds_the_mail_now(server):
    row = a_mail()
    with time_machine.travel(clock.now(), tick=False) as now:
        asleep = outbox.claim(row.pk)
        now.shift(outbox.LEASE)
        holder = outbox.claim(row.pk)
        outbox.put_off(asleep, TimeoutError())
        now.shift(dt.timedelta(minutes=4))
        assert outbox.claim(row.pk) is None
        outbox.deliver(holder)
        outbox.put_off(asleep, TimeoutError())
    row.refresh_from_db()
    assert (row.sent_at is None, row.last_error) == (False, "")
    assert len(server.received) == 1


def test_a_mail_whose_worker_dies_each_time_is_given_up_at_last(server):
    row = a_mail()
    with time_machine.travel(clock.now(), tick=False) as now:
        while outbox.claim(row.pk) is not None:  # and dies
            now.shift(outbox.LEASE)
    row.refresh_from_db()
    assert (row.tries, row.last_error, row.secret) == (outbox.MOST_TRIES + 1, "WorkerLost", "")
    assert row.abandoned_at is not None
    assert server.received == []


def test_whoever_sends_is_stopped_before_the_lease_ends():
    for task in (tasks.send, tasks.sweep):
        assert tasks.SWEEP_SECONDS < task.soft_time_limit < task.time_limit
        assert task.time_limit < outbox.LEASE.total_seconds()
