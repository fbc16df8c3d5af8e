"""« Je les associe à un espace existant », signed in: the password again (product.md 3.4; R29, R37)."""

import re

import pytest
from django.test import Client

from accounts.models import ProvisionalCode
from delegations.models import Delegation, Role
from portal import clock
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
STEP_1, STEP_2 = "/association/", "/association/connexion/"


@pytest.fixture
def person(client):
    user = owner_of(SiteFactory())
    client.force_login(user)
    return user


def key_of(client):
    return client.cookies["session"].value


def test_the_choice_of_a_site_leads_to_it(client, person):
    second = SiteFactory()
    Delegation.objects.create(**given(second, person))
    page = client.get("/sites/").content.decode()
    assert f'href="{STEP_1}">Je les associe à un espace existant' in page


def test_ones_account_leads_to_it_whoever_has_but_one_site(client, person):
    assert f'href="{STEP_1}">Associer un autre site' in client.get("/compte/").content.decode()


def given(site, user):
    held = Delegation.objects.filter(beneficiary=user).values(
        "role", "starts_on", "accepted_at", "confirmed_at"
    )
    return {"site": site, "beneficiary": user, **held[0]}


def test_the_password_alone_is_asked_and_the_site_joins_ones_own_space(client, person, letters):
    assert client.post(STEP_1, letters.typed)["Location"] == STEP_2
    page = client.get(STEP_2).content.decode()
    assert 'name="password"' in page
    assert 'name="email"' not in page
    before = key_of(client)
    response = client.post(STEP_2, {"password": PASSWORD}, follow=True)
    assert response.redirect_chain[0][0] == "/sites/"
    assert "a bien été effectuée." in response.content.decode()
    assert "page de connexion" not in response.content.decode()
    made = Delegation.objects.get(site=letters.site)
    assert (made.beneficiary, made.role) == (person, Role.ADMINISTRATOR)
    assert key_of(client) != before
    assert client.get(f"/sites/{letters.site.cibtp_id}/").status_code == 200


def steps_of(page):
    return re.findall(r'class="step-label">([^<]+)', page.content.decode())


def test_the_steps_are_those_of_who_is_signed_in_and_giving_up_leads_to_ones_sites(client, person, letters):
    """Which space is joined is not asked: it is confirmed."""
    page = client.get(STEP_1)
    assert steps_of(page) == ["Informations d’identification", "Confirmation"]
    assert f"rejoindra votre espace, {person.email}." in page.content.decode()
    assert 'href="/sites/">Annuler' in page.content.decode()
    client.post(STEP_1, letters.typed)
    assert steps_of(client.get(STEP_2)) == ["Informations d’identification", "Confirmation"]
    stranger = Client()
    assert steps_of(stranger.get(STEP_1)) == ["Informations d’identification", "Espace existant"]
    assert 'href="/connexion/">Annuler' in stranger.get(STEP_1).content.decode()
    stranger.post(STEP_1, letters.typed)
    assert steps_of(stranger.get(STEP_2)) == ["Informations d’identification", "Espace existant"]


def test_whoever_comes_second_signed_in_is_led_back_to_his_sites(client, person, letters):
    client.post(STEP_1, letters.typed)
    ProvisionalCode.objects.update(used_at=clock.now())
    lost = client.post(STEP_2, {"password": PASSWORD})
    assert lost.status_code == 409
    assert 'href="/sites/">Revenir au choix du site' in lost.content.decode()


def test_a_wrong_password_associates_nothing_says_so_beside_the_field_and_counts(client, person, letters):
    client.post(STEP_1, letters.typed)
    page = client.post(STEP_2, {"password": "faux"})
    assert page.status_code == 200
    assert "Ce mot de passe n’est pas le vôtre" in page.content.decode()
    assert ProvisionalCode.objects.get().is_usable()
    for _ in range(4):
        client.post(STEP_2, {"password": "faux"})
    assert client.post(STEP_2, {"password": PASSWORD}).status_code == 429
    assert not Delegation.objects.filter(site=letters.site).exists()


def test_another_account_is_never_the_one_that_the_site_joins(client, person, letters):
    other = UserFactory()
    client.post(STEP_1, letters.typed)
    client.post(STEP_2, {"email": other.email, "password": PASSWORD})
    assert Delegation.objects.get(site=letters.site).beneficiary == person


def test_signing_out_between_the_steps_forgets_the_code(client, person, letters):
    client.post(STEP_1, letters.typed)
    client.post("/deconnexion/")
    assert client.get(STEP_2)["Location"] == STEP_1


def test_a_second_click_leads_to_the_same_place(client, person, letters):
    client.post(STEP_1, letters.typed)
    for _ in range(2):
        assert client.post(STEP_2, {"password": PASSWORD})["Location"] == "/sites/"
    assert Delegation.objects.filter(site=letters.site).count() == 1


def test_an_empty_password_is_asked_for(client, person, letters):
    client.post(STEP_1, letters.typed)
    assert "Saisissez votre mot de passe." in client.post(STEP_2, {}).content.decode()


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        ({"accepts_terms": False}, "/conditions-generales/accepter/"),
        ({"email_certified_at": None}, "/compte/certification/"),
    ],
)
def test_neither_step_is_a_way_round_the_terms_or_the_certification(client, letters, state, asked):
    """R23, R72: gated signed in as any page of his; open to whoever is signed out."""
    person = owner_of(SiteFactory(), **state)
    client.post("/connexion/", {"email": person.email, "password": PASSWORD})
    for step in (STEP_1, STEP_2):
        led = client.get(step)["Location"]
        assert led.startswith(f"{asked}?next=")
        assert client.get(led).status_code == 200  # no loop
        assert client.post(step, letters.typed | {"password": PASSWORD})["Location"] == asked
    assert not Delegation.objects.filter(site=letters.site).exists()
    assert Client().get(STEP_1).status_code == 200
