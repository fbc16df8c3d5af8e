"""How a session begins, lasts and ends, on the server alone (R29, R30, R32, R34, R36)."""

from __future__ import annotations

import datetime as dt
import re
from itertools import chain, repeat

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delegations import closing
from delegations.models import Delegation, Side
from portal import clock
from portal.access.levels import Access
from portal.journal.models import Entry
from portal.origin import COMMAND
from portal.sessions import store
from portal.sessions.closing import MOST
from portal.sessions.models import Session
from portal.sessions.store import SEEN_EVERY, SessionStore
from portal.tasks import clear_sessions
from tests.factories import PASSWORD, DelegationFactory, SiteFactory, UserFactory, beneficiary_of, owner_of

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)
ASKED_BY_ITSELF = "/compte/session/"


def sign_in(browser, person, **extra):
    return browser.post("/connexion/", {"email": person.email, "password": PASSWORD}, **extra)


@pytest.fixture
def now():
    with time_machine.travel(clock.now(), tick=False) as now:
        yield now


@pytest.fixture
def owner():
    return owner_of(SiteFactory())


@pytest.fixture
def browser(owner, now):
    """A browser in which a person signed in at this instant."""
    made = Client()
    sign_in(made, owner)
    return made


def is_open(browser, address="/compte/"):
    answer = browser.get(address)
    assert answer.status_code == 200 or answer["Location"].startswith("/connexion/"), answer
    return answer.status_code == 200


def kept_working(browser, now, hours, address="/compte/"):
    """Something asked every twenty minutes, then ten seconds before that many hours since the sign-in."""
    until = clock.now() + dt.timedelta(hours=hours) - 10 * SECOND
    while clock.now() + 10 * MINUTE < until:
        now.shift(min(10 * MINUTE, until - clock.now()))
        assert is_open(browser, address)
    now.shift(until - clock.now())
    assert is_open(browser, address)


# --- its limits (R30) ----------------------------------------------------------------------------------


def test_the_limits_are_those_that_were_decided():
    """R30."""
    assert settings.SESSION_LIMITS == (30, 10)
    assert settings.STAFF_SESSION_LIMITS == (15, 8)
    assert settings.SESSION_COOKIE_AGE == 10 * 3600
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert not settings.SESSION_SAVE_EVERY_REQUEST


def test_half_an_hour_without_a_request_is_the_end_to_the_second(browser, now):
    """R30."""
    now.shift(30 * MINUTE - SECOND)
    assert is_open(browser)
    now.shift(30 * MINUTE)
    assert not is_open(browser)
    assert Session.objects.count() == 0


def test_ten_hours_are_the_end_whatever_is_asked_meanwhile(browser, now):
    """R30."""
    kept_working(browser, now, 10)
    now.shift(9 * SECOND)
    assert is_open(browser)
    now.shift(SECOND)
    assert not is_open(browser)


