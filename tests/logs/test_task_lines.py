"""A task bears the id of the request that asked for it, and writes one line (through the real broker)."""

import logging
import uuid

import pytest
from celery import shared_task
from celery.signals import before_task_publish
from celery.worker.request import Request
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.logs import request_id
from portal.logs.lines import Redacting
from tests.factories import UserFactory


@shared_task(name="tests.speaks")
def speaks(word, fails=False):
    logging.getLogger("tests.speaks").info("speaking")
    if fails:
        raise ValueError(f"password={word}")


@pytest.fixture
def lines():
    """Every line, as the embedded portal writes it."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Kept()
    handler.setFormatter(Redacting())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def run_by_a_worker(*arguments):
    """Send to a queue of its own, and do with the message what a worker does."""
    queue = uuid.uuid4().hex
    speaks.apply_async(arguments, queue=queue)
    received_without_id = request_id.current.set(None)
    try:
        with app.connection_for_read() as connection, connection.SimpleQueue(queue) as waiting:
            message = waiting.get(timeout=5)
            message.ack()
            waiting.queue.delete()
        Request(message, app=app, task=speaks).execute()
        assert request_id.current.get() is None
    finally:
        request_id.current.reset(received_without_id)


def asked_by(identifier):
    return request_id.current.set(identifier)


def test_a_tasks_lines_bear_the_id_of_the_request_that_asked(lines):
    token = asked_by("7f3a91c20b1d4c559f100123456789ab")
    try:
        run_by_a_worker("MOT-CANARI")
    finally:
        request_id.current.reset(token)
    spoken, ended = [line for line in lines if "tests.speaks" in line]
    assert "tests.speaks [7f3a91c20b1d4c559f100123456789ab] speaking" in spoken
    assert "portal.tasks [7f3a91c20b1d4c559f100123456789ab] task task=tests.speaks task_id=" in ended
    assert " state=SUCCESS milliseconds=" in ended
    assert "MOT-CANARI" not in "".join(lines)


def test_what_beat_asks_for_bears_none(lines):
    run_by_a_worker("MOT-CANARI")
    assert "tests.speaks [-] speaking" in "".join(lines)


def test_a_task_that_fails_says_so_and_why_without_its_arguments(lines):
    token = asked_by("7f3a91c20b1d4c559f100123456789ab")
    try:
        run_by_a_worker("MOT-CANARI", True)
    finally:
        request_id.current.reset(token)
    assert sum(" state=FAILURE milliseconds=" in line for line in lines) == 1
    failure = next(line for line in lines if "Traceback" in line)
    assert "[7f3a91c20b1d4c559f100123456789ab]" in failure
    assert "ValueError: password=…" in failure
    assert "MOT-CANARI" not in "".join(lines)


def test_a_task_run_in_the_requests_own_thread_keeps_its_id(lines):
    token = asked_by("7f3a91c20b1d4c559f100123456789ab")
    try:
        speaks.apply(("a",))
        assert request_id.current.get() == "7f3a91c20b1d4c559f100123456789ab"
    finally:
        request_id.current.reset(token)
    assert all("[7f3a91c20b1d4c559f100123456789ab]" in line for line in lines if "tests.speaks" in line)


@pytest.mark.django_db(transaction=True)
def test_the_mail_that_a_request_asks_for_leaves_with_its_id(client, lines):
    user, published = UserFactory(), []

    def seen(headers=None, **kwargs):
        published.append(headers)

    before_task_publish.connect(seen)
    try:
        answer = client.post("/mot-de-passe/oublie/", {"email": user.email})
    finally:
        before_task_publish.disconnect(seen)
    assert [(sent["task"], sent["portal_request_id"]) for sent in published] == [
        ("messaging.send", answer["X-Request-ID"])
    ]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_is_said_with_the_requests_id(client, lines, monkeypatch):
    from portal.messaging.tasks import send

    def away(*args, **kwargs):
        raise OperationalError("redis://:hush@redis:6379/0")

    monkeypatch.setattr(send, "apply_async", away)
    answer = client.post("/mot-de-passe/oublie/", {"email": UserFactory().email})
    said = next(line for line in lines if "broker away" in line)
    assert f"[{answer['X-Request-ID']}]" in said
    assert "hush" not in said
