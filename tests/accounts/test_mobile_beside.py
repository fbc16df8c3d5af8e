"""« Certifier » beside a mobile field: which number is certified, and what changing it does."""

import re

import pytest

from accounts.mobile import certify_mobile
from accounts.models import User
from portal.messaging.models import Sms
from portal.origin import COMMAND
from tests.accounts.conftest import connection
from tests.accounts.own_account import CONTACT
from tests.factories import UserFactory
from tests.fresh import for_long

pytestmark = pytest.mark.django_db
NUMBER = "+33612345612"
LOST = "sa certification prend fin"
CONTACT_TYPED = {"last_name": "Perrin", "first_name": "Loïc", "landline": "", "consent": ""}


@pytest.fixture
def person():
    return UserFactory(mobile=NUMBER)


@pytest.fixture
def browser(client, person):
    client.force_login(person)
    return for_long(client)


def part(response):
    """The part of the page beside the mobile field."""
    return response.content.decode().partition('id="certification-mobile"')[2].partition("consent")[0]


def is_shown(response, name):
    """Whether what is marked so is shown; a part that does not hold it does not show it."""
    found = re.search(rf"<\w+[^>]*data-{name}( hidden)?>", part(response))
    return found is not None and not found[1]


def test_the_part_stands_in_the_row_of_the_field(browser):
    page = browser.get(CONTACT).content.decode()
    row = page.partition('class="mobile-field"')[2]
    assert row.index('name="mobile"') < row.index('id="certification-mobile"') < row.index('name="consent"')


def test_beside_the_certified_number_there_is_the_badge_and_no_button(browser, person):
    certify_mobile(user=person, number=NUMBER, origin=COMMAND)
    page = browser.get(CONTACT)
    assert is_shown(page, "certified-state")
    assert not is_shown(page, "certify")
    assert f'data-certified-number="{NUMBER}"' in page.content.decode()


@pytest.mark.parametrize("typed", ["06 98 76 54 32", "", "06 98"])
def test_beside_another_number_there_is_the_button_and_no_badge(browser, person, typed):
    certify_mobile(user=person, number=NUMBER, origin=COMMAND)
    page = browser.post(CONTACT, CONTACT_TYPED | {"first_name": "", "mobile": typed})
    assert page.status_code == 200
    assert not is_shown(page, "certified-state")
    assert is_shown(page, "certify")


@pytest.mark.parametrize("typed", ["06 12 34 56 12", "+33 (0)6.12.34.56.12"])
def test_the_same_number_written_otherwise_keeps_its_badge(browser, person, typed):
    certify_mobile(user=person, number=NUMBER, origin=COMMAND)
    page = browser.post(CONTACT, CONTACT_TYPED | {"first_name": "", "mobile": typed})
    assert is_shown(page, "certified-state")


def test_whoever_has_a_certified_number_reads_what_changing_it_does(browser, person):
    assert LOST not in browser.get(CONTACT).content.decode()
    certify_mobile(user=person, number=NUMBER, origin=COMMAND)
    page = browser.get(CONTACT).content.decode()
    told = re.search(r'id="id_mobile_helptext"[^>]*>([^<]+)', page)
    assert told is not None
    assert LOST in told[1]
    assert "id_mobile_helptext" in re.search(r'<input[^>]*name="mobile"[^>]*>', page)[0]


def test_a_page_of_its_own_holds_no_number_in_clear(browser, person):
    certify_mobile(user=person, number=NUMBER, origin=COMMAND)
    assert "612345612" not in browser.get("/compte/mobile/").content.decode()


def test_at_an_opening_the_badge_goes_with_the_number(client, letters):
    client.post("/ouverture/", letters.typed)
    page = "/ouverture/connexion/"
    assert is_shown(client.get(page), "certify")  # without JavaScript nobody else can show it
    client.post(page, connection(mobile="06 12 34 56 12", mobile_step="send"))
    code = Sms.objects.get().secret
    shown = client.post(page, connection(mobile="06 12 34 56 12", mobile_step="check", mobile_code=code))
    assert is_shown(shown, "certified-state")
    shown = client.post(page, connection(mobile="07 45 12 34 34", first_name=""))
    assert not is_shown(shown, "certified-state")


def test_a_code_sent_with_the_whole_form_is_told_as_a_certification(browser, person):
    User.objects.filter(pk=person.pk).update(last_name="Perrin", first_name="Loïc")
    typed = CONTACT_TYPED | {"mobile": "06 12 34 56 12"}
    browser.post(CONTACT, typed | {"mobile_step": "send"})
    code = Sms.objects.latest("pk").secret
    told = browser.post(CONTACT, typed | {"mobile_code": code}, follow=True).content.decode()
    assert "Téléphone mobile certifié." in told
    assert "Rien n’a changé" not in told
