"""Staff lift a suspension, each with his own permission and a line that says who and for whom (R08, R16)."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from portal import clock
from portal.journal.models import Entry
from portal.limits.models import Counter
from tests.factories import PASSWORD, SiteFactory, UserFactory, letters_of, owner_of

pytestmark = pytest.mark.django_db


def staff_with(*permissions):
    staff = UserFactory(is_staff=True)
    for codename in ("view_user", "view_site", "view_counter", *permissions):
        staff.user_permissions.add(Permission.objects.get(codename=codename))
    browser = Client()
    browser.force_login(staff)
    return staff, browser


def acted(browser, page, action, *chosen):
    sent = {"action": action, "_selected_action": [one.pk for one in chosen], "index": "0"}
    return browser.post(f"/admin/{page}/", sent, follow=True)


def sign_in(email, password=PASSWORD):
    return Client().post("/connexion/", {"email": email, "password": password})


@pytest.fixture
def suspended():
    """Somebody who gave five wrong passwords."""
    person = owner_of(SiteFactory(), email="marie.keller@exemple.fr")
    for _ in range(5):
        sign_in(person.email, "faux")
    assert sign_in(person.email).status_code == 429
    return person


def test_staff_unlock_a_sign_in_and_the_journal_names_both(suspended):
    """R08."""
    staff, admin = staff_with("unlock_sign_in")
    page = acted(admin, "accounts/user", "unlock_sign_in", suspended).content.decode()
    assert f"Connexion débloquée\u00a0: {suspended}." in page
    assert sign_in(suspended.email).status_code == 302
    line = Entry.objects.get(action="sign_in.unlocked")
    assert line.actor_id == staff.pk
    assert suspended.get_full_name() in line.sentence
    assert line.after == {"Compte": suspended.pk}


def test_nobody_else_is_unlocked_with_him(suspended):
    other = UserFactory()
    for _ in range(5):
        sign_in(other.email, "faux")
    _, admin = staff_with("unlock_sign_in")
    acted(admin, "accounts/user", "unlock_sign_in", suspended)
    assert sign_in(other.email).status_code == 429


@pytest.mark.parametrize("held", [(), ("unlock_opening",), ("end_sessions",)])
def test_another_permission_does_not_unlock_a_sign_in(suspended, held):
    """R49."""
    _, admin = staff_with(*held)
    acted(admin, "accounts/user", "unlock_sign_in", suspended)
    assert sign_in(suspended.email).status_code == 429
    assert not Entry.objects.filter(action="sign_in.unlocked").exists()


def test_fifteen_wrong_codes_wait_for_staff_who_unlock_the_opening():
    """R16."""
    site = SiteFactory()
    code, _ = letters_of(site)
    typed = {"cibtp_id": site.cibtp_id, "siret": site.siret}
    with time_machine.travel(clock.now(), tick=False) as now:
        for turn in range(15):
            assert Client().post("/ouverture/", typed | {"code": "ABCD-2345-EF"}).status_code == 200
            if turn in (4, 9):
                now.shift(86400)
        refused = Client().post("/ouverture/", typed | {"code": code})
        assert refused.status_code == 429
        assert "Retry-After" not in refused
        assert "contactez-la" in refused.content.decode()
        staff, admin = staff_with("unlock_opening")
        acted(admin, "adherents/site", "unlock_opening", site)
        assert Client().post("/ouverture/", typed | {"code": code})["Location"] == "/ouverture/connexion/"
    line = Entry.objects.get(action="opening.unlocked")
    assert (line.actor_id, line.cibtp_id) == (staff.pk, site.cibtp_id)


def test_the_counters_tell_staff_the_limit_and_never_for_whom(suspended):
    _, admin = staff_with()
    page = admin.get("/admin/limits/counter/").content.decode()
    assert "Connexion, par compte" in page
    counter = Counter.objects.get(limit="Connexion, par compte")
    page += admin.get(f"/admin/limits/counter/{counter.pk}/change/").content.decode()
    for subject in (suspended.email, "keller", counter.key):
        assert subject not in page.split("<main")[-1], subject