def test_staffs_sessions_are_shorter(now):
    """R30."""
    staff = UserFactory(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(staff)
    now.shift(15 * MINUTE - SECOND)
    assert browser.get("/admin/").status_code == 200
    now.shift(15 * MINUTE)
    assert browser.get("/admin/").status_code == 302
    browser.force_login(staff)
    for _ in range(48):
        assert browser.get("/admin/").status_code == 200
        now.shift(10 * MINUTE)
    assert browser.get("/admin/").status_code == 302


def test_a_session_is_seen_twice_a_minute_at_most_and_never_outlives_its_limit(browser, now):
    begun = Session.objects.get().seen_at
    now.shift(SEEN_EVERY - SECOND)
    assert is_open(browser)
    assert Session.objects.get().seen_at == begun  # so that it may end so much sooner, and says so
    assert browser.get(ASKED_BY_ITSELF).json()["seconds"] == 30 * 60 - 29
    now.shift(SECOND)
    assert is_open(browser)
    assert Session.objects.get().seen_at == begun + SEEN_EVERY


def test_what_a_browser_asks_by_itself_keeps_nothing_alive(browser, now):
    """R30."""
    for _ in range(3):
        now.shift(9 * MINUTE)
        assert browser.get(ASKED_BY_ITSELF).json()["open"]
    now.shift(3 * MINUTE)
    assert browser.get(ASKED_BY_ITSELF).json() == {"open": False}
    assert not is_open(browser)


def test_proving_again_does_not_prolong_the_ten_hours(browser, owner, now):
    kept_working(browser, now, 10)
    sent = {"reauth_password": PASSWORD}
    assert browser.post("/compte/securite/sessions/", sent)["Location"] == "/compte/securite/sessions/"
    now.shift(10 * SECOND)
    assert not is_open(browser)


def test_the_sign_in_page_says_that_the_session_ended_and_leads_back(browser, now):
    now.shift(31 * MINUTE)
    answer = browser.get("/compte/securite/")
    assert answer["Location"] == "/connexion/?next=/compte/securite/&fin=1"
    assert "session" in answer.cookies  # taken away
    assert answer.cookies["session"].value == ""
    assert "Votre session a pris fin" in browser.get(answer["Location"]).content.decode()
    assert browser.post("/compte/securite/sessions/")["Location"] == "/connexion/"


def test_sessions_that_are_over_are_purged_and_no_other(browser, owner, now):
    other, staff = Client(), Client()
    now.shift(16 * MINUTE)
    sign_in(other, owner)
    sign_in(staff, UserFactory(is_staff=True))
    now.shift(15 * MINUTE)
    clear_sessions()
    assert is_open(other)
    assert Session.objects.count() == 1


# --- its identifier (R29) ------------------------------------------------------------------------------


def replayed(key):
    thief = Client()
    thief.cookies["session"] = key
    return thief


def test_a_session_planted_before_the_sign_in_is_worth_nothing_after(owner):
    """R29."""
    browser = Client()
    planted = browser.session
    planted["planted"] = True
    planted.save()
    browser.cookies["session"] = planted.session_key
    sign_in(browser, owner)
    assert browser.cookies["session"].value != planted.session_key
    assert not is_open(replayed(planted.session_key))


def test_proving_again_changes_the_session_id_and_the_old_one_is_refused(browser):
    """R29."""
    before = browser.cookies["session"].value
    browser.post("/compte/securite/sessions/", {"reauth_password": PASSWORD})
    assert browser.cookies["session"].value != before
    assert not is_open(replayed(before))
    assert is_open(browser)


def test_a_request_that_left_with_the_old_id_does_not_end_the_new_one(browser):
    late = replayed(browser.cookies["session"].value)
    browser.post("/compte/securite/sessions/", {"reauth_password": PASSWORD})
    assert "session" not in late.get(ASKED_BY_ITSELF).cookies


def test_a_sign_in_with_an_invented_id_takes_another(owner):
    """R29."""
    browser = replayed("a" * 32)
    sign_in(browser, owner)
    assert browser.cookies["session"].value != "a" * 32
    assert is_open(browser)
    assert not is_open(replayed("a" * 32))


def test_a_sign_in_writes_its_session_once(owner):
    """Each writing waits for the disk."""
    with CaptureQueriesContext(connection) as queries:
        sign_in(Client(), owner)
    written = [
        query["sql"] for query in queries if re.match('(INSERT INTO|UPDATE) "portal_session"', query["sql"])
    ]
    assert len(written) == 1


def test_an_id_that_is_taken_is_not_shared(monkeypatch):
    """R29: each draws again until nobody has it."""
    drawn = chain("a" * 64, repeat("b"))  # the same id twice, then another
    monkeypatch.setattr(store.secrets, "choice", lambda _: next(drawn))
    made = [SessionStore(), SessionStore()]
    for number, one in enumerate(made):
        one["number"] = number
        one.save()
    assert [one.session_key for one in made] == ["a" * 32, "b" * 32]
    assert [SessionStore(one.session_key)["number"] for one in made] == [0, 1]


def test_what_changes_after_it_was_written_is_written_too(owner):
    one = SessionStore()
    one["first"] = 1
    one.save()
    one["then"] = 2
    one.save()
    assert dict(SessionStore(one.session_key).items()).items() >= {"first": 1, "then": 2}.items()


def test_an_invented_session_id_is_nobodys():
    assert not is_open(replayed("a" * 32))


# --- its end (R32, R34, R36) ---------------------------------------------------------------------------


def test_signing_out_ends_it_on_the_server_and_empties_the_browser(browser):
    """R32."""
    key = browser.cookies["session"].value
    answer = browser.post("/deconnexion/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer["Cache-Control"] == "no-store"
    assert not Session.objects.filter(pk=key).exists()
    assert not is_open(replayed(key))


def test_every_page_of_a_person_has_its_sign_out_and_its_warning(browser, owner):
    """R32."""
    site = owner.delegations.get().site
    for address in ("/compte/", "/compte/securite/", f"/sites/{site.cibtp_id}/", "/sites/"):
        page = browser.get(address, follow=True).content.decode()
        assert 'action="/deconnexion/"' in page, address
        assert 'role="alertdialog"' in page, address
        assert 'data-session-seconds="1800"' in page, address
    assert "data-session-url" not in Client().get("/connexion/").content.decode()


def test_staffs_pages_have_theirs():
    browser = Client()
    browser.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = browser.get("/admin/accounts/user/").content.decode()
    assert 'data-session-url="/admin/session/"' in page
    assert browser.get("/admin/session/").json()["open"]
    assert browser.get("/compte/session/").json() == {"open": False}


def test_a_disabled_account_is_stopped_at_its_next_request(browser, owner):
    """R34."""
    owner.is_active = False
    owner.save()
    assert not is_open(browser)


def test_a_delegation_closed_or_over_is_stopped_at_the_next_request(now):
    """R34."""
    site = SiteFactory()
    head = owner_of(site)
    levels = {("adherents.profile", None): Access.READ}
    ending = beneficiary_of(site, levels, ends_on=clock.today())
    closed = beneficiary_of(site, levels)
    address = f"/sites/{site.cibtp_id}/adherent/informations/"
    browsers = [Client(), Client()]
    midnight = clock.start_of(clock.today() + dt.timedelta(days=1))
    now.move_to(midnight - SECOND)
    for browser, delegation in zip(browsers, (ending, closed), strict=True):
        browser.force_login(delegation.beneficiary)
        assert browser.get(address).status_code == 200
    closing.close(person=head, site=site, side=Side.COMPANY, number=closed.pk, origin=COMMAND)
    assert browsers[1].get(address).status_code == 404
    assert browsers[0].get(address).status_code == 200
    now.move_to(midnight)
    assert browsers[0].get(address).status_code == 404


def test_a_new_password_by_mail_ends_every_session(browser, owner):
    from django.contrib.auth.tokens import default_token_generator
    from django.utils.http import int_to_base36

    owner.refresh_from_db()  # the link says when he last signed in
    token = f"{int_to_base36(owner.pk)}-{default_token_generator.make_token(owner)}"
    new = {"password": "Ardoise-Grise-7", "password_again": "Ardoise-Grise-7"}
    Client().post(f"/mot-de-passe/nouveau/{token}/", new, follow=True)
    owner.refresh_from_db()
    assert owner.check_password("Ardoise-Grise-7")
    assert not Session.objects.filter(user=owner).exists()
    assert not is_open(browser)


def test_the_eleventh_session_ends_the_one_seen_longest_ago(owner, now):
    """R33."""
    browsers = [Client() for _ in range(MOST + 1)]
    for browser in browsers:
        sign_in(browser, owner)
        now.shift(SECOND)
    assert Session.objects.filter(user=owner).count() == MOST
    assert not is_open(browsers[0])
    assert all(is_open(browser) for browser in browsers[1:])


def test_who_only_looks_has_no_session():
    """R36."""
    browser = Client()
    for address in ("/connexion/", "/ouverture/", "/mot-de-passe/oublie/", ASKED_BY_ITSELF):
        answer = browser.get(address)
        assert "session" not in answer.cookies
        assert answer["Cache-Control"] == "no-store"
    assert not Session.objects.exists()


def test_a_sessions_line_in_the_journal_says_nothing_of_its_key(browser):
    key = browser.cookies["session"].value
    assert Entry.objects.exists()
    assert all(key not in str(values) for values in Entry.objects.values())


def test_a_role_taken_away_holds_at_the_next_request(browser, owner):
    delegation = Delegation.objects.get(beneficiary=owner)
    DelegationFactory(site=delegation.site)
    address = f"/sites/{delegation.site.cibtp_id}/droits/"
    assert browser.get(address).status_code == 200
    Delegation.objects.filter(pk=delegation.pk).update(role="user", read_bits=1, write_bits=0)
    assert browser.get(address).status_code in {302, 403}
