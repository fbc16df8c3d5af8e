"""« Certifier » before there is an account: at an opening, from an invitation (R41)."""

import re

import pytest
from django.test import Client

from accounts.mobile import has_certified_mobile
from accounts.models import User
from portal.messaging.models import Message
from tests.accounts.conftest import connection
from tests.accounts.invitations import TYPED, invited
from tests.accounts.mobile_codes import NUMBER, OTHER, SEND, check, latest_code, words, wrong

pytestmark = pytest.mark.django_db


def at_step_two(client, letters):
    client.post("/ouverture/", letters.typed)
    return "/ouverture/connexion/"


def test_at_an_opening_the_number_is_certified_beside_its_field_and_the_account_has_it(client, letters):
    page = at_step_two(client, letters)
    typed = connection(mobile="06 12 34 56 12", first_name="Zoé", consent="on")
    shown = client.post(page, typed | SEND)
    assert 'value="Zoé"' in shown.content.decode()
    assert 'value="06 12 34 56 12"' in shown.content.decode()
    assert re.search(r'name="consent"[^>]*checked', shown.content.decode())
    assert typed["password"] not in shown.content.decode()
    assert "Le formulaire comporte" not in words(shown)
    assert "Code reçu par SMS" in words(shown)
    shown = client.post(page, typed | check(wrong()))
    assert "il vous reste 4 essais" in words(shown)
    shown = client.post(page, typed | check(latest_code()))
    assert "Certifié le" in words(shown)
    assert not User.objects.exists()
    client.post(page, typed)
    user = User.objects.get()
    assert has_certified_mobile(user)
    assert not Message.objects.filter(kind="accounts/mails/mobile_changed").exists()


def test_a_code_typed_before_the_form_s_own_button_is_tried_too(client, letters):
    page = at_step_two(client, letters)
    typed = connection(mobile="06 12 34 56 12")
    client.post(page, typed | SEND)
    assert "il vous reste 4 essais" in words(client.post(page, typed | {"mobile_code": wrong()}))
    assert not User.objects.exists()
    assert client.post(page, typed | {"mobile_code": latest_code()}).status_code == 302
    assert has_certified_mobile(User.objects.get())


def test_an_opening_with_another_number_than_the_proved_one_is_not_certified(client, letters):
    page = at_step_two(client, letters)
    client.post(page, connection(mobile="06 12 34 56 12") | SEND)
    client.post(page, connection() | check(latest_code()))
    client.post(page, connection(mobile="07 45 12 34 34"))
    user = User.objects.get()
    assert (user.mobile, has_certified_mobile(user)) == (OTHER, False)


def test_a_code_proved_in_one_browser_does_not_serve_another_opening(client, letters):
    page = at_step_two(client, letters)
    client.post(page, connection(mobile="06 12 34 56 12") | SEND)
    client.post(page, connection() | check(latest_code()))
    other = Client()
    at_step_two(other, letters)
    other.post(page, connection(mobile="06 12 34 56 12"))
    assert not has_certified_mobile(User.objects.get())


def test_at_step_two_a_limit_says_when_to_try_again_and_keeps_what_was_typed(client, letters):
    page = at_step_two(client, letters)
    typed = connection(mobile="06 12 34 56 12", first_name="Zoé")
    client.post(page, typed | SEND)
    again = client.post(page, typed | SEND)
    assert again.status_code == 429
    assert "dans une minute" in words(again)
    assert 'value="Zoé"' in again.content.decode()


def test_an_invited_person_certifies_his_number_as_he_opens_his_account(client):
    page = invited().link
    typed = TYPED | {"mobile": "06 12 34 56 12"}
    shown = client.post(page, typed | SEND)
    assert f'value="{typed["first_name"]}"' in shown.content.decode()
    assert "Certifié le" in words(client.post(page, typed | check(latest_code())))
    client.post(page, typed)
    user = User.objects.get(mobile=NUMBER)
    assert has_certified_mobile(user)


def test_enter_in_a_field_still_sends_the_form_and_no_sms(client, letters):
    page = client.get(at_step_two(client, letters)).content.decode()
    buttons = re.findall(r"<button[^>]*type=\"submit\"[^>]*>\s*([^<]+)", page)
    assert buttons[0].strip() == "Valider"
    assert any("Certifier" in words for words in buttons)
