"""One invitation accepted twice, one firm answered twice, at the same instant (product.md 6.3, R86)."""

import contextlib
import threading

import pytest
from django.test import Client

from accounts import invited as verbs
from accounts.models import User
from delegations import accepting, confirming
from delegations.invitations import send_again
from delegations.models import Delegation, Invitation, Role, Status
from portal.journal.models import Entry
from tests.accounts.conftest import connection as step_two
from tests.accounts.invitations import EMAIL, TYPED, invited, read, signed_in
from tests.factories import SiteFactory, UserFactory, letters_of, owner_of
from tests.races.test_openings import proved_by

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def met(genuine, parties=2):
    """The same function, whose callers first wait for each other, if they can."""
    meeting = threading.Barrier(parties)

    def slowly(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(1.5)
        return genuine(*args, **kwargs)

    return slowly


def unlocked(invitation):
    """What the lock reads, without it."""
    return accepting.waiting(invitation)


def newcomers(one):
    return [lambda: Client().post(one.link, TYPED)] * 2


def test_a_newcomer_who_accepts_twice_at_once_has_one_account_and_one_acceptance(at_once, monkeypatch):
    one = invited()
    monkeypatch.setattr(verbs, "new_account", met(verbs.new_account))
    answers = at_once(*newcomers(one))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    loser = next(answer for answer in answers if answer.status_code == 200)
    assert "Cette invitation est acceptée" in read(loser)
    assert User.objects.filter(email=EMAIL).count() == 1
    assert Entry.objects.filter(action="rights.accepted").count() == 1


def test_without_the_lock_the_second_newcomer_is_told_something_else(at_once, monkeypatch):
    one = invited()
    monkeypatch.setattr(verbs, "locked", unlocked)
    monkeypatch.setattr(verbs, "new_account", met(verbs.new_account))
    answers = at_once(*newcomers(one))
    assert sorted(getattr(answer, "status_code", 500) for answer in answers) != [200, 302]


def test_an_account_that_accepts_twice_at_once_takes_it_once(at_once, monkeypatch):
    one = invited()
    browsers = [signed_in(UserFactory(email=EMAIL))]
    browsers.append(signed_in(User.objects.get(email=EMAIL)))
    monkeypatch.setattr(accepting, "_take", met(accepting._take))
    answers = at_once(
        *(lambda one_of=one_of: one_of.post(one.link, {"accept": "oui"}) for one_of in browsers)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert Entry.objects.filter(action="rights.accepted").count() == 1


def test_without_the_lock_it_is_taken_twice(at_once, monkeypatch):
    one = invited()
    person = UserFactory(email=EMAIL)
    monkeypatch.setattr(accepting, "locked", unlocked)
    monkeypatch.setattr(accepting, "_take", met(accepting._take))
    browsers = [signed_in(person), signed_in(person)]
    at_once(*(lambda one_of=one_of: one_of.post(one.link, {"accept": "oui"}) for one_of in browsers))
    assert Entry.objects.filter(action="rights.accepted").count() == 2


def test_accepted_and_refused_at_once_one_of_the_two_holds(at_once):
    one = invited()
    browser = signed_in(UserFactory(email=EMAIL))
    answers = at_once(
        lambda: browser.post(one.link, {"accept": "oui"}), lambda: Client().post(one.link, {"decline": "oui"})
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Entry.objects.filter(action__in=("rights.accepted", "rights.declined")).count() == 1
    assert one.now.status_on() in {Status.ACTIVE, Status.REFUSED}


def test_an_address_that_opens_its_space_while_it_accepts_has_one_account(at_once):
    one = invited()
    site = SiteFactory()
    browser = proved_by(site, letters_of(site)[0])
    answers = at_once(
        lambda: Client().post(one.link, TYPED), lambda: browser.post("/ouverture/connexion/", step_two(EMAIL))
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert User.objects.filter(email=EMAIL).count() == 1
    accepted = one.now.status_on() is Status.ACTIVE
    assert User.objects.get(email=EMAIL).is_active is accepted


@pytest.fixture
def firm():
    """A firm's head who accepted, where the company answers, and two Administrateurs who read it."""
    head = invited("odile@cabinet.fr", role=Role.HEAD)
    Client().post(head.link, TYPED)
    page = f"/sites/{head.site.cibtp_id}/droits/{head.delegation.pk}/repondre/"
    return head, page, [signed_in(head.giver), signed_in(owner_of(head.site))]


def rival_answers(page, browsers):
    acts = ({"reponse": "confirmer"}, {"reponse": "refuser"})
    return [
        lambda browser=browser, act=act: browser.post(page, act)
        for browser, act in zip(browsers, acts, strict=True)
    ]


def test_of_two_administrators_who_answer_at_once_one_wins_and_the_other_is_told(firm, at_once, monkeypatch):
    head, page, browsers = firm
    monkeypatch.setattr(confirming, "giver_on", met(confirming.giver_on))
    answers = at_once(*rival_answers(page, browsers))
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [302, 409]
    winner = statuses.index(302)
    assert "Cette demande n’attend plus de réponse" in read(answers[1 - winner])
    assert head.now.status_on() is (Status.ACTIVE, Status.REFUSED)[winner]
    assert Entry.objects.filter(action__in=("rights.confirmed", "rights.refused")).count() == 1


def test_without_the_locks_both_answers_are_recorded(firm, at_once, monkeypatch):
    _, page, browsers = firm
    monkeypatch.setattr(confirming, "locked", lambda site: site)
    monkeypatch.setattr(type(Delegation.objects.all()), "select_for_update", lambda self, **_: self.all())
    monkeypatch.setattr(Delegation, "save", met(Delegation.save))
    at_once(*rival_answers(page, browsers))
    assert Entry.objects.filter(action__in=("rights.confirmed", "rights.refused")).count() == 2


def test_a_link_sent_again_while_it_is_accepted_leaves_one_answer(at_once):
    one = invited()
    browser = signed_in(UserFactory(email=EMAIL))
    invitation = Invitation.objects.get(pk=one.invitation.pk)
    answers = at_once(lambda: browser.post(one.link, {"accept": "oui"}), lambda: send_again(invitation))
    assert getattr(answers[0], "status_code", 500) in {302, 410}
    assert (one.now.status_on() is Status.ACTIVE) == (answers[0].status_code == 302)
