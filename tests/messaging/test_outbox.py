"""Mails are rows first: sent if and only if committed, once, and blanked (R82, R84, R75)."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client

from portal import clock
from portal.messaging import outbox, tasks
from portal.messaging.folder import FolderBackend
from portal.messaging.models import BLANKED, Message
from portal.messaging.outbox import as_email, queue_mail
from tests.factories import UserFactory

SECRET = "http://localhost:8000/activation/SECRET-CANARY/"


def a_mail(**changes):
    values = {
        "to": "marie@exemple.fr",
        "context": {"person": UserFactory.build(), "url": SECRET},
        "secret": SECRET,
    }
    return queue_mail("accounts/mails/password_reset", **(values | changes))


@pytest.fixture
def waiting(db):
    return a_mail()


@pytest.mark.django_db
def test_a_subject_keeps_its_no_break_spaces_and_no_end_of_line(monkeypatch):
    """R74: whatever ends a line does not reach a header."""
    monkeypatch.setattr(outbox, "render_to_string", lambda *given: " Rappel\u00a0: \r\nun\x0b\u2028\x85mot\n")
    made = queue_mail("any", to="a@exemple.fr", context={})
    assert made is not None
    assert made.subject == "Rappel\u00a0: un mot"


def test_a_mail_has_a_subject_on_one_line_a_text_and_an_html_part(waiting):
    made = as_email(waiting)
    assert made.subject == "Choisir un nouveau mot de passe"
    assert SECRET in made.body
    assert SECRET in str(made.alternatives[0][0])
    assert made.extra_headers["Message-ID"].startswith(f"<{waiting.pk}.")


def test_what_a_person_typed_is_inert_in_the_html_part(db):
    person = UserFactory.build(first_name="<script>alert(1)</script>", last_name="O'Neil & Fils")
    message = a_mail(context={"person": person, "url": SECRET})
    assert "<script>" not in message.html
    assert "O'Neil & Fils" in message.text


def test_sending_stamps_the_row_and_blanks_its_secret(waiting):
    """R75."""
    tasks.send(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.sent_at is not None
    assert len(mail.outbox) == 1
    assert "SECRET-CANARY" not in str(Message.objects.values().get())
    assert BLANKED in waiting.text


def test_staff_never_see_the_link_even_before_it_is_sent(waiting):
    admin = Client()
    admin.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = admin.get(f"/admin/messaging/message/{waiting.pk}/change/").content.decode()
    assert "Choisir un nouveau mot de passe" in page
    assert BLANKED in page
    assert "SECRET-CANARY" not in page


def test_the_same_task_twice_sends_once(waiting):
    tasks.send(waiting.pk)
    tasks.send(waiting.pk)
    tasks.sweep()
    assert len(mail.outbox) == 1


def test_a_message_in_another_workers_hands_is_left_to_it(waiting):
    assert outbox.claim(waiting.pk) is not None
    assert outbox.claim(waiting.pk) is None


def test_when_a_worker_died_the_sweep_sends_with_the_same_message_id(waiting):
    with time_machine.travel(clock.now(), tick=False) as now:
        first = as_email(outbox.claim(waiting.pk)).extra_headers["Message-ID"]
        tasks.sweep()
        assert mail.outbox == []
        now.shift(outbox.LEASE)
        tasks.sweep()
    assert [sent.extra_headers["Message-ID"] for sent in mail.outbox] == [first]


def test_a_server_that_refuses_is_tried_again_later_and_later_then_given_up(waiting, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError("SECRET-CANARY")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    waits = []
    with time_machine.travel(clock.now(), tick=False) as now:
        while Message.objects.get().abandoned_at is None:
            tasks.sweep()
            row = Message.objects.get()
            waits.append((row.next_try_at - clock.now()).total_seconds() / 60)
            now.move_to(row.next_try_at)
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    row = Message.objects.get()
    assert row.abandoned_at - row.created_at > dt.timedelta(hours=48)
    assert row.last_error == "ConnectionRefusedError"
    assert "SECRET-CANARY" not in str(Message.objects.values().get())


def test_a_mail_with_the_same_key_is_written_once(db):
    assert a_mail(once="k") is not None
    assert a_mail(once="k") is None
    assert Message.objects.count() == 1


@transaction.atomic
def write_then_fail():
    a_mail()
    raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_no_mail(monkeypatch):
    asked = []
    monkeypatch.setattr(outbox, "enqueue", asked.append)
    with pytest.raises(RuntimeError):
        write_then_fail()
    assert not Message.objects.exists()
    assert asked == []
    with transaction.atomic():
        kept = a_mail()
        assert asked == []
    assert asked == [kept.pk]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_delays_the_mail_and_loses_nothing(monkeypatch):
    def away(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.send, "apply_async", away)
    a_mail()
    assert Message.objects.get().sent_at is None
    tasks.sweep()
    assert Message.objects.get().sent_at is not None


def test_embedded_a_mail_is_a_file_that_bears_the_rows_id(waiting, settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    FolderBackend().send_messages([as_email(waiting)])
    (path,) = tmp_path.iterdir()
    assert path.name.endswith(f"-{waiting.pk}.eml")


def test_the_outbox_page_lists_and_shows_the_mails(client, waiting, settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    empty = client.get("/boite-d-envoi/").content.decode()
    assert "Aucun courriel n’est encore parti" in empty
    FolderBackend().send_messages([as_email(waiting)])
    page = client.get("/boite-d-envoi/").content.decode()
    assert "marie@exemple.fr" in page
    (path,) = tmp_path.iterdir()
    shown = client.get(f"/boite-d-envoi/{path.stem}/").content.decode()
    assert f'href="{SECRET}"' in shown
    for other in ("x", "..%2F..%2Fetc%2Fpasswd", path.name):
        assert client.get(f"/boite-d-envoi/{other}/").status_code == 404


def several(names, key="k", **context):
    context = {"person": UserFactory.build(), "url": SECRET} | context
    return [outbox.Mail(f"{name}@exemple.fr", context, once=f"{key}:{name}", secret=SECRET) for name in names]


def test_many_mails_are_written_in_few_queries_each_as_one_alone_is(db, django_assert_max_num_queries):
    context = {"person": UserFactory.build(), "url": SECRET}
    one = a_mail(context=context)
    with django_assert_max_num_queries(4):
        assert outbox.queue_mails(one.kind, several("abcdefgh", **context)) == 8
    for row in Message.objects.exclude(pk=one.pk):
        assert (row.subject, row.text, row.html, row.secret) == (one.subject, one.text, one.html, one.secret)
    assert Message.objects.exclude(pk=one.pk).values("recipient").distinct().count() == 8


def test_many_mails_with_the_same_keys_are_written_once_and_the_new_ones_besides(db):
    kind = "accounts/mails/password_reset"
    outbox.queue_mails(kind, several("ab"))
    assert outbox.queue_mails(kind, several("abc")) == 1
    assert outbox.queue_mails(kind, several("aa", key="other")) == 1
    assert Message.objects.count() == 4
    assert a_mail(once="k:c") is None


def test_many_mails_ask_for_one_sweep_after_the_commit_which_sends_them(
    db, django_capture_on_commit_callbacks, monkeypatch
):
    asked = []
    monkeypatch.setattr(tasks.sweep, "apply_async", lambda **options: asked.append(options))
    monkeypatch.setattr(outbox, "WRITTEN_AT_ONCE", 2)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue_mails("accounts/mails/password_reset", several("abcde"))
        assert asked == []
    assert len(asked) == 1
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue_mails("accounts/mails/password_reset", several("abcde"))
    assert len(asked) == 1
    tasks.sweep()
    assert len(mail.outbox) == 5


def test_a_broker_that_is_away_keeps_no_mail_back(db, django_capture_on_commit_callbacks, monkeypatch):
    def away(**options):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.sweep, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.queue_mails("accounts/mails/password_reset", several("ab"))
    assert Message.objects.count() == 2
