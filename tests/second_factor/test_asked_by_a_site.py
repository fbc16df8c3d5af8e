"""A site may ask a second factor of whoever enters it, and of nobody elsewhere (product.md 4.5; R37, R54)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from delegations.models import Role
from portal.access.checks import SITE_PREFIX
from portal.access.levels import Access
from portal.journal.models import Entry
from portal.messaging.models import Message
from tests.access.world import make_world, routes
from tests.factories import DelegationFactory, SiteFactory, firm_of, owner_of, passed_on
from tests.fresh import long_ago
from tests.second_factor.apps import app_of, code, give_code, give_password, mark_verified, sign_in

pytestmark = pytest.mark.django_db
READS = {("adherents.profile", None): Access.READ}


def page(site):
    return f"/sites/{site.cibtp_id}/droits/second-facteur/"


def home(site):
    return f"/sites/{site.cibtp_id}/"


@pytest.fixture
def site():
    return SiteFactory()


def asking(site):
    type(site).objects.filter(pk=site.pk).update(second_factor_required=True)


def test_an_administrator_who_proved_his_own_asks_it_of_everybody(site, client):
    owner = owner_of(site)
    colleague = DelegationFactory(site=site).beneficiary
    head = firm_of(site, READS)
    app_of(owner)
    sign_in(client, owner)
    assert "Exiger un second facteur" in client.get(f"/sites/{site.cibtp_id}/droits/").content.decode()
    answer = client.post(page(site), {"do": "exiger"})
    assert answer["Location"] == f"/sites/{site.cibtp_id}/droits/"
    site.refresh_from_db()
    assert site.second_factor_required
    line = Entry.objects.get(action="rights.second_factor")
    assert (line.cibtp_id, line.actor_name) == (site.cibtp_id, owner.get_full_name())
    told = set(Message.objects.filter(kind="delegations/mails/notice").values_list("recipient", flat=True))
    assert told == {owner.email, colleague.email, head.beneficiary.email}
    assert client.get(home(site)).status_code == 200


def test_who_has_none_himself_is_told_so_and_nothing_is_asked(site, client):
    give_password(client, owner_of(site))
    assert "prouvez le vôtre" in client.get(page(site)).content.decode()
    answer = client.post(page(site), {"do": "exiger"})
    assert answer.status_code == 409
    assert "votre propre compte" in answer.content.decode()
    site.refresh_from_db()
    assert not site.second_factor_required


def test_it_is_no_longer_asked_in_the_same_way(site, client):
    owner = owner_of(site)
    asking(site)
    app_of(owner)
    sign_in(client, owner)
    client.post(page(site), {"do": "faculter"})
    site.refresh_from_db()
    assert not site.second_factor_required
    assert "n’est plus exigé" in Message.objects.order_by("-pk")[0].subject
    assert client.post(page(site), {"do": "faculter"}).status_code == 302
    assert Entry.objects.filter(action="rights.second_factor").count() == 1


def test_it_is_not_asked_and_given_up_without_end(site, client):
    """Each change is a mail to everybody on the site."""
    owner = owner_of(site)
    app_of(owner)
    sign_in(client, owner)
    words = ("exiger", "faculter") * 6
    answers = [client.post(page(site), {"do": word}).status_code for word in words]
    assert answers == [302] * 10 + [429] * 2
    assert Message.objects.filter(kind="delegations/mails/notice").count() == 10


def test_the_setting_asks_for_the_password_again_and_is_the_administrators_alone(site, client):
    """R37."""
    client.force_login(owner_of(site))
    mark_verified(client)
    long_ago(client)
    assert "Mot de passe actuel" in client.get(page(site)).content.decode()
    client.post(page(site), {"do": "exiger"})
    site.refresh_from_db()
    assert not site.second_factor_required
    for person in (
        DelegationFactory(site=site, role=Role.USER, read_bits=1).beneficiary,
        firm_of(site, READS).beneficiary,
    ):
        browser = Client()
        browser.force_login(person)
        assert browser.post(page(site), {"do": "exiger"}).status_code == 403


def test_the_page_names_the_administrators_to_ask_but_oneself(site):
    asking(site)
    owner = owner_of(site, first_name="Anne", last_name="Owner")
    for person, named in (
        (DelegationFactory(site=site, role=Role.USER, read_bits=1).beneficiary, True),
        (owner, False),
    ):
        browser = Client()
        browser.force_login(person)
        shown = browser.get(home(site)).content.decode()
        assert ("<li>Anne Owner</li>" in shown) is named
        assert ("Adressez-vous à l’Administrateur" in shown) is named


def test_without_it_no_page_export_or_count_of_that_site_is_shown():
    """R45, R52: every address of the site, GET and POST, says the same and holds nothing of the site."""
    world = make_world()
    asking(world.site)
    browser = world.client_of("owner")
    canaries = [world.site.adherent.siren, "CANARI", "MEYER"]
    for route in [route for route in routes() if route.startswith(SITE_PREFIX)]:
        for method in ("GET", "POST"):
            answer = browser.generic(method, world.address(route))
            assert answer.status_code == 403, route
            shown = answer.content.decode()
            assert "Ce site exige un second facteur" in shown
            assert not [word for word in canaries if word in shown], route
    missing = browser.get(f"{home(world.site)}nulle-part/").content.decode()
    assert world.site.adherent.company_name not in missing


def test_other_sites_and_other_people_are_not_concerned(site, client):
    other = SiteFactory()
    owner = owner_of(site)
    DelegationFactory(site=other, beneficiary=owner)
    asking(site)
    give_password(client, owner)
    assert client.get(home(site)).status_code == 403
    assert client.get(home(other)).status_code == 200
    stranger = Client()
    give_password(stranger, owner_of(other))
    assert stranger.get(home(site)).status_code == 404


def test_firm_people_are_asked_too(site, client):
    firm = firm_of(site, READS)
    for person in (firm.beneficiary, passed_on(firm, READS).beneficiary):
        asking(site)
        browser = Client()
        give_password(browser, person)
        assert browser.get(home(site)).status_code == 403
        app_of(person)
        second = Client()
        sign_in(second, person)
        assert second.get(home(site)).status_code == 200


def test_the_page_leads_to_prove_it_or_to_add_one_and_then_back(site, client):
    owner = owner_of(site)
    asking(site)
    give_password(client, owner)
    way = f"{reverse('accounts:verification')}?next=%2Fsites%2F{site.cibtp_id}%2F"
    assert way in client.get(home(site)).content.decode()
    assert client.get(way)["Location"] == f"/compte/securite/?next=%2Fsites%2F{site.cibtp_id}%2F"
    app_of(owner)
    assert client.get(way).status_code == 200
    assert give_code(client, code(), next=home(site))["Location"] == home(site)
    assert client.get(home(site)).status_code == 200


def test_rights_are_not_given_there_from_another_site(site, client):
    """The page of several sites offers those that this session opens."""
    owner, other = owner_of(site), SiteFactory()
    DelegationFactory(site=other, beneficiary=owner)
    asking(site)
    give_password(client, owner)
    address = f"/sites/{other.cibtp_id}/droits/plusieurs-sites/"
    assert site.cibtp_id not in client.get(address).content.decode()
    mark_verified(client)
    assert site.cibtp_id in client.get(address).content.decode()


def test_whoever_is_asked_for_one_does_not_remove_his_last(site, client):
    owner = owner_of(site)
    factor = app_of(owner)
    asking(site)
    sign_in(client, owner)
    assert client.post(f"/compte/securite/{factor.pk}/retirer/").status_code == 409


def test_it_costs_no_query(site, client, django_assert_num_queries):
    owner = owner_of(site)
    app_of(owner)
    sign_in(client, owner)
    client.get(home(site))
    with CaptureQueriesContext(connection) as before:
        client.get(home(site))
    asking(site)
    with django_assert_num_queries(len(before)):
        client.get(home(site))
