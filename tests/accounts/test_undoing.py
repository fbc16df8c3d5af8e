"""An opening never activated is undone after seven days, and its code lives again (product.md 3.3)."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings

from accounts.models import ProvisionalCode, User
from accounts.undoing import undo_stale_openings
from portal import clock
from portal.codes import posted
from tests.accounts.conftest import connection, link_in, mails_to, opened
from tests.factories import letters_of

pytestmark = pytest.mark.django_db


def test_an_opening_not_activated_for_seven_days_is_undone_and_its_code_lives_again(client, letters):
    with time_machine.travel("2026-03-02T09:00:00+01:00", tick=False) as now:
        ProvisionalCode.objects.update(expires_at=posted.end_of_validity(dt.date(2026, 3, 2), 21))
        opened(client, letters, mobile="06 12 34 56 78")
        now.shift(dt.timedelta(days=7) - dt.timedelta(seconds=1))
        assert undo_stale_openings() == 0
        now.shift(1)
        assert undo_stale_openings() == 1
        assert undo_stale_openings() == 0
        user, code = User.objects.get(), ProvisionalCode.objects.get()
        assert (user.email, user.last_name, user.first_name, user.mobile) == (None, "", "", "")
        assert not user.has_usable_password()
        # printed on 2 March for 21 days, opened that day: 21 days were left, counted from 9 March
        assert code.expires_at == dt.datetime(
            2026, 3, 30, 22, tzinfo=dt.UTC
        )  # midnight after 30 March, Paris
        client.cookies.clear()
        assert opened(client, letters)["Location"] == "/ouverture/terminee/"


def test_a_code_opened_on_its_last_day_lives_seven_days_more(client, letters):
    with time_machine.travel("2026-06-22T09:00:00+02:00", tick=False) as now:
        ProvisionalCode.objects.update(expires_at=posted.end_of_validity(dt.date(2026, 6, 1), 21))
        opened(client, letters)
        now.shift(dt.timedelta(days=7))
        undo_stale_openings()
        assert ProvisionalCode.objects.get().expires_at == dt.datetime(2026, 7, 6, 22, tzinfo=dt.UTC)


def test_nothing_waits_for_the_task_the_code_serves_again_by_itself(client, letters):
    with time_machine.travel(clock.now(), tick=False) as now:
        opened(client, letters)
        (mail,) = mails_to("marie.keller@exemple.fr")
        now.shift(dt.timedelta(days=settings.UNACTIVATED_OPENING_DAYS))
        client.cookies.clear()
        assert client.post(link_in(mail)).status_code == 410
        assert opened(client, letters)["Location"] == "/ouverture/terminee/"
        assert User.objects.filter(email="marie.keller@exemple.fr").count() == 1


def test_an_opening_with_a_newer_code_replaces_the_one_not_activated(client, letters):
    opened(client, letters)
    newer, _ = letters_of(letters.site)
    client.cookies.clear()
    client.post("/ouverture/", letters.typed | {"code": newer})
    client.post("/ouverture/connexion/", connection("directrice@exemple.fr"))
    (old,) = mails_to("marie.keller@exemple.fr")
    (new,) = mails_to("directrice@exemple.fr")
    assert client.post(link_in(old)).status_code == 410
    assert client.post(link_in(new))["Location"] == "/connexion/"
    assert User.objects.filter(email=None).count() == 1
    client.cookies.clear()
    assert "ne permettent pas" in client.post("/ouverture/", letters.typed).content.decode()


def test_an_undone_opening_leaves_its_code_dead_when_a_newer_letter_was_printed(client, letters):
    with time_machine.travel(clock.now(), tick=False) as now:
        opened(client, letters)
        letters_of(letters.site)
        now.shift(dt.timedelta(days=7))
        assert undo_stale_openings() == 1
        first, second = ProvisionalCode.objects.order_by("pk")
        assert first.voided_at is not None
        assert second.is_usable()
