"""Staff unlock and close the sessions of whoever may no more than they (R47, R49)."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.limits import SIGN_IN_BY_ACCOUNT
from portal.limits.counting import Blocked, take
from portal.limits.models import Counter
from portal.sessions.models import Session
from tests.accounts.own_account import browser_of
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
RIGHTS = ("view_user", "unlock_sign_in", "end_sessions")


@pytest.fixture
def agent():
    person = UserFactory(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=RIGHTS))
    return person


def asked(agent, action, person):
    browser = Client()
    browser.force_login(agent)
    chosen = {"action": action, "_selected_action": [person.pk]}
    return browser.post("/admin/accounts/user/", chosen, follow=True).content.decode()


def blocked(person):
    for _ in range(9):
        try:
            take((SIGN_IN_BY_ACCOUNT, person.email))
        except Blocked:
            return
    raise AssertionError("nothing stops the tries")


@pytest.mark.parametrize("more", [{"is_superuser": True}, {}])
def test_a_superior_is_neither_unlocked_nor_signed_out(agent, more):
    superior = UserFactory(is_staff=True, **more)
    superior.user_permissions.set(Permission.objects.filter(codename="add_user"))
    blocked(superior)
    signed_in = Client()
    signed_in.force_login(superior)
    for action in ("unlock_sign_in", "end_sessions"):
        assert "demandez à un superviseur" in asked(agent, action, superior)
    assert Counter.objects.filter(blocked_until__isnull=False).exists()
    assert Session.objects.filter(user=superior).exists()


def test_nobody_unlocks_himself(agent):
    blocked(agent)
    assert "demandez à un superviseur" in asked(agent, "unlock_sign_in", agent)
    assert Counter.objects.filter(blocked_until__isnull=False).exists()


def test_an_employer_is_unlocked_and_signed_out(agent):
    employer = owner_of(SiteFactory())
    browser_of(employer)
    blocked(employer)
    for action in ("unlock_sign_in", "end_sessions"):
        assert "demandez à un superviseur" not in asked(agent, action, employer)
    assert not Counter.objects.filter(blocked_until__isnull=False).exists()
    assert not Session.objects.filter(user=employer).exists()
