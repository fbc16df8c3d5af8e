"""A mailed link's token is in the address for the time of one redirect (R21)."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from portal.web.mailed_links import COOKIE, handle_of
from tests.accounts.conftest import link_in, mails_to
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
EMAIL = "lea@exemple.fr"
NEW = {"password": "Ardoise-Noire-8", "password_again": "Ardoise-Noire-8"}


@pytest.fixture
def link():
    UserFactory(email=EMAIL)
    Client().post("/mot-de-passe/oublie/", {"email": EMAIL})
    return link_in(mails_to(EMAIL)[0])


def as_asked(client, path):
    """One answer, without following the link's redirect as the tests' client does."""
    return client.request(**client._base_environ(PATH_INFO=path))


def routes(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def test_following_a_link_leads_to_an_address_without_its_token(client, link):
    answer = as_asked(client, link)
    token = link.strip("/").rsplit("/", 1)[-1]
    assert answer.status_code == 302
    assert answer["Location"] == link.replace(token, handle_of(token))
    assert token not in answer["Location"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["Cache-Control"] == "no-store"
    page = as_asked(client, answer["Location"])
    assert page.status_code == 200
    assert token not in page.content.decode()


def test_the_form_of_that_address_does_what_the_link_does(client, link):
    there = as_asked(client, link)["Location"]
    assert client.post(there, NEW).status_code == 302
    assert Client().post("/connexion/", {"email": EMAIL, "password": NEW["password"]}).status_code == 302


def test_the_cookie_is_closed_and_sent_to_that_page_alone(client, link):
    there = as_asked(client, link)["Location"]
    cookie = client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (there, True, "Lax")


def test_the_address_without_its_token_opens_nothing_elsewhere(client, link):
    there = as_asked(client, link)["Location"]
    for other in (Client(), Client(headers={"Cookie": f"{COOKIE}=another"})):
        assert other.get(there).status_code == 410
        assert other.post(there, NEW).status_code == 410
    assert client.post(there, NEW).status_code == 302


def test_two_links_of_a_kind_in_two_tabs_do_not_cross(client, link):
    UserFactory(email="max@exemple.fr")
    Client().post("/mot-de-passe/oublie/", {"email": "max@exemple.fr"})
    hers = as_asked(client, link)["Location"]
    his = as_asked(client, link_in(mails_to("max@exemple.fr")[0]))["Location"]
    assert hers != his
    kept = client.cookies[COOKIE].value  # the last tab's; a browser keeps one cookie a path
    assert handle_of(kept) in his
    assert client.get(hers).status_code == 410
    assert client.post(his, NEW).status_code == 302
    assert Client().post("/connexion/", {"email": EMAIL, "password": NEW["password"]}).status_code == 200


def test_every_secret_part_of_an_address_is_named_so_that_it_leaves_it():
    """A new kind of link is a route with `<str:token>`, or this says that it forgot."""
    named = [route for route in routes(get_resolver().url_patterns) if "token" in route]
    assert len(named) >= 7
    assert all(route.endswith("<str:token>/") for route in named)
