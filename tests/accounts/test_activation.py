"""The link in the mail: a button, once, for twenty-four hours (product.md 3.3, R18)."""

import datetime as dt

import pytest
import time_machine

from accounts.models import Opening, ProvisionalCode, User
from delegations.models import Delegation, Role
from portal import clock, tokens
from portal.journal.models import Entry
from tests.accounts.conftest import NEW_PASSWORD, link_in, mails_to, opened
from tests.factories import letters_of

pytestmark = pytest.mark.django_db
EMAIL = "marie.keller@exemple.fr"


@pytest.fixture
def link(client, letters):
    opened(client, letters)
    (mail,) = mails_to(EMAIL)
    client.cookies.clear()
    return link_in(mail)


def test_a_mail_scanner_that_follows_the_link_changes_nothing(client, link):
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert "Activer mon compte" in page.content.decode()
    assert client.head(link).status_code == 200
    assert not User.objects.get().is_active
    assert not Delegation.objects.exists()
    assert client.post(link)["Location"] == "/connexion/"


def test_activating_certifies_the_address_and_names_the_first_administrator(client, letters, link):
    client.post(link)
    user = User.objects.get()
    assert user.is_active
    assert user.email_certified_at is not None
    delegation = Delegation.objects.get()
    assert (delegation.site, delegation.beneficiary, delegation.role) == (
        letters.site,
        user,
        Role.ADMINISTRATOR,
    )
    assert (delegation.starts_on, delegation.ends_on) == (clock.today(), None)
    actions = set(Entry.objects.filter(cibtp_id=letters.site.cibtp_id).values_list("action", flat=True))
    assert actions == {"account.opened", "account.activated", "rights.administrator_named"}


def test_activating_does_not_sign_in(client, link):
    client.post(link)
    assert client.get("/sites/").status_code == 302


def test_a_link_that_served_says_so_and_that_all_is_well(client, link):
    """R18."""
    client.post(link)
    for page in (client.get(link), client.post(link)):
        assert page.status_code == 200
        assert "déjà activé" in page.content.decode()
    assert Delegation.objects.count() == 1


def test_a_link_expires_after_twenty_four_hours_and_offers_a_new_one(client, letters):
    """R18."""
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        opened(client, letters)
        client.cookies.clear()
        link = link_in(mails_to(EMAIL)[0])
        now.shift(dt.timedelta(hours=24))
        assert client.get(link).status_code == 200
        now.shift(1)
        expired = client.get(link)
        assert expired.status_code == 410
        assert "Recevoir un nouveau lien" in expired.content.decode()
        assert client.post(link).status_code == 410
        assert not User.objects.get().is_active
        assert client.post(link, {"renew": "oui"}).status_code == 200
        assert client.post(link_in(mails_to(EMAIL)[1]))["Location"] == "/connexion/"


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-2] + "AA", lambda t: "x", lambda t: t + ".x", lambda t: t.upper()]
)
def test_a_forged_link_activates_nothing(client, link, spoil):
    token = link.split("/")[2]
    response = client.post(f"/activation/{spoil(token)}/")
    assert response.status_code == 410
    assert not User.objects.get().is_active


def test_a_token_made_for_another_purpose_activates_nothing(client, link):
    opening = Opening.objects.get()
    for purpose in ("certification", "delegation", ""):
        other = tokens.make(purpose, opening.pk, opening.link_number)
        assert client.post(f"/activation/{other}/").status_code == 410
    reset = "/mot-de-passe/nouveau/" + link.split("/")[2] + "/"
    assert client.get(reset).status_code == 410


def test_links_are_built_from_the_configured_origin_never_from_the_request(client, letters):
    assert client.post("/ouverture/", letters.typed, headers={"host": "pirate.example"}).status_code == 400
    client.defaults["HTTP_X_FORWARDED_HOST"] = "pirate.example"
    opened(client, letters)
    (mail,) = mails_to(EMAIL)
    assert "pirate" not in mail.text + mail.html
    assert "http://localhost:" in mail.text


def test_nothing_is_done_before_activation(client, link):
    response = client.post("/connexion/", {"email": EMAIL, "password": NEW_PASSWORD})
    assert response.status_code == 200
    assert "n’est pas correct" in response.content.decode()


def test_activating_voids_the_letter_printed_meanwhile(client, letters, link):
    letters_of(letters.site)
    client.post(link)
    assert not ProvisionalCode.objects.live().exists()


def test_a_signed_in_session_keeps_nothing_of_the_opening(client, letters):
    opened(client, letters)
    client.post(link_in(mails_to(EMAIL)[0]))
    client.post("/connexion/", {"email": EMAIL, "password": NEW_PASSWORD})
    assert not {"proof-opening", "proof-association"} & set(client.session.keys())
