"""Every door that takes a secret counts its tries, with the same counters, Redis or not (R06 to R13)."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from accounts.limits import (
    OPENING_BY_IDENTIFIER,
    OPENING_BY_IP,
    SIGN_IN_BY_ACCOUNT,
    SIGN_IN_BY_IP,
    sms_claims,
)
from accounts.second_factor.limits import BY_ACCOUNT
from portal import clock
from portal.limits.models import Counter
from portal.messaging.models import Message
from portal.origin import COMMAND
from tests.factories import PASSWORD, SiteFactory, UserFactory, letters_of, owner_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "accounts", "adherents", "delegations", "employees", "intemperies", "documents", "contact")
FORGOTTEN = 'href="/mot-de-passe/oublie/">Mot de passe oublié'
A_DAY = 10  # passwords that are compared in a day for one account: docs/operations.md says the same


# --- nobody compares a secret elsewhere (R13) ----------------------------------------------------------

# Who may call what compares a secret. Whoever adds a door adds it here, with its count.
CALLERS = {
    "authenticate": {"accounts/sign_in.py"},
    # « Modifier mot de passe » refuses the present one as the new: the page has just asked for it.
    "check_password": {"accounts/account_forms.py"},
    "_compared": {"accounts/sign_in.py"},
    "sign_in": {"accounts/views/sign_in.py"},
    "prove": {"accounts/views/association.py"},
    "prove_again": {"portal/reauth/pages.py"},
    "identify": {"accounts/views/opening.py"},
    # The form of step 2 refuses the proved code as a password: who sends it has given the code already.
    "matches": {"accounts/opening.py", "accounts/forms.py", "portal/codes/sms.py"},
}


def callers():
    """Each function above, and the files that call it."""
    found = {name: set() for name in CALLERS}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = called(node)
                if name in found:
                    found[name].add(str(path.relative_to(ROOT)))
    return found


def called(node):
    """The name of what a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_secrets_are_compared_where_they_are_counted_and_nowhere_else():
    """R13."""
    assert callers() == CALLERS


def test_what_compares_a_password_counts_it_first():
    """R11."""
    source = ast.parse((ROOT / "accounts/sign_in.py").read_text(encoding="utf-8"))
    (compared,) = (
        node for node in source.body if isinstance(node, ast.FunctionDef) and node.name == "_compared"
    )
    calls = [called(node) for node in ast.walk(compared) if called(node) in {"take", "authenticate"}]
    lines = {called(node): node.lineno for node in ast.walk(compared) if called(node) in calls}
    assert lines["take"] < lines["authenticate"]


# --- and each is stopped -------------------------------------------------------------------------------


def by_sign_in(person, password):
    return Client().post("/connexion/", {"email": person.email, "password": password})


def by_the_admins_address(person, password):
    sent = {"username": person.email, "password": password, "email": person.email}
    return Client().post("/admin/login/?next=/admin/", sent)


def by_association(person, password):
    browser, site = Client(), SiteFactory()
    code, _ = letters_of(site)
    browser.post("/association/", {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code})
    return browser.post("/association/connexion/", {"email": person.email, "password": password})


def by_proving_again(person, password):
    browser = Client()
    browser.force_login(person)
    return browser.post("/compte/securite/sessions/", {"reauth_password": password})


DOORS = [by_sign_in, by_association, by_proving_again]


@pytest.mark.parametrize("door", DOORS)
def test_the_sixth_password_is_not_compared_at_any_door(door):
    """R06, R13."""
    person = owner_of(SiteFactory())
    with time_machine.travel(clock.now(), tick=False):
        assert [door(person, "faux").status_code for _ in range(5)] == [200] * 5
        blocked = door(person, PASSWORD)
    assert blocked.status_code == 429
    assert blocked["Retry-After"] == "60"
    assert "Vous pourrez recommencer" in blocked.content.decode()
    assert FORGOTTEN in blocked.content.decode()


def test_only_where_passwords_are_tried_does_the_page_lead_to_the_forgotten_password():
    answers = [Client().post("/mot-de-passe/oublie/", {"email": "a@exemple.fr"}) for _ in range(7)]
    typed = {"cibtp_id": "99999-999-99", "siret": "1", "code": "ABCD-2345-EF"}
    answers += [Client().post("/ouverture/", typed) for _ in range(6)]
    blocked = [answer.content.decode() for answer in answers if answer.status_code == 429]
    assert len(blocked) == 2
    assert not any(FORGOTTEN in page for page in blocked)


def test_the_doors_share_one_count():
    """R13."""
    person = owner_of(SiteFactory())
    for turn in range(5):
        DOORS[turn % 3](person, "faux")
    assert [door(person, PASSWORD).status_code for door in DOORS] == [429] * 3


def test_the_admins_own_address_proves_nothing_and_counts_nothing():
    """R13."""
    staff = UserFactory(is_staff=True, is_superuser=True)
    for password in ("faux", PASSWORD):
        answer = by_the_admins_address(staff, password)
        assert answer["Location"].startswith("/connexion/")
    assert not Counter.objects.exists()


def test_staff_wait_like_everybody_at_the_one_door():
    staff = UserFactory(is_staff=True, is_superuser=True)
    for _ in range(5):
        by_sign_in(staff, "faux")
    assert by_sign_in(staff, PASSWORD).status_code == 429


