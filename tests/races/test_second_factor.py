"""One code given many times at one instant: compared no more than allowed, served once (R11, R46)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from accounts.models import Factor, RecoveryCode
from accounts.second_factor import checking, factors
from accounts.second_factor.factors import Refused
from portal.limits.counting import Blocked
from portal.origin import COMMAND
from portal.second_factor import totp
from portal.sessions.store import SessionStore
from tests.factories import UserFactory
from tests.second_factor.apps import VERIFICATION, app_of, code, give_code, give_password, wrong_code

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
ALLOWED = 5


def request():
    made = RequestFactory().post("/connexion/verification/")
    made.session = SessionStore()
    return made


@pytest.fixture
def person():
    user = UserFactory()
    app_of(user)
    return user


def tried(person, typed, method=checking.TOTP):
    return lambda: checking.proves(request(), person, method, typed)


def test_fifty_wrong_codes_at_once_are_compared_five_times_and_the_right_one_is_refused(
    person, at_once, monkeypatch
):
    """R11."""
    compared = []
    step_of = totp.step_of
    monkeypatch.setattr(totp, "step_of", lambda *args, **more: compared.append(1) or step_of(*args, **more))
    wrong = wrong_code()
    results = at_once(*(tried(person, wrong) for _ in range(50)))
    assert len(compared) == ALLOWED
    assert results.count(False) == ALLOWED - 1
    assert len([one for one in results if isinstance(one, Blocked)]) == 50 - (ALLOWED - 1)
    with pytest.raises(Blocked):
        tried(person, code())()
    assert len(compared) == ALLOWED


def test_fifty_wrong_codes_through_the_page_end_every_sign_in_that_waited(person, at_once, monkeypatch):
    """R11, R46: however many browsers the password opened; app's and recovery codes together."""
    compared = []
    for way, genuine in checking.COMPARED.items():
        watched = lambda *given, genuine=genuine: compared.append(1) or genuine(*given)  # noqa: E731
        monkeypatch.setitem(checking.COMPARED, way, watched)
    browsers, typed = [Client() for _ in range(50)], wrong_code()
    for browser in browsers:
        assert give_password(browser, person)["Location"] == VERIFICATION
    ways = ({"code": typed}, {"par": checking.RECOVERY, "recovery_code": "AAAAA-AAAAA"})
    answers = at_once(
        *(
            lambda one=one, sent=ways[place % 2]: one.post(VERIFICATION, sent).status_code
            for place, one in enumerate(browsers)
        )
    )
    assert len(compared) == ALLOWED
    assert sorted(answers) == [200] * (ALLOWED - 1) + [429] * (50 - ALLOWED + 1)
    assert give_code(browsers[0], code()).status_code in {302, 429}
    late = Client()
    give_password(late, person)
    assert give_code(late, code()).status_code == 429
    assert len(compared) == ALLOWED
    assert [one for one in [*browsers, late] if one.get("/compte/").status_code == 200] == []


def test_the_same_value_given_four_times_at_once_serves_once(person, at_once):
    """R46."""
    results = at_once(*(tried(person, code()) for _ in range(4)))
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]


def test_without_the_lock_it_would_serve_twice(person, at_once, monkeypatch):
    """That the test above can fail."""
    import threading

    meeting = threading.Barrier(2)

    def unlocked(user, kind):
        found = list(Factor.objects.filter(user=user, kind=kind))
        meeting.wait(5)
        return found

    monkeypatch.setattr(checking, "_locked", unlocked)
    assert at_once(*(tried(person, code()) for _ in range(2))) == [True, True]


def test_the_same_recovery_code_given_at_once_serves_once(person, at_once):
    typed = factors.new_recovery_codes(user=person, origin=COMMAND, proved=True)[0].replace("-", "")
    results = at_once(*(tried(person, typed, checking.RECOVERY) for _ in range(4)))
    assert results.count(True) == 1
    assert RecoveryCode.objects.filter(used_at__isnull=False).count() == 1


def test_the_same_value_through_the_page_opens_one_session(person, at_once):
    """R46."""
    browsers = [Client(), Client()]
    for browser in browsers:
        give_password(browser, person)
    typed = code()
    answers = at_once(*(lambda one=one: give_code(one, typed).status_code for one in browsers))
    assert sorted(answers) == [200, 302]


def test_of_two_removals_at_once_one_factor_stays_where_it_is_mandatory(at_once):
    staff = UserFactory(is_staff=True)
    numbers = [app_of(staff, name).pk for name in ("Un", "Deux")]
    results = at_once(
        *(lambda n=number: factors.remove(user=staff, number=n, origin=COMMAND) for number in numbers)
    )
    assert [type(one) for one in results if isinstance(one, Exception)] == [Refused]
    assert Factor.objects.filter(user=staff).count() == 1
    assert connection.vendor == "postgresql"
