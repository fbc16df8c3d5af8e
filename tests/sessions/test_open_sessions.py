"""« Sessions ouvertes »: a person sees his sessions and closes them; staff may end them all (R33)."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from portal.journal.models import Entry
from portal.sessions.devices import named
from portal.sessions.models import Session
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
PAGE, CLOSING = "/compte/securite/", "/compte/securite/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile "
    "Safari/537.36"
)
HANDLE = re.compile(r'name="session" value="(\w+)"')


def browser_of(person, agent=FIREFOX, address="203.0.113.9"):
    made = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    answer = made.post("/connexion/", {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return made


def words(browser):
    page = browser.get(PAGE).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.split("<main")[1].split("</main>")[0]))


@pytest.fixture
def owner():
    return owner_of(SiteFactory())


@pytest.mark.parametrize(
    ("agent", "said"),
    [(FIREFOX, "Firefox sur Windows"), (SAFARI, "Safari sur iPhone"), (EDGE, "Edge sur Windows"),
     (CHROME, "Chrome sur Android"), ("", "Navigateur inconnu"), ("<script>", "Navigateur inconnu"),
     ("curl/8 (Linux)", "Navigateur inconnu sur Linux")],
)  # fmt: skip
def test_a_browser_is_said_in_words_and_never_as_it_says_itself(agent, said):
    assert named(agent) == said


def test_three_browsers_are_listed_with_when_and_from_where_this_one_first(owner):
    """R33."""
    browser_of(owner, SAFARI, "198.51.100.4")
    browser_of(owner, EDGE)
    shown = words(browser_of(owner))
    assert re.search(r"Firefox sur Windows .* Cette session .* (Safari|Edge) sur", shown)
    assert "Safari sur iPhone" in shown
    assert "198.51.100.4" in shown
    assert shown.count("Fermer la session de") == 2
    assert "Fermer toutes les autres" in shown


def test_alone_there_is_nothing_to_close(owner):
    assert "Fermer" not in words(browser_of(owner))


def test_one_is_closed_and_stopped_at_its_next_request(owner):
    """R33."""
    phone, here = browser_of(owner, SAFARI), browser_of(owner)
    handle = HANDLE.search(here.get(PAGE).content.decode())[1]
    page = here.post(CLOSING, {"session": handle}, follow=True).content.decode()
    assert "La session de Safari sur iPhone est fermée." in page
    assert phone.get(PAGE)["Location"].startswith("/connexion/")
    assert here.get(PAGE).status_code == 200
    line = Entry.objects.get(action="session.closed")
    assert (line.actor_id, line.kind) == (owner.pk, "sign_in")
    again = here.post(CLOSING, {"session": handle}, follow=True).content.decode()
    assert "Cette session avait déjà pris fin." in again


def test_all_the_others_are_closed_and_this_one_goes_on(owner):
    """R33."""
    others = [browser_of(owner, agent) for agent in (SAFARI, EDGE)]
    stranger, here = browser_of(owner_of(SiteFactory())), browser_of(owner)
    page = here.post(CLOSING, {"others": "1"}, follow=True).content.decode()
    assert "Les 2 autres sessions sont fermées." in page
    assert all(other.get(PAGE).status_code == 302 for other in others)
    assert here.get(PAGE).status_code == stranger.get(PAGE).status_code == 200
    assert Entry.objects.get(action="session.others_closed").actor_id == owner.pk


def test_nobody_closes_anothers_session_nor_by_its_key(owner):
    other = browser_of(owner_of(SiteFactory()), SAFARI)
    here = browser_of(owner)
    theirs = Session.objects.get(pk=other.cookies["session"].value)
    own = Session.objects.get(pk=here.cookies["session"].value)
    for name in (theirs.handle, theirs.pk, own.handle, "x", ""):
        here.post(CLOSING, {"session": name})
    assert other.get(PAGE).status_code == here.get(PAGE).status_code == 200
    assert not Entry.objects.filter(action="session.closed").exists()


def test_no_key_is_ever_in_a_page(owner):
    other, here = browser_of(owner, SAFARI), browser_of(owner)
    page = here.get(PAGE).content.decode()
    assert other.cookies["session"].value not in page
    assert here.cookies["session"].value not in page


# --- staff ---------------------------------------------------------------------------------------------


def staff_with(*permissions):
    staff = UserFactory(is_staff=True)
    for codename in ("view_user", *permissions):
        staff.user_permissions.add(Permission.objects.get(codename=codename))
    browser = Client()
    browser.force_login(staff)
    return staff, browser


def acted(browser, action, *chosen):
    sent = {"action": action, "_selected_action": [one.pk for one in chosen], "index": "0"}
    return browser.post("/admin/accounts/user/", sent, follow=True)


def test_staff_end_every_session_of_a_person_and_the_journal_names_both(owner):
    """R33."""
    browsers = [browser_of(owner), browser_of(owner, SAFARI)]
    staff, admin = staff_with("end_sessions")
    assert "Fermer les sessions" in admin.get("/admin/accounts/user/").content.decode()
    acted(admin, "end_sessions", owner)
    assert all(browser.get(PAGE).status_code == 302 for browser in browsers)
    line = Entry.objects.get(action="session.ended_by_staff")
    assert line.actor_id == staff.pk
    assert owner.get_full_name() in line.sentence
    assert line.after == {"Compte": owner.pk}


def test_staff_without_the_permission_have_no_such_action_and_a_forged_one_does_nothing(owner):
    """R49."""
    browser = browser_of(owner)
    _, admin = staff_with()
    assert "Fermer les sessions" not in admin.get("/admin/accounts/user/").content.decode()
    acted(admin, "end_sessions", owner)
    assert browser.get(PAGE).status_code == 200
    assert not Entry.objects.filter(action="session.ended_by_staff").exists()


def test_the_admin_offers_no_other_action_even_to_a_superuser():
    admin = Client()
    admin.force_login(UserFactory(is_staff=True, is_superuser=True))
    for page in ("adherents/adherent", "accounts/opening", "journal/entry", "limits/counter"):
        assert 'name="action"' not in admin.get(f"/admin/{page}/").content.decode(), page
    shown = admin.get("/admin/accounts/user/").content.decode()
    assert set(re.findall(r'<option value="(\w+)">', shown)) == {"unlock_sign_in", "end_sessions"}
