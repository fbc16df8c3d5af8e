"""An opening whose address is not proved yet keeps nobody from anything (product.md 3.2, R05, R18)."""

import datetime as dt
import uuid
from typing import NamedTuple

import pytest
import time_machine
from django.test import Client

from accounts import opening
from accounts.models import Opening, ProvisionalCode, User
from accounts.opening import Person
from adherents.models import Site
from delegations.models import Delegation
from portal import clock
from portal.codes import posted
from portal.origin import COMMAND
from tests.accounts.conftest import NEW_PASSWORD, connection, link_in, mails_to, opened
from tests.factories import SiteFactory, UserFactory, letters_of, owner_of

pytestmark = pytest.mark.django_db


class Attacked(NamedTuple):
    """An opening with another's address, and the link that went there."""

    browser: Client
    site: Site
    link: str


def test_correcting_into_known_addresses_never_lengthens_a_code(client, letters):
    with time_machine.travel("2026-03-02T09:00:00+01:00", tick=False) as now:
        end = posted.end_of_validity(dt.date(2026, 3, 2), 21)
        ProvisionalCode.objects.update(expires_at=end)
        UserFactory(email="connue@exemple.fr")
        for n in range(3):
            client.cookies.clear()
            opened(client, letters, email=f"a{n}@exemple.fr")
            now.shift(dt.timedelta(hours=9))
            values = {"email": "connue@exemple.fr", "email_again": "connue@exemple.fr"}
            client.post("/ouverture/adresse/", values)
        assert ProvisionalCode.objects.get().expires_at == end


def test_of_two_sites_opened_with_one_address_the_later_takes_the_place(letters):
    person = Person("a@exemple.fr", "x", "Keller", "Marie")
    other = SiteFactory()
    _, row = letters_of(other)
    first = ProvisionalCode.objects.get(site=letters.site)
    assert opening.open_space(code_id=first.pk, person=person, attempt=uuid.uuid4(), origin=COMMAND)
    later = opening.open_space(code_id=row.pk, person=person, attempt=uuid.uuid4(), origin=COMMAND)
    assert Opening.objects.pending().get() == later
    assert User.objects.get(email="a@exemple.fr") == later.user
    first.refresh_from_db()
    assert first.is_usable()


@pytest.fixture
def attacked():
    """Somebody opened his own site with Marie's address and a password that he knows."""
    site = SiteFactory()
    code, _ = letters_of(site)
    browser = Client()
    browser.post("/ouverture/", {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code})
    trap = {"password": "Piege-Violet-6", "password_again": "Piege-Violet-6", "last_name": "Intrus"}
    browser.post("/ouverture/connexion/", connection(**trap))
    return Attacked(browser, site, link_in(mails_to("marie.keller@exemple.fr")[0]))


def test_an_opening_never_activated_does_not_keep_the_address_from_its_owner(client, attacked, letters):
    """What waits there may have another's password: it gives way, and its link dies."""
    assert opened(client, letters)["Location"] == "/ouverture/terminee/"
    mail = mails_to("marie.keller@exemple.fr")[-1]
    assert attacked.site.adherent.company_name in mail.text  # she reads that it gave way
    assert client.post(attacked.link).status_code == 410
    assert client.post(link_in(mail))["Location"] == "/connexion/"
    account = User.objects.get(email="marie.keller@exemple.fr")
    assert (account.last_name, account.check_password(NEW_PASSWORD)) == ("Keller", True)
    assert ProvisionalCode.objects.get(site=attacked.site).is_usable()


def test_an_address_corrected_into_one_where_an_opening_waits_takes_its_place(client, attacked, letters):
    opened(client, letters, email="marie.keler@exemple.fr")
    values = {"email": "marie.keller@exemple.fr", "email_again": "marie.keller@exemple.fr"}
    assert client.post("/ouverture/adresse/", values)["Location"] == "/ouverture/terminee/"
    assert client.post(attacked.link).status_code == 410
    client.post(link_in(mails_to("marie.keller@exemple.fr")[-1]))
    assert User.objects.get(email="marie.keller@exemple.fr").check_password(NEW_PASSWORD)


def test_the_mail_sent_again_never_carries_the_link_of_another_opening(client, attacked, letters):
    opened(client, letters)
    values = {"email": "ailleurs@exemple.fr", "email_again": "ailleurs@exemple.fr"}
    client.post("/ouverture/adresse/", values)
    attacked.browser.post("/ouverture/terminee/")  # undone, and nobody is at that address
    code = ProvisionalCode.objects.get(site=attacked.site)
    person = Person("ailleurs@exemple.fr", "x", "Intrus", "Jean")
    opening.open_space(code_id=code.pk, person=person, attempt=uuid.uuid4(), origin=COMMAND)
    before = len(mails_to("ailleurs@exemple.fr"))
    assert client.post("/ouverture/terminee/")["Location"] == "/ouverture/terminee/"
    (mail,) = mails_to("ailleurs@exemple.fr")[before:]
    assert mail.kind == "accounts/mails/opening_waiting"
    assert "/activation/" not in mail.text
    assert attacked.site.adherent.company_name in mail.text


def test_an_opened_site_keeps_its_administrator_when_somebody_tries_its_old_code(client, letters):
    owner = owner_of(letters.site)
    ProvisionalCode.objects.update(used_at=clock.now())
    assert client.post("/ouverture/", letters.typed).status_code == 200
    assert Delegation.objects.administrators().get(site=letters.site).beneficiary == owner
