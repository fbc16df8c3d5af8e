"""Staff's sessions have a cookie of their own, read under /admin/ and nowhere else (R35)."""

from __future__ import annotations

import pytest
from django.test import Client

from adherents import profile_changes
from portal.journal.models import Entry
from portal.limits.models import Counter
from portal.origin import COMMAND
from portal.sessions.models import Session
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of
from tests.second_factor import apps

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    person = UserFactory(is_staff=True, is_superuser=True)
    apps.app_of(person)
    return person


def sign_in(browser, person, **more):
    """By the password, and for staff by their second factor."""
    if person.is_staff:
        return apps.sign_in(browser, person, **more)
    return apps.give_password(browser, person, **more)


def test_staff_sign_in_at_the_door_of_everybody_and_land_in_the_admin(staff):
    browser = Client()
    answer = sign_in(browser, staff)
    assert answer["Location"] == "/admin/"
    assert set(answer.cookies) == {"staff-session", "csrf"}
    assert answer.cookies["staff-session"]["httponly"]
    assert answer.cookies["staff-session"]["samesite"] == "Lax"
    assert answer.cookies["staff-session"]["path"] == "/"
    assert browser.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "leads"),
    [("/sites/", "/admin/"), ("/admin/accounts/user/", "/admin/accounts/user/"), ("//e.example", "/admin/")],
)
def test_staff_are_led_to_pages_that_their_session_opens(staff, asked, leads):
    assert sign_in(Client(), staff, next=asked)["Location"] == leads


def test_an_employers_session_is_not_read_by_the_admin_nor_a_staffs_by_the_portal(staff):
    """R35."""
    browser, employer = Client(), owner_of(SiteFactory())
    sign_in(browser, employer)
    door = browser.get("/admin/", follow=True)
    assert door.redirect_chain[-1][0] == "/connexion/?next=%2Fadmin%2F"
    assert door.status_code == 200
    sign_in(browser, staff, next="/admin/")
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/sites/", follow=True).redirect_chain[-1][0].startswith("/sites/")
    assert browser.get("/sites/", follow=True).wsgi_request.user == employer


def test_an_employers_cookie_renamed_opens_no_admin_page():
    browser = Client()
    sign_in(browser, owner_of(SiteFactory()))
    browser.cookies["staff-session"] = browser.cookies["session"].value
    assert browser.get("/admin/accounts/user/")["Location"].startswith("/admin/login/")


def test_signing_out_of_the_admin_leaves_nothing_of_its_session(staff):
    browser = Client()
    sign_in(browser, staff)
    kept = browser.cookies["staff-session"].value
    answer = browser.post("/admin/logout/")
    assert answer.cookies["staff-session"].value == ""
    assert not Session.objects.filter(pk=kept).exists()
    browser.cookies["staff-session"] = kept
    assert browser.get("/admin/")["Location"].startswith("/admin/login/")


def test_signing_in_again_ends_the_session_that_it_replaces(staff):
    browser = Client()
    sign_in(browser, staff)
    first = browser.cookies["staff-session"].value
    sign_in(browser, staff)
    assert browser.cookies["staff-session"].value != first
    assert not Session.objects.filter(pk=first).exists()


def test_a_page_that_staff_do_not_find_signs_them_out_at_their_own_address(staff):
    browser = Client()
    browser.force_login(staff)
    page = browser.get("/admin/nulle-part/").content.decode()
    assert 'action="/admin/logout/"' in page
    assert 'href="/admin/"' in page


def test_staff_are_told_that_they_have_signed_out(staff):
    browser = Client()
    sign_in(browser, staff)
    assert browser.post("/admin/logout/")["Location"] == "/connexion/"
    assert "Vous êtes déconnecté." in browser.get("/connexion/").content.decode()


def test_signing_out_of_one_leaves_the_other_whole(staff):
    browser, employer = Client(), owner_of(SiteFactory())
    sign_in(browser, employer)
    sign_in(browser, staff, next="/admin/")
    answer = browser.post("/deconnexion/")
    assert "cookies" not in answer["Clear-Site-Data"]
    assert browser.get("/sites/")["Location"].startswith("/connexion/")
    assert browser.get("/admin/").status_code == 200


def test_who_becomes_staff_signs_in_again_before_the_admin_opens():
    site = SiteFactory()
    browser, person = Client(), owner_of(site)
    address = f"/sites/{site.cibtp_id}/adherent/informations/modifier/"
    browser.force_login(person)
    type(person).objects.update(is_staff=True, is_superuser=True)
    values = profile_changes.current_values(site.adherent) | {"fax": "+33329112233"}
    profile_changes.ask_change(site=site, person=person, values=values, origin=COMMAND)
    told = browser.get(address)
    assert "session" in told.cookies  # the sentence for the next page is kept there
    assert "staff-session" not in told.cookies
    assert browser.get("/admin/").status_code == 302


def test_a_sign_out_sent_from_a_stale_page_says_so_and_can_be_sent_again():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner_of(SiteFactory()))
    answer = browser.post("/deconnexion/", {"csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    assert 'action="/deconnexion/"' in answer.content.decode()


def test_a_staff_password_tried_at_the_association_is_a_refusal_like_any_other(staff, letters):
    browser = Client()
    browser.post("/association/", letters.typed)
    for password in (PASSWORD, "faux"):
        answer = browser.post("/association/connexion/", {"email": staff.email, "password": password})
        assert answer.status_code == 200
    assert Entry.objects.filter(action="sign_in.refused", actor_id=staff.pk).count() == 2
    assert Counter.objects.get(limit="Connexion, par compte").tries == 2
