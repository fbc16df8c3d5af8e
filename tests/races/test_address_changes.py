"""A change of address confirmed, cancelled or asked for twice at once (product.md 4.1, R18, R39)."""

import datetime as dt
import threading
from contextlib import suppress

import pytest
from django.test import Client

from accounts import address_change, lapses
from accounts.models import EmailChange, User
from portal import clock
from portal.messaging.models import Message
from portal.origin import COMMAND
from tests.accounts.own_account import (
    NEW_ADDRESS,
    ask_address,
    browser_of,
    cancellation_link,
    confirmation_link,
    kinds_to,
)
from tests.factories import UserFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
FORMER = "marie@exemple.fr"


def asking(email=FORMER):
    ask_address(browser_of(UserFactory(email=email)), NEW_ADDRESS)
    return confirmation_link()


def posted(link):
    return lambda: Client().post(link).status_code


def meet_before(monkeypatch, *names):
    """From now on two acts wait for each other before these steps, if they can."""
    meeting = threading.Barrier(2)

    def waiting(genuine):
        def slowly(*given, **named):
            with suppress(threading.BrokenBarrierError):
                meeting.wait(1.5)
            return genuine(*given, **named)

        return slowly

    for name in names:
        monkeypatch.setattr(address_change, name, waiting(getattr(address_change, name)))


def confirmed_and_cancelled(at_once, monkeypatch):
    """Both links of one change followed at once: what they answered."""
    link = asking()
    meet_before(monkeypatch, "_replaced", "cancel_for")
    return at_once(posted(link), posted(cancellation_link(FORMER)))


def test_confirmed_and_cancelled_at_once_one_of_them_holds(at_once, monkeypatch):
    """R18, R39."""
    answers = confirmed_and_cancelled(at_once, monkeypatch)
    assert sorted(answers) == [200, 302]  # the other reads what became of its link
    person, change = User.objects.get(), EmailChange.objects.get()
    assert person.is_active
    assert not person.address_changing
    assert (change.confirmed_at is None) != (change.cancelled_at is None)
    assert person.email == (NEW_ADDRESS if change.confirmed_at else FORMER)


def test_without_the_lock_the_race_is_real(at_once, monkeypatch):
    monkeypatch.setattr(address_change, "locked", lambda user_id: User.objects.get(pk=user_id))
    answers = confirmed_and_cancelled(at_once, monkeypatch)
    assert 200 not in answers  # both act, or the database refuses the second


def test_two_accounts_that_confirm_one_address_at_once_one_has_it(at_once, monkeypatch):
    links = [asking(), asking("jean@exemple.fr")]
    meet_before(monkeypatch, "locked")
    answers = at_once(*map(posted, links))
    assert sorted(answers) == [302, 410]
    assert User.objects.filter(email=NEW_ADDRESS).count() == 1
    assert EmailChange.objects.pending().count() == 1


def test_asked_twice_at_once_one_change_waits_and_each_address_has_one_mail(at_once, monkeypatch):
    meet_before(monkeypatch, "locked")
    person = UserFactory(email=FORMER)

    def ask():
        return address_change.ask(person=person, address=NEW_ADDRESS, origin=COMMAND)

    answers = at_once(ask, ask)
    assert sum(isinstance(answer, EmailChange) for answer in answers) == 1
    assert None in answers
    assert kinds_to(NEW_ADDRESS) == ["address_confirmation"]
    assert kinds_to(FORMER) == ["address_change_asked"]


def test_two_nights_at_once_warn_each_person_once(at_once):
    soon = clock.now() - dt.timedelta(days=350)
    User.objects.bulk_create(
        User(email=f"p{n}@exemple.fr", is_active=True, email_certified_at=soon) for n in range(30)
    )
    counts = at_once(lapses.warn, lapses.warn)
    assert all(isinstance(count, int) for count in counts)
    lapses.warn()  # what each left to the other
    assert Message.objects.count() == 30
    assert Message.objects.values("recipient").distinct().count() == 30
