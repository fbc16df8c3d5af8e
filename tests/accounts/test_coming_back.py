"""Coming back to step 2 of an opening: what was typed is there, but for the passwords (R85)."""

import re

import pytest

from accounts.mobile import has_certified_mobile
from accounts.models import User
from portal.messaging.models import Sms
from tests.accounts.conftest import NEW_PASSWORD, connection
from tests.factories import SiteFactory, letters_of

pytestmark = pytest.mark.django_db
FIRST, SECOND = "/ouverture/", "/ouverture/connexion/"
TYPED = {"email_again": "marie@exemple.fr", "mobile": "06 12 34 56 12", "landline": "03 83", "consent": "on"}


def values(response):
    """What the fields of the page hold."""
    page = response.content.decode()
    fields = re.findall(r"<input[^>]*>", page)
    found = {}
    for field in fields:
        name, value = re.search(r'name="([^"]+)"', field), re.search(r'value="([^"]*)"', field)
        if name:
            found[name[1]] = "checked" in field if "checkbox" in field else value[1] if value else ""
    return found


@pytest.fixture
def at_step_two(client, letters):
    client.post(FIRST, letters.typed)
    return client


def held(client):
    shown = values(client.get(SECOND))
    return {
        name: shown[name] for name in ("email", "email_again", "first_name", "landline", "mobile", "consent")
    }


KEPT = {
    "email": "marie.keller@exemple.fr",
    "email_again": "marie@exemple.fr",
    "first_name": "Marie",
    "landline": "03 83",
    "mobile": "06 12 34 56 12",
    "consent": True,
}


@pytest.mark.parametrize("left_by", [{}, {"mobile_step": "send"}, {"retour": "oui"}])
def test_what_was_typed_is_there_again_but_for_the_passwords(at_step_two, left_by):
    at_step_two.post(SECOND, connection(**TYPED) | left_by)
    assert held(at_step_two) == KEPT
    page = at_step_two.get(SECOND).content.decode()
    assert NEW_PASSWORD not in page
    assert values(at_step_two.get(SECOND))["password"] == ""


def test_back_to_step_one_and_on_again_keeps_what_was_typed_and_the_certified_number(at_step_two, letters):
    at_step_two.post(SECOND, connection(**TYPED, mobile_step="send"))
    code = Sms.objects.get().secret
    at_step_two.post(SECOND, connection(**TYPED, mobile_step="check", mobile_code=code))
    left = at_step_two.post(SECOND, connection(**TYPED, retour="oui"))
    assert left["Location"] == FIRST
    assert at_step_two.post(FIRST, letters.typed)["Location"] == SECOND
    assert held(at_step_two) == KEPT
    at_step_two.post(SECOND, connection(mobile="06 12 34 56 12"))
    assert has_certified_mobile(User.objects.get())


def test_going_back_checks_nothing_and_opens_nothing(at_step_two):
    left = at_step_two.post(SECOND, connection(email="", password="", retour="oui"))
    assert left.status_code == 302
    assert not User.objects.exists()


def test_the_way_back_of_a_firm_leads_to_its_own_step_one(client, letters):
    client.post("/ouverture/?cabinet=oui", letters.typed)
    assert client.post(SECOND, {"retour": "oui"})["Location"] == "/ouverture/?cabinet=oui"


def test_another_code_begins_with_nothing_of_it(at_step_two):
    at_step_two.post(SECOND, connection(**TYPED, retour="oui"))
    site = SiteFactory()
    code, _ = letters_of(site)
    at_step_two.post(FIRST, {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code})
    assert held(at_step_two)["email"] == ""
    assert held(at_step_two)["mobile"] == ""


def test_once_opened_nothing_typed_is_kept_beside_the_person(at_step_two):
    at_step_two.post(SECOND, connection(**TYPED))
    at_step_two.post(SECOND, connection())
    kept = at_step_two.session["proof-opening"]
    assert "person" in kept
    assert not kept.get("typed")


def test_a_field_is_kept_no_longer_than_it_may_be(at_step_two):
    at_step_two.post(SECOND, connection(first_name="é" * 5000, retour="oui"))
    assert len(held(at_step_two)["first_name"]) == 254


def test_no_password_is_in_the_session(at_step_two):
    at_step_two.post(SECOND, connection(**TYPED))
    assert NEW_PASSWORD not in str(dict(at_step_two.session.items()))
