"""Two schedulers, four workers, one outbox: each mail leaves once (R82)."""

import threading

import pytest

from portal.messaging import outbox, tasks
from portal.messaging.models import Message
from portal.messaging.outbox import queue_mail
from tests.factories import UserFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
MAILS = 20


@pytest.fixture
def left(monkeypatch):
    """The recipients whose mail left; a sending lasts long enough for another to begin."""
    names = []

    def slowly(mail):
        threading.Event().wait(0.01)
        names.extend(mail.to)

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", slowly)
    return names


@pytest.fixture
def waiting():
    """The recipients of mails that wait."""
    names = [f"personne{number}@exemple.fr" for number in range(MAILS)]
    for name in names:
        queue_mail(
            "accounts/mails/password_changed", to=name, context={"person": UserFactory.build(), "stays": True}
        )
    return sorted(names)


def test_four_sweeps_at_once_send_each_mail_once(waiting, left, at_once):
    assert at_once(*[tasks.sweep] * 4) == [None] * 4
    assert sorted(left) == waiting
    assert set(Message.objects.values_list("tries", flat=True)) == {1}


def test_without_the_claim_the_race_is_real(waiting, left, at_once, monkeypatch):
    monkeypatch.setattr(outbox, "claim", lambda pk: Message.objects.get(pk=pk))
    at_once(*[tasks.sweep] * 4)
    assert len(left) > MAILS
