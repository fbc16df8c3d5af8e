"""Every task may run twice: a redelivery, two schedulers, a worker that died before saying so (R83)."""

import datetime as dt
import sqlite3
from ast import literal_eval

import pytest
import time_machine
from celery import current_app
from django.apps import apps
from django.conf import settings as running
from django.core import mail
from django.test import Client

import portal.celery
from accounts.models import Opening
from portal import clock
from portal.codes.models import SmsCode
from portal.codes.sms import Binding, send_code
from portal.holidays.models import Holiday
from portal.journal import recording
from portal.journal.models import Kind
from portal.messaging import outbox
from portal.messaging.models import Sms
from portal.messaging.outbox import queue_mail
from portal.messaging.sms.outbox import claim, queue_sms
from portal.origin import TASK
from portal.sessions.models import Session
from tests.accounts.conftest import Letters, opened
from tests.deploy_check import production_environment, run_under_production
from tests.factories import SiteFactory, UserFactory, beneficiary_of, firm_of, letters_of, owner_of

pytestmark = pytest.mark.django_db


def our_tasks():
    """Every task that a worker of the portal registers, but for Celery's own."""
    portal.celery.app.loader.import_default_modules()
    return {
        name: task for name, task in current_app.tasks.items() if not name.startswith(("celery.", "tests."))
    }


def a_mail():
    return queue_mail(
        "accounts/mails/password_changed",
        to="marie@exemple.fr",
        context={"person": UserFactory.build(), "stays": True},
    )


def a_mail_to_send(**given):
    return (a_mail().pk,)


def mails_to_sweep(**given):
    a_mail()
    a_mail()
    return ()


def an_sms(**changes):
    lives = {"expires_at": clock.now() + dt.timedelta(minutes=10)}
    return queue_sms("accounts/sms/mobile_code", to="+33612345612", context={"code": "1"}, **lives | changes)


def an_sms_to_send(settings, folder):
    settings.OUTBOX_DIR = folder
    return (an_sms().pk,)


def sms_to_sweep(settings, folder):
    """One that waits, one that comes too late, one whose worker died."""
    settings.OUTBOX_DIR = folder
    an_sms(expires_at=clock.now())
    an_sms()
    lost = an_sms()
    claim(lost.pk)
    Sms.objects.filter(pk=lost.pk).update(claimed_until=clock.now())
    return ()


def an_opening_of_last_week(**given):
    site = SiteFactory()
    code, _row = letters_of(site)
    opened(Client(), Letters(site, code))
    Opening.objects.update(opened_at=clock.now() - dt.timedelta(days=8))
    return ()


def lines_of_the_journal_past_their_term_and_a_younger_one(**given):
    for days in (2000, 367, 1):
        entry = recording.entry("sign_in.done", "Connexion", kind=Kind.SIGN_IN, origin=TASK)
        entry.at = clock.now() - dt.timedelta(days=days)
        entry.save()
    return ()


def an_ended_session_and_a_living_one(**given):
    for name, days in (("ended", -1), ("living", 1)):
        Session.objects.create(session_key=name, expire_date=clock.now() + dt.timedelta(days=days))
    return ()


def a_consumed_message_of_the_embedded_broker(settings, folder):
    assert portal.celery.app.conf.broker_url  # read before: Celery keeps for good what it reads first
    settings.CELERY_BROKER_URL = f"sqla+sqlite:///{folder / 'broker.sqlite3'}"
    with sqlite3.connect(folder / "broker.sqlite3") as file:
        file.execute("CREATE TABLE kombu_message (id INTEGER, visible INTEGER)")
        file.execute("INSERT INTO kombu_message VALUES (1, 0), (2, 1)")
    return ()


def codes_of_last_week_and_of_this_morning(settings, folder):
    settings.OUTBOX_DIR = folder
    for holder in ("user:1", "user:2"):
        send_code(Binding(holder, "mobile", "+33612345612"), template="accounts/sms/mobile_code", context={})
    SmsCode.objects.filter(holder="user:1").update(expires_at=clock.now() - dt.timedelta(days=7))
    return ()


