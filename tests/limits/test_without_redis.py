"""Redis down, cache and broker both: every door answers as ever, and no limit goes with it (R12, R84)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from celery import Task
from django.test import Client
from kombu.exceptions import OperationalError

from portal.codes.models import SmsCode
from portal.messaging.models import Message, Sms
from tests.accounts.conftest import Letters, accept_terms, connection, link_in, mails_to
from tests.accounts.own_account import proved_on
from tests.factories import PASSWORD, SiteFactory, UserFactory, letters_of, owner_of
from tests.second_factor.apps import VERIFICATION, app_of, code, give_code, give_password, wrong_code

pytestmark = pytest.mark.django_db(transaction=True)
SMS_PAGE = "/compte/mobile/"


@pytest.fixture(autouse=True)
def asked(settings, monkeypatch):
    """Redis where nothing listens; returns the tasks that were asked of a broker that is away."""
    away = {"BACKEND": "portal.web.caching.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away | {"OPTIONS": {"socket_connect_timeout": 0.1}}}
    names: list[str] = []

    def nobody_there(task, *args, **options):
        names.append(task.name)
        raise OperationalError("redis://127.0.0.1:1/0 is away")

    monkeypatch.setattr(Task, "apply_async", nobody_there)
    return names


@dataclass
class Door:
    """What is tried there, how often it answers before it stops, and what the right try gets first."""

    wrong: Callable[[], int]
    right: Callable[[], int]
    answers: int
    allowed: int


def sign_in():
    person = owner_of(SiteFactory())

    def sent(password):
        return Client().post("/connexion/", {"email": person.email, "password": password}).status_code

    return Door(lambda: sent("faux"), lambda: sent(PASSWORD), 200, 5)


def proving_again():
    browser = Client()
    browser.force_login(owner_of(SiteFactory()))
    return Door(
        lambda: proved_on(browser, "/compte/adresse/", "faux").status_code,
        lambda: proved_on(browser, "/compte/adresse/").status_code,
        200,
        5,
    )


def step_one(address):
    site = SiteFactory()
    letters = Letters(site, letters_of(site)[0])

    def sent(**typed):
        return Client().post(address, letters.typed | typed).status_code

    return Door(lambda: sent(code="ABCD-2345-EF"), sent, 200, 5)


def opening():
    return step_one("/ouverture/")


def association():
    return step_one("/association/")


def asking_often(address, sent, allowed):
    """A door that answers everybody alike: what counts is how often it is asked."""
    ask = lambda: Client().post(address, sent).status_code  # noqa: E731
    return Door(ask, ask, 302, allowed)


def forgotten():
    return asking_often("/mot-de-passe/oublie/", {"email": UserFactory().email}, 6)


def code_request():
    return asking_often("/code-confidentiel/nouveau/", {"cibtp_id": SiteFactory().cibtp_id}, 3)


def of_sms():
    browser = Client()
    browser.force_login(UserFactory(mobile="+33612345612"))
    return browser, lambda **sent: browser.post(SMS_PAGE, sent).status_code


def sms_asked_for():
    _, post = of_sms()
    ask = lambda: post(mobile_step="send")  # noqa: E731
    return Door(ask, ask, 302, 1)


def app_code():
    person = owner_of(SiteFactory())
    app_of(person)

    def tried(typed):
        browser = Client()
        give_password(browser, person)
        return give_code(browser, typed).status_code

    return Door(lambda: tried(wrong_code()), lambda: tried(code()), 200, 4)


DOORS = [sign_in, proving_again, opening, association, forgotten, code_request, sms_asked_for, app_code]


@pytest.mark.parametrize("door", DOORS)
def test_a_door_stops_where_it_always_does(door):
    """R12."""
    tried = door()
    assert [tried.wrong() for _ in range(tried.allowed + 2)] == [tried.answers] * tried.allowed + [429] * 2
    assert tried.right() == 429


@pytest.mark.parametrize("door", DOORS)
def test_a_door_lets_in_who_gives_what_is_right(door):
    """R12."""
    assert door().right() == 302


def test_an_sms_code_dies_after_five_wrong_ones():
    """R11, R12."""
    browser, post = of_sms()
    assert post(mobile_step="send") == 302
    right = Sms.objects.get().secret
    for _ in range(7):
        post(mobile_step="check", mobile_code=f"{(int(right) + 1) % 10**6:06}")
    post(mobile_step="check", mobile_code=right)
    assert SmsCode.objects.get().tries == 5
    assert "Certifié le" not in browser.get(SMS_PAGE).content.decode()


def test_an_sms_code_certifies_the_number():
    browser, post = of_sms()
    post(mobile_step="send")
    assert post(mobile_step="check", mobile_code=Sms.objects.get().secret) == 302
    assert "Certifié le" in browser.get(SMS_PAGE).content.decode()


def test_somebody_opens_activates_forgets_resets_and_signs_in(asked):
    """R03, R82: what is to be sent waits in the outbox, and nothing else is missing."""
    site, email = SiteFactory(), "marie.keller@exemple.fr"
    browser = Client()
    browser.post("/ouverture/", Letters(site, letters_of(site)[0]).typed)
    assert browser.post("/ouverture/connexion/", connection(email))["Location"] == "/ouverture/terminee/"
    assert browser.post(link_in(mails_to(email)[-1]))["Location"] == "/connexion/"
    assert Client().post("/mot-de-passe/oublie/", {"email": email}).status_code == 302
    new = {"password": "Ardoise-Noire-8", "password_again": "Ardoise-Noire-8"}
    assert Client().post(link_in(mails_to(email)[-1]), new)["Location"] == "/connexion/"
    signed_in = browser.post("/connexion/", {"email": email, "password": new["password"]})
    assert signed_in["Location"] == "/sites/"
    accept_terms(browser)
    home = browser.get(f"/sites/{site.cibtp_id}/")  # whose tiles are counted in the cache
    assert (home.status_code, "Bienvenue" in home.content.decode()) == (200, True)
    assert browser.post("/deconnexion/").status_code == 302
    assert asked == ["messaging.send"] * Message.objects.count()
    assert Message.objects.filter(sent_at=None).count() == 3


def test_staff_prove_their_second_factor_and_enter(asked):
    """R12, R45."""
    staff = UserFactory(is_staff=True, is_superuser=True)
    app_of(staff)
    browser = Client()
    assert give_password(browser, staff)["Location"].startswith(VERIFICATION)
    assert give_code(browser, code())["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200