@pytest.mark.parametrize("door", ["/ouverture/", "/association/"])
def test_the_sixth_posted_code_is_not_compared(door):
    site = SiteFactory()
    code, _ = letters_of(site)
    typed = {"cibtp_id": site.cibtp_id, "siret": site.siret}
    answers = [Client().post(door, typed | {"code": "ABCD-2345-EF"}).status_code for _ in range(5)]
    assert answers == [200] * 5
    other = "/association/" if door == "/ouverture/" else "/ouverture/"
    for each in (door, other):
        assert Client().post(each, typed | {"code": code}).status_code == 429


def test_links_asked_for_are_counted_for_an_address_known_or_not():
    """R06."""
    known = owner_of(SiteFactory()).email
    for email in (known, "inconnue@exemple.fr"):
        answers = [Client().post("/mot-de-passe/oublie/", {"email": email}).status_code for _ in range(7)]
        assert answers == [302] * 6 + [429]


SETTINGS = ("accounts/limits.py", "accounts/second_factor/limits.py", "portal/limits/counting.py")


def settings_read(source):
    """The settings whose value a module reads."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "settings"
    }


def test_no_setting_lifts_a_limit(settings):
    """R07: a caisse sets one figure, its budget of SMS, which at nought stops everything."""
    read = set().union(*(settings_read((ROOT / path).read_text(encoding="utf-8")) for path in SETTINGS))
    assert read == {"SMS_HOURLY_BUDGET", "SECRET_KEY"}
    settings.SMS_HOURLY_BUDGET = 0
    (budget,) = (limit for limit, _ in sms_claims("user:1", "+33612345612", COMMAND) if "tout" in limit.name)
    assert budget.wait_after(1)
    for limit in (SIGN_IN_BY_ACCOUNT, SIGN_IN_BY_IP, OPENING_BY_IDENTIFIER, OPENING_BY_IP, BY_ACCOUNT):
        assert limit.wait_after(1000) != dt.timedelta(0), limit.name


# --- what a suspension is ------------------------------------------------------------------------------


def compared(monkeypatch):
    """Counts the passwords that are really compared."""
    counted = []
    model = get_user_model()
    genuine = model.check_password
    monkeypatch.setattr(model, "check_password", lambda *given: counted.append(1) or genuine(*given))
    return counted


def test_of_thirty_tries_over_a_day_no_more_than_ten_are_compared(monkeypatch):
    """R07."""
    person, counted = owner_of(SiteFactory()), compared(monkeypatch)
    with time_machine.travel(clock.now(), tick=False) as now:
        for turn in range(30):
            DOORS[turn % 3](person, "faux")
            now.shift(dt.timedelta(hours=24) / 30)
    assert len(counted) == A_DAY
    assert max(SIGN_IN_BY_ACCOUNT.waits) == A_DAY


def test_the_stop_is_a_day_at_most_and_trying_meanwhile_does_not_lengthen_it():
    """R08."""
    person = owner_of(SiteFactory())
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(A_DAY):
            answer = by_sign_in(person, "faux")
            blocked = by_sign_in(person, "faux")
            if blocked.status_code == 429:
                wait = int(blocked["Retry-After"])
                now.shift(wait if answer.status_code == 200 and wait < 86400 else 0)
        assert wait == 86400
        for _ in range(23):
            now.shift(3600)
            assert by_sign_in(person, PASSWORD).status_code == 429
        now.shift(3599)
        assert by_sign_in(person, PASSWORD).status_code == 429
        now.shift(1)
        assert by_sign_in(person, PASSWORD).status_code == 302


def test_a_suspended_person_gets_back_in_by_the_mailed_link_which_suspends_nobody():
    """R08."""
    person = owner_of(SiteFactory())
    for _ in range(5):
        by_sign_in(person, "faux")
    assert Client().post("/mot-de-passe/oublie/", {"email": person.email}).status_code == 302
    message = Message.objects.get(recipient=person.email)
    link = message.secret.split("localhost:8000", 1)[-1]
    new = {"password": "Ardoise-Grise-7", "password_again": "Ardoise-Grise-7"}
    assert Client().post(link[link.index("/mot-de-passe") :], new)["Location"] == "/connexion/"
    assert by_sign_in(person, "Ardoise-Grise-7").status_code == 302


def test_asking_for_a_link_never_suspends_the_sign_in():
    """R08."""
    person = owner_of(SiteFactory())
    for _ in range(8):
        Client().post("/mot-de-passe/oublie/", {"email": person.email})
    assert by_sign_in(person, PASSWORD).status_code == 302


# --- the cache away (R12) ------------------------------------------------------------------------------


@pytest.fixture
def without_redis(settings):
    """Where nothing listens: every read misses, every write is dropped."""
    away = {"BACKEND": "portal.web.caching.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"


def test_without_redis_the_limits_hold_and_the_doors_answer(without_redis):
    person = owner_of(SiteFactory())
    assert by_sign_in(person, PASSWORD).status_code == 302
    assert [by_sign_in(person, "faux").status_code for _ in range(6)] == [200] * 5 + [429]
    answers = [
        Client().post("/connexion/", {"email": f"a{n}@exemple.fr", "password": "faux"}).status_code
        for n in range(40)
    ]
    assert answers == [200] * 35 + [429] * 5  # forty of one network, six of which were tried above