def ends_of_every_kind(**given):
    today, site = clock.today(), SiteFactory()
    days = {"starts_on": today - dt.timedelta(days=60)}
    for left in (-1, 5, 20):
        beneficiary_of(site, {}, ends_on=today + dt.timedelta(days=left), **days)
    owner_of(site)
    accepted = {"accepted_at": clock.now() - dt.timedelta(days=4), "confirmed_at": None}
    firm_of(site, {}, answer_by=today + dt.timedelta(days=26), **accepted, **days)
    return ()


def certifications_about_to_lapse(**given):
    for left in (29, 6, 400):
        UserFactory(email_certified_at=clock.now() - dt.timedelta(days=365 - left))
    return ()


# What each task finds to do; a task that is not here fails the first test below.
def a_year_without_its_holidays(**given):
    Holiday.objects.filter(day__year=clock.today().year).delete()
    return ()


FINDS = {
    "holidays.load": a_year_without_its_holidays,
    "messaging.send": a_mail_to_send,
    "messaging.sweep": mails_to_sweep,
    "accounts.warn_of_lapses": certifications_about_to_lapse,
    "messaging.send_sms": an_sms_to_send,
    "messaging.sweep_sms": sms_to_sweep,
    "accounts.undo_stale_openings": an_opening_of_last_week,
    "codes.purge": codes_of_last_week_and_of_this_morning,
    "journal.purge": lines_of_the_journal_past_their_term_and_a_younger_one,
    "delegations.keep_up": ends_of_every_kind,
    "portal.clear_sessions": an_ended_session_and_a_living_one,
    "portal.purge_embedded_broker": a_consumed_message_of_the_embedded_broker,
}


def state(folder):
    """All that a task can change: every table, every mail sent, every file of the broker."""
    tables = {
        model._meta.label: sorted(map(repr, model._base_manager.values()))
        for model in apps.get_models(include_auto_created=True)
    }
    files = {}
    for path in folder.glob("*.sqlite3"):
        with sqlite3.connect(path) as file:
            files[path.name] = file.execute("SELECT * FROM kombu_message").fetchall()
    return tables, len(mail.outbox), files, sorted(path.name for path in folder.glob("*.sms"))


def test_every_task_is_proved_to_be_idempotent():
    assert set(our_tasks()) == set(FINDS)


@pytest.mark.parametrize("name", FINDS)
def test_a_task_run_twice_leaves_what_it_left_the_first_time(name, settings, tmp_path):
    task = our_tasks()[name]
    with time_machine.travel(clock.now(), tick=False) as now:
        arguments = FINDS[name](settings=settings, folder=tmp_path)
        untouched = state(tmp_path)
        task(*arguments)
        once = state(tmp_path)
        now.shift(outbox.LEASE)  # what the first run held is free again
        task(*arguments)
        assert once != untouched
        assert state(tmp_path) == once


def test_a_task_is_taken_again_when_its_worker_dies_and_only_then():
    for task in our_tasks().values():
        assert task.acks_late, task.name
        assert task.reject_on_worker_lost, task.name


def test_redis_hands_a_task_out_again_only_after_the_longest_may_have_run():
    ask = "from portal.settings import production as p; print(p.CELERY_BROKER_TRANSPORT_OPTIONS)"
    options = literal_eval(run_under_production(["-c", ask], production_environment()).stdout)
    for task in our_tasks().values():
        assert (task.time_limit or running.CELERY_TASK_TIME_LIMIT) < options["visibility_timeout"], task.name


def test_what_beat_asks_for_exists_and_sweeps_do_not_pile_up():
    asked = portal.celery.app.conf.beat_schedule.values()
    assert {entry["task"] for entry in asked} <= set(our_tasks())
    (sweep,) = (entry for entry in asked if entry["task"] == "messaging.sweep")
    assert sweep["options"]["expires"] <= sweep["schedule"]
