"""Two people open with one code at the same instant: one wins (product.md 3.2, R86)."""

import contextlib
import threading

import pytest
from django.test import Client

from accounts import opening
from accounts.models import Opening, ProvisionalCode, User
from tests.accounts.conftest import connection as step_two
from tests.accounts.conftest import link_in, mails_to
from tests.factories import SiteFactory, letters_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
RIVALS = ("marie@exemple.fr", "jean@exemple.fr")


def proved_by(site, code):
    browser = Client(raise_request_exception=True)
    answer = browser.post("/ouverture/", {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code})
    assert answer["Location"] == "/ouverture/connexion/"
    return browser


def opened_by(email):
    """A site opened, not activated, with that address, and the browser that did it."""
    site = SiteFactory()
    code, _ = letters_of(site)
    browser = proved_by(site, code)
    browser.post("/ouverture/connexion/", step_two(email))
    return site, browser


@pytest.fixture
def rivals():
    """Two browsers that both proved the code of one letter."""
    site = SiteFactory()
    code, _ = letters_of(site)
    return [proved_by(site, code) for _ in RIVALS]


@pytest.fixture
def _meeting_after_the_check(monkeypatch):
    """Both wait for each other between the check of the code and its consumption, if they can."""
    meeting = threading.Barrier(len(RIVALS))
    genuine = opening.new_account

    def slowly(person):
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(1.5)
        return genuine(person)

    monkeypatch.setattr(opening, "new_account", slowly)


def post_step_two(browser, email):
    return lambda: browser.post("/ouverture/connexion/", step_two(email))


@pytest.mark.usefixtures("_meeting_after_the_check")
def test_one_wins_and_the_other_reads_that_the_code_was_just_used(rivals, at_once):
    answers = at_once(*(post_step_two(*pair) for pair in zip(rivals, RIVALS, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "Ce code vient d’être utilisé" in loser.content.decode()
    assert Opening.objects.count() == User.objects.count() == 1
    assert ProvisionalCode.objects.get().used_at is not None


@pytest.mark.usefixtures("_meeting_after_the_check")
def test_without_the_lock_the_race_is_real(rivals, at_once, monkeypatch):
    def unlocked(code_id):
        return ProvisionalCode.objects.select_related("site__adherent").get(pk=code_id)

    monkeypatch.setattr(opening, "lock", unlocked)
    answers = at_once(*(post_step_two(*pair) for pair in zip(rivals, RIVALS, strict=True)))
    assert sorted(getattr(answer, "status_code", 500) for answer in answers) != [302, 409]


def test_a_double_click_in_one_browser_opens_once(at_once):
    site = SiteFactory()
    code, _ = letters_of(site)
    browser = proved_by(site, code)
    twin = Client()
    twin.cookies.update(browser.cookies)
    answers = at_once(post_step_two(browser, RIVALS[0]), post_step_two(twin, RIVALS[0]))
    assert [answer["Location"] for answer in answers] == ["/ouverture/terminee/"] * 2
    assert Opening.objects.count() == User.objects.count() == 1


def test_two_activations_of_one_link_name_one_administrator(at_once, letters_opened):
    """R18."""
    link = letters_opened
    answers = at_once(lambda: Client().post(link), lambda: Client().post(link))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert User.objects.get().delegations.count() == 1


@pytest.fixture
def letters_opened():
    opened_by(RIVALS[0])
    return link_in(mails_to(RIVALS[0])[0])


def test_a_link_followed_while_the_address_is_corrected_never_activates_an_unproved_address(at_once):
    _, browser = opened_by(RIVALS[0])
    link = link_in(mails_to(RIVALS[0])[0])
    correction = {"email": RIVALS[1], "email_again": RIVALS[1]}
    answers = at_once(lambda: Client().post(link), lambda: browser.post("/ouverture/adresse/", correction))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    user = User.objects.get()
    assert not (user.is_active and user.email == RIVALS[1])


def test_a_link_followed_while_a_newer_letter_opens_leaves_one_of_the_two(at_once):
    site, _ = opened_by(RIVALS[0])
    link = link_in(mails_to(RIVALS[0])[0])
    newer, _ = letters_of(site)
    second = proved_by(site, newer)
    answers = at_once(lambda: Client().post(link), post_step_two(second, RIVALS[1]))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    activated = User.objects.filter(is_active=True)
    assert activated.count() + Opening.objects.pending().count() == 1


def test_two_corrections_to_one_address_give_it_to_one(at_once):
    browsers = [opened_by(email)[1] for email in RIVALS]
    wanted = {"email": "commune@exemple.fr", "email_again": "commune@exemple.fr"}
    answers = at_once(*(lambda one=one: one.post("/ouverture/adresse/", wanted) for one in browsers))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert User.objects.filter(email="commune@exemple.fr").count() == 1


def test_a_link_followed_while_another_site_opens_with_its_address_leaves_one_account(at_once):
    opened_by(RIVALS[0])
    link = link_in(mails_to(RIVALS[0])[0])
    other = SiteFactory()
    code, _ = letters_of(other)
    second = proved_by(other, code)
    answers = at_once(lambda: Client().post(link), post_step_two(second, RIVALS[0]))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    holder = User.objects.get(email=RIVALS[0])
    assert holder.is_active != Opening.objects.pending().filter(user=holder).exists()
    assert Opening.objects.filter(undone_at=None).count() == 1


def test_two_openings_corrected_into_each_others_address_never_wait_for_each_other(at_once):
    browsers = [opened_by(email)[1] for email in RIVALS]
    acts = [
        lambda one=one, to=to: one.post("/ouverture/adresse/", {"email": to, "email_again": to})
        for one, to in zip(browsers, reversed(RIVALS), strict=True)
    ]
    assert [getattr(answer, "status_code", answer) for answer in at_once(*acts)] == [302, 302]
