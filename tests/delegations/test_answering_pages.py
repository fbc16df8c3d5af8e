"""The company's answer to its firm: the question, the first answer that holds, what it brings."""

import datetime as dt

import pytest

from delegations import confirming
from delegations.models import Delegation, Status
from portal import clock
from portal.origin import COMMAND
from tests.delegations.rights import READ, WRITE, page_of, rights, words
from tests.factories import SiteFactory, UserFactory, beneficiary_of, firm_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def waiting(site):
    fields = {"confirmed_at": None, "answer_by": clock.today() + 30 * DAY}
    person = UserFactory(last_name="Didier", first_name="Zoé", email="zoe@cabinet.fr")
    return firm_of(site, WRITE, beneficiary=person, **fields)


def test_the_question_shows_firm_person_address_rights_and_days(client, site, owner, waiting):
    page = words(client.get(page_of(site, waiting, "repondre/")))
    for told in (
        waiting.firm.name,
        "Zoé Didier",
        "zoe@cabinet.fr",
        "Mise à jour",
        "Date d’effet",
        "Confirmer",
    ):
        assert told in page


@pytest.mark.parametrize(("word", "status"), [("confirmer", Status.ACTIVE), ("refuser", Status.REFUSED)])
def test_an_administrator_answers_and_the_first_answer_holds(client, site, owner, waiting, word, status):
    address = page_of(site, waiting, "repondre/")
    assert client.post(address, {"reponse": word})["Location"] == rights(site)
    waiting.refresh_from_db()
    assert waiting.status_on() is status
    told = "confirmée le" if word == "confirmer" else "refusée le"
    second = client.post(address, {"reponse": "refuser" if word == "confirmer" else "confirmer"})
    assert second.status_code == 409
    assert told in words(second)
    assert told in words(client.get(address))
    waiting.refresh_from_db()
    assert waiting.status_on() is status


def test_a_refusal_says_what_it_brings_before_it_is_done(client, site, owner, waiting):
    address = page_of(site, waiting, "repondre/")
    question = client.get(address).content.decode()
    assert 'value="refuser"' not in question
    assert 'href="?refuser=oui"' in question
    page = client.get(f"{address}?refuser=oui")
    assert "Votre refus est définitif" in words(page)
    assert 'value="refuser"' in page.content.decode()
    waiting.refresh_from_db()
    assert waiting.status_on() is Status.TO_CONFIRM


def test_what_was_refused_was_never_held(client, site, owner, waiting):
    client.post(page_of(site, waiting, "repondre/"), {"reponse": "refuser"})
    page = words(client.get(page_of(site, waiting)))
    assert "n’ont jamais été en vigueur" in page
    assert "avait" not in page


def test_an_answer_that_is_none_is_asked_again(client, site, owner, waiting):
    response = client.post(page_of(site, waiting, "repondre/"))
    assert response.status_code == 422
    assert "Choisissez «\u00a0Confirmer\u00a0» ou «\u00a0Refuser\u00a0»" in words(response)


def test_too_late_is_told(client, site, owner, waiting):
    Delegation.objects.filter(pk=waiting.pk).update(answer_by=clock.today() - DAY)
    assert "a expiré" in words(client.get(page_of(site, waiting, "repondre/")))


def test_nobody_of_the_firm_answers_for_the_company(client, site, waiting):
    other = firm_of(SiteFactory(), WRITE)
    client.force_login(other.beneficiary)
    assert client.get(rights(other.site, f"{other.pk}/repondre/")).status_code == 403
    assert (
        client.post(rights(other.site, f"{waiting.pk}/repondre/"), {"reponse": "confirmer"}).status_code
        == 403
    )


def test_a_firm_that_waits_is_said_at_home_to_administrators_only(client, site, owner, waiting):
    home = f"/sites/{site.cibtp_id}/"
    page = words(client.get(home))
    assert f"{waiting.firm.name} attend votre confirmation" in page
    assert f"au plus tard le {waiting.answer_by:%d/%m/%Y}" in page
    reader = beneficiary_of(site, READ).beneficiary
    theirs = type(client)()
    theirs.force_login(reader)
    assert "attend votre confirmation" not in words(theirs.get(home))
    confirming.answer(person=owner, site=site, number=waiting.pk, confirmed=True, origin=COMMAND)
    assert "attend votre confirmation" not in words(client.get(home))
