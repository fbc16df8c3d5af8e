"""SMS are rows first, and handed over once: nothing is sent twice (R75, R82, R83, R84)."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from portal import clock
from portal.messaging import tasks
from portal.messaging.models import CODE_BLANKED, Sms, SmsState
from portal.messaging.sms import gateway, outbox
from portal.messaging.sms.gateway import NotSent, Refused, Uncertain
from portal.messaging.sms.outbox import queue_sms
from tests.factories import UserFactory
from tests.messaging.gateways import NUMBER, Kept

pytestmark = pytest.mark.django_db
CODE = "804 617".replace(" ", "")


def an_sms(**changes):
    lives = {"expires_at": clock.now() + dt.timedelta(minutes=10)}
    values = {"to": NUMBER, "context": {"code": CODE}, "secret": CODE} | lives
    return queue_sms("accounts/sms/mobile_code", **values | changes)


@pytest.fixture
def kept(monkeypatch):
    made = Kept()
    monkeypatch.setattr(outbox, "current_gateway", lambda: made)
    return made


def row():
    return Sms.objects.get()


def test_an_sms_that_the_gateway_takes_is_sent_once_and_its_code_blanked(kept):
    sms = an_sms()
    for _ in range(2):
        tasks.send_sms(sms.pk)
        tasks.sweep_sms()
    ((number, text),) = kept.sent
    assert number == NUMBER
    assert f"Votre code est {CODE}." in text
    assert (row().state, row().sent_at is not None) == (SmsState.SENT, True)
    assert CODE not in str(Sms.objects.values().get())
    assert CODE_BLANKED in row().text


def test_a_text_with_a_code_stays_within_two_sms_of_the_plain_alphabet(kept):
    plain = set("@£$¥èéùìòÇ\nØø\rÅåÆæßÉ !\"#¤%&'()*+,-./:;<=>?ÄÖÑÜ§¿äöñüà")
    text = an_sms().text
    assert {char for char in text if not (char.isascii() and char.isalnum())} <= plain
    assert len(text) <= 306


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (Refused("400"), SmsState.REFUSED),
        (Uncertain("TimeoutError"), SmsState.UNCERTAIN),
        (TimeoutError("after it was sent"), SmsState.UNCERTAIN),
        (KeyError(CODE), SmsState.UNCERTAIN),
    ],
)
def test_whatever_may_have_left_is_never_handed_over_again(kept, caplog, failure, state):
    sms = an_sms()
    kept.failure = failure
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(40):
            tasks.send_sms(sms.pk)
            tasks.sweep_sms()
            now.shift(dt.timedelta(seconds=20))
    assert len(kept.sent) == 1
    assert row().state == state
    assert CODE not in str(Sms.objects.values().get())
    assert CODE not in caplog.text
    assert NUMBER not in caplog.text


def test_what_was_surely_not_taken_is_tried_again_later_and_later_as_long_as_the_code_lives(kept):
    kept.failure = NotSent("ConnectionRefusedError")
    waits = []
    with time_machine.travel(clock.now(), tick=False) as now:
        an_sms()
        while row().state == SmsState.WAITING:
            tasks.sweep_sms()
            waits.append((row().next_try_at - clock.now()).total_seconds())
            now.move_to(row().next_try_at)
    assert waits[:5] == [10, 20, 40, 80, 160]
    assert len(kept.sent) == 6
    assert row().state == SmsState.ABANDONED
    assert row().last_error == "NotSent ConnectionRefusedError"
    assert CODE not in str(Sms.objects.values().get())


def test_once_the_gateway_is_back_the_sms_leaves_once(kept):
    kept.failure = NotSent("503")
    with time_machine.travel(clock.now(), tick=False) as now:
        an_sms()
        tasks.sweep_sms()
        kept.failure = None
        tasks.sweep_sms()
        assert len(kept.sent) == 1
        now.shift(dt.timedelta(seconds=10))
        tasks.sweep_sms()
        tasks.sweep_sms()
    assert len(kept.sent) == 2
    assert row().state == SmsState.SENT


def test_a_worker_that_dies_while_it_sends_leaves_it_uncertain_and_nobody_sends_it_again(kept):
    with time_machine.travel(clock.now(), tick=False) as now:
        sms = an_sms()
        assert outbox.claim(sms.pk) is not None
        assert outbox.claim(sms.pk) is None
        tasks.sweep_sms()
        assert row().state == SmsState.WAITING
        now.shift(outbox.LEASE)
        tasks.sweep_sms()
    assert kept.sent == []
    assert (row().state, row().last_error) == (SmsState.UNCERTAIN, "WorkerLost")


def test_a_worker_that_overslept_changes_nothing_any_more(kept):
    with time_machine.travel(clock.now(), tick=False) as now:
        claimed = outbox.claim(an_sms().pk)
        now.shift(outbox.LEASE)
        tasks.sweep_sms()
        outbox.hand_over(claimed)
    assert row().state == SmsState.UNCERTAIN


def test_the_lease_is_longer_than_any_worker_may_take():
    for task in (tasks.send_sms, tasks.sweep_sms):
        assert task.time_limit < outbox.LEASE.total_seconds()


def test_an_sms_that_would_come_too_late_is_given_up(kept):
    with time_machine.travel(clock.now(), tick=False) as now:
        sms = an_sms()
        now.shift(dt.timedelta(minutes=10))
        tasks.send_sms(sms.pk)
        tasks.sweep_sms()
    assert kept.sent == []
    assert (row().state, row().last_error) == (SmsState.ABANDONED, "TooLate")


def test_a_silent_gateway_is_asked_once_a_sweep_and_the_others_wait(kept):
    kept.failure = NotSent("TimeoutError")
    for _ in range(3):
        an_sms()
    tasks.sweep_sms()
    assert len(kept.sent) == 1
    assert Sms.objects.filter(state=SmsState.WAITING).count() == 3


@pytest.mark.parametrize("became", [SmsState.DELIVERED, SmsState.REFUSED])
def test_what_the_gateway_says_later_is_kept(kept, became):
    kept.reference = "7"
    with time_machine.travel(clock.now(), tick=False) as now:
        an_sms()
        tasks.sweep_sms()
        now.shift(dt.timedelta(seconds=10))
        tasks.sweep_sms()
        assert row().state == SmsState.SENT
        kept.delivered = became
        tasks.sweep_sms()
        assert row().state == SmsState.SENT  # not asked again so soon
        now.shift(dt.timedelta(seconds=10))
        tasks.sweep_sms()
    assert row().state == became
    assert len(kept.sent) == 1


def test_a_gateway_that_says_nothing_is_asked_for_a_day_less_and_less_often(kept, monkeypatch):
    kept.reference = "7"
    asked = []
    monkeypatch.setattr(kept, "became", lambda **about: asked.append(about))
    with time_machine.travel(clock.now(), tick=False) as now:
        an_sms()
        tasks.sweep_sms()
        for _ in range(2 * 24 * 12):
            now.shift(dt.timedelta(minutes=5))
            tasks.sweep_sms()
    assert 5 < len(asked) < 20
    assert row().state == SmsState.SENT


@transaction.atomic
def written_then_failed():
    an_sms()
    raise RuntimeError


def test_an_sms_leaves_if_and_only_if_its_transaction_committed(monkeypatch, transactional_db):
    asked = []
    monkeypatch.setattr(outbox, "enqueue", asked.append)
    with pytest.raises(RuntimeError):
        written_then_failed()
    assert not Sms.objects.exists()
    with transaction.atomic():
        kept_row = an_sms()
        assert asked == []
    assert asked == [kept_row.pk]


def test_a_broker_that_is_away_costs_a_delay_only_and_the_sweep_sends(monkeypatch, transactional_db, kept):
    def away(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.send_sms, "apply_async", away)
    an_sms()
    assert row().state == SmsState.WAITING
    tasks.sweep_sms()
    assert row().state == SmsState.SENT
    assert len(kept.sent) == 1


def test_what_waits_on_the_broker_is_a_number_and_no_code(monkeypatch, transactional_db):
    """R75."""
    asked = []
    monkeypatch.setattr(tasks.send_sms, "apply_async", lambda arguments, **options: asked.append(arguments))
    assert asked == [(an_sms().pk,)]


def test_the_database_keeps_no_code_of_an_sms_that_is_settled():
    """R75."""
    sms = an_sms()
    with pytest.raises(IntegrityError), transaction.atomic():
        Sms.objects.filter(pk=sms.pk).update(state=SmsState.SENT)


def test_staff_see_what_became_of_it_never_the_code_nor_the_whole_number():
    sms = an_sms()
    admin = Client()
    admin.force_login(UserFactory(is_staff=True, is_superuser=True))
    for path in ("/admin/messaging/sms/", f"/admin/messaging/sms/{sms.pk}/change/"):
        page = admin.get(path).content.decode()
        assert "En attente" in page
        assert "06\u00a0••\u00a0••\u00a0••\u00a012" in page
        assert CODE not in page
        assert NUMBER not in page
    assert admin.post(f"/admin/messaging/sms/{sms.pk}/change/", {"state": "sent"}).status_code == 403


def test_embedded_an_sms_is_a_file_that_the_outbox_page_shows(settings, tmp_path, client):
    settings.OUTBOX_DIR = tmp_path
    sms = an_sms()
    tasks.send_sms(sms.pk)
    (path,) = Path(tmp_path).iterdir()
    assert path.name.endswith(f"-sms-{sms.pk}.sms")
    page = client.get("/boite-d-envoi/").content.decode()
    assert "06\u00a012\u00a034\u00a056\u00a012" in page
    assert CODE in client.get(f"/boite-d-envoi/{path.stem}/").content.decode()


def test_without_a_gateway_an_sms_that_waits_is_given_up_in_the_end(settings):
    settings.SMS_GATEWAY = ""
    with time_machine.travel(clock.now(), tick=False) as now:
        an_sms()
        tasks.sweep_sms()
        assert row().last_error == "NotSent no gateway"
        now.shift(dt.timedelta(minutes=10))
        tasks.sweep_sms()
    assert row().state == SmsState.ABANDONED
    assert not gateway.is_offered()
