"""Staff answer the changes that companies ask for, in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from adherents import profile_changes
from adherents.models import Adherent, ChangeState
from portal import clock
from portal.origin import COMMAND
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def asked(site):
    values = profile_changes.current_values(site.adherent) | {"phone": "+33329112233"}
    return profile_changes.ask_change(site=site, person=owner_of(site), values=values, origin=COMMAND)


@pytest.fixture
def staff(client):
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def answering(asked):
    return reverse("admin:adherents_changerequest_answer", args=[asked.pk])


def shown(asked):
    return reverse("admin:adherents_changerequest_change", args=[asked.pk])


def state_of(asked):
    asked.refresh_from_db()
    return asked.state


def test_accepting_changes_the_file(client, staff, asked, site):
    answer = client.post(answering(asked), {"decision": "accept", "reason": "C’est noté."}, follow=True)
    assert "acceptée" in answer.content.decode()
    assert state_of(asked) == ChangeState.ACCEPTED
    assert (asked.answered_by, asked.reason) == (staff, "C’est noté.")
    site.adherent.refresh_from_db()
    assert site.adherent.phone == "+33329112233"


def test_refusing_needs_a_reason(client, staff, asked, site):
    page = client.post(answering(asked), {"decision": "refuse", "reason": " "}).content.decode()
    assert "Dites à l’entreprise pourquoi" in page
    assert state_of(asked) == ChangeState.WAITING
    client.post(answering(asked), {"decision": "refuse", "reason": "Pas ce numéro."})
    assert state_of(asked) == ChangeState.REFUSED


@pytest.mark.parametrize("decision", ["", "autre"])
def test_no_other_decision_is_taken(client, staff, asked, decision):
    assert client.post(answering(asked), {"decision": decision, "reason": "x"}).status_code == 200
    assert state_of(asked) == ChangeState.WAITING


def test_a_second_answer_is_told_that_it_comes_too_late(client, staff, asked):
    client.post(answering(asked), {"decision": "accept", "reason": ""})
    late = client.post(answering(asked), {"decision": "refuse", "reason": "Non."}, follow=True)
    assert "Votre réponse n’est pas enregistrée" in late.content.decode()
    assert "elle est acceptée" in late.content.decode()
    assert state_of(asked) == ChangeState.ACCEPTED


def test_staff_see_what_moved_meanwhile_and_whether_the_asker_may_still_ask(client, staff, asked, site):
    page = client.get(answering(asked)).content.decode()
    assert "n’a plus aujourd’hui le droit" not in page
    assert "a changé depuis la demande" not in page
    Adherent.objects.update(phone="0387000000")
    asked.asked_by.delegations.update(over_at=clock.now(), outcome="closed")
    page = client.get(answering(asked)).content.decode()
    assert "n’a plus aujourd’hui le droit" in page
    assert "a changé depuis la demande" in page
    assert "03\u00a087\u00a000\u00a000\u00a000" in page


def test_only_who_may_answer_is_offered_to(asked):
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_changerequest"))
    browser = Client()
    browser.force_login(reader)
    assert "Répondre à cette demande" not in browser.get(shown(asked)).content.decode()
    assert browser.get(answering(asked)).status_code == 403
    assert browser.post(answering(asked), {"decision": "accept", "reason": ""}).status_code == 403
    assert state_of(asked) == ChangeState.WAITING
    answerer = UserFactory(is_staff=True)
    answerer.user_permissions.set(
        Permission.objects.filter(codename__in=["view_changerequest", "change_changerequest"])
    )
    browser.force_login(answerer)
    assert "Répondre à cette demande" in browser.get(shown(asked)).content.decode()
    browser.post(answering(asked), {"decision": "accept", "reason": ""})
    assert state_of(asked) == ChangeState.ACCEPTED


def test_an_employer_reaches_no_answer_page(client, asked):
    client.force_login(asked.asked_by)
    assert client.post(answering(asked), {"decision": "accept", "reason": ""}).status_code == 302
    assert state_of(asked) == ChangeState.WAITING


def test_those_that_wait_come_first(client, staff, asked):
    other = SiteFactory()
    values = profile_changes.current_values(other.adherent) | {"fax": "+33329112233"}
    newer = profile_changes.ask_change(site=other, person=staff, values=values, origin=COMMAND)
    profile_changes.accept(number=newer.pk, staff=staff, origin=COMMAND)
    page = client.get(reverse("admin:adherents_changerequest_changelist")).content.decode()
    assert page.index(asked.site.cibtp_id) < page.index(other.cibtp_id)


@pytest.mark.parametrize("number", ["999999", "0", "x", "1-2", "²", "9" * 5000])
def test_a_request_that_does_not_exist_is_not_found(client, staff, number):
    address = reverse("admin:adherents_changerequest_answer", args=[number])
    assert client.get(address).status_code == 404


def test_staff_see_whose_letters_will_follow_a_new_postal_address(client, staff):
    site = SiteFactory(town="")
    SiteFactory(adherent=site.adherent)
    address = {"mailing_address1": "BP 1", "mailing_postal_code": "75001", "mailing_town": "PARIS"}
    values = profile_changes.current_values(site.adherent) | address
    asked = profile_changes.ask_change(site=site, person=owner_of(site), values=values, origin=COMMAND)
    page = client.get(answering(asked)).content.decode()
    assert f"nouvelle adresse postale&nbsp;: {site.cibtp_id}." in page


def test_a_phone_moves_no_letter(client, staff, asked):
    assert "nouvelle adresse postale" not in client.get(answering(asked)).content.decode()
