"""« Ouverture de délégation » for somebody who has an account, or is opening one: signing in, accepting."""

import datetime as dt

import pytest

from accounts import invited as verbs
from accounts.models import Opening, ProvisionalCode, User
from contact import terms
from delegations.models import Delegation, Role, Status
from portal import clock
from portal.journal.models import Entry
from tests.accounts.conftest import NEW_PASSWORD, accept_terms, link_in, mails_to, opened
from tests.accounts.invitations import EMAIL, TYPED, invited, invited_on, read, signed_in, without_token
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return invited()


def test_who_has_an_account_is_led_to_sign_in_and_back_then_accepts(client, one):
    """R29."""
    user = UserFactory(email=EMAIL, email_certified_at=None)
    page = read(client.get(one.link))
    assert "Vous avez déjà un espace sécurisé avec cette adresse" in page
    assert 'name="password"' not in page
    bare = without_token(one.link)
    there = f"/connexion/?next={bare}"
    assert there in page
    typed = {"email": EMAIL, "password": PASSWORD, "next": bare}
    assert client.post(there, typed)["Location"] == bare
    page = read(client.get(one.link))
    assert "Accepter ces droits" in page
    assert "Refuser" in page
    former = client.session.session_key
    assert client.post(one.link, {"accept": "oui"})["Location"] == f"/sites/{one.site.cibtp_id}/"
    assert client.session.session_key != former  # R29: another right, another session
    user.refresh_from_db()
    assert user.email_certified_at is not None
    assert one.now.status_on() is Status.ACTIVE
    assert "Vos droits sont actifs." in read(client.get(f"/sites/{one.site.cibtp_id}/"))


def test_the_sign_in_page_that_leads_back_to_a_link_sends_it_nowhere(client, one):
    UserFactory(email=EMAIL)
    assert client.get(one.link)["Referrer-Policy"] == "strict-origin"
    there = client.get("/connexion/", {"next": one.link})
    assert there["Referrer-Policy"] == "strict-origin"
    assert client.get("/connexion/", {"next": "/sites/"})["Referrer-Policy"] == "same-origin"


def test_several_sites_accepted_lead_to_the_choice(one):
    many = invited_on(SiteFactory(), SiteFactory(), email="several@exemple.fr")
    browser = signed_in(UserFactory(email="several@exemple.fr"))
    assert browser.post(many.link, {"accept": "oui"})["Location"] == "/sites/"
    assert browser.get("/sites/").context["total"] == 2


def test_accepting_twice_is_good_news(one):
    browser = signed_in(UserFactory(email=EMAIL))
    browser.post(one.link, {"accept": "oui"})
    again = browser.post(one.link, {"accept": "oui"})
    assert again.status_code == 200
    assert "Ces droits sont actifs." in read(again)
    assert Entry.objects.filter(action="rights.accepted").count() == 1


def test_signed_in_as_another_one_is_told_and_may_sign_out_and_come_back(one):
    other = owner_of(SiteFactory(), email="autre@exemple.fr")
    browser = signed_in(other)
    page = read(browser.get(one.link))
    assert EMAIL in page
    assert one.site.cibtp_id not in page
    assert "autre adresse" in page
    for act in ({"accept": "oui"}, {"decline": "oui"}, TYPED):
        assert browser.post(one.link, act).status_code == 409
    assert EMAIL in read(browser.get(f"{one.link}?refuser=oui"))
    assert one.now.status_on() is Status.INVITED
    assert browser.post("/deconnexion/", {"next": one.link})["Location"] == one.link
    assert "Informations de contact et de connexion" in read(browser.get(one.link))


def test_signing_out_leads_nowhere_else(client, one):
    for hostile in ("https://e.example/", "//e.example", "/\\e.example"):
        browser = signed_in(one.giver)
        assert browser.post("/deconnexion/", {"next": hostile})["Location"] == "/connexion/"


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ({"is_active": False}, "est désactivé"),
        ({"is_staff": True}, "est celle d’un agent de la caisse"),
    ],
)
def test_a_disabled_account_and_a_member_of_the_staff_are_told(client, one, account, told):
    UserFactory(email=EMAIL, **account)
    page = read(client.get(one.link))
    assert told in page
    assert 'name="password"' not in page
    assert client.post(one.link, TYPED).status_code == 409
    assert one.now.status_on() is Status.INVITED


def test_a_staff_session_is_nobody_here(one):
    staff = UserFactory(is_staff=True, is_superuser=True)
    assert "Informations de contact et de connexion" in read(signed_in(staff).get(one.link))


def test_an_opening_never_activated_gives_way_to_who_proves_the_address_by_his_invitation(
    client, letters, one
):
    """Whoever opened it chose its password: the invited person's own is the only one that signs in."""
    squatters = "Chantier-Occupe-31"
    opened(client, letters, email=EMAIL, password=squatters, password_again=squatters)
    client.cookies.clear()
    page = read(client.get(one.link))
    assert "n’a jamais été activé" in page
    assert letters.site.cibtp_id not in page
    assert client.post(one.link, TYPED)["Location"] == "/connexion/"
    (former,) = [mail for mail in mails_to(EMAIL) if mail.kind == "accounts/mails/activation"]
    assert client.post(link_in(former)).status_code == 410
    assert Opening.objects.get().undone_at is not None
    assert ProvisionalCode.objects.get(site=letters.site).is_usable()
    account = User.objects.get(email=EMAIL)
    assert account.check_password(TYPED["password"])
    assert not account.check_password(squatters)
    assert Delegation.objects.get(beneficiary=account).site == one.site


def test_while_somebody_else_opens_with_it_the_invited_person_is_asked_to_try_again(
    client, letters, one, monkeypatch
):
    opened(client, letters, email=EMAIL)
    client.cookies.clear()
    monkeypatch.setattr(verbs, "undo_waiting_at", lambda address: [])  # its site's row is another's
    page = client.post(one.link, TYPED)
    assert page.status_code == 409
    assert "Validez de nouveau dans un instant." in read(page)
    assert one.now.status_on() is Status.INVITED
    monkeypatch.undo()
    assert client.post(one.link, TYPED)["Location"] == "/connexion/"


def test_an_opening_that_waited_too_long_stands_in_nobodys_way(client, letters, one):
    opened(client, letters, email=EMAIL)
    client.cookies.clear()
    Opening.objects.update(opened_at=clock.now() - dt.timedelta(days=7))
    assert "Informations de contact et de connexion" in read(client.get(one.link))
    assert Opening.objects.get().undone_at is None  # a GET undoes nothing
    assert client.post(one.link, TYPED)["Location"] == "/connexion/"
    assert Opening.objects.get().undone_at is not None
    assert User.objects.get(email=EMAIL).is_active


def test_an_address_that_gets_an_account_meanwhile_is_told(client, one, monkeypatch):
    genuine = verbs.new_account

    def late(person):
        UserFactory(email=EMAIL)
        return genuine(person)

    monkeypatch.setattr(verbs, "new_account", late)
    page = client.post(one.link, TYPED)
    assert page.status_code == 409
    assert one.now.status_on() is Status.INVITED


def test_who_holds_that_side_already_is_told_so(one):
    user = owner_of(one.site, email="autre@exemple.fr")
    User.objects.filter(pk=user.pk).update(email=EMAIL)
    browser = signed_in(User.objects.get(pk=user.pk))
    page = browser.post(one.link, {"accept": "oui"})
    assert page.status_code == 409
    assert "cette invitation n’y ajoute rien" in read(page)


def test_accepting_signed_in_waits_for_the_terms_and_leads_back(client, one):
    """R72: the page that asks for them is open, and what follows is the invitation."""
    user = UserFactory(email=EMAIL, accepts_terms=False, email_certified_at=None)
    client.post("/connexion/", {"email": EMAIL, "password": PASSWORD})
    assert client.post(one.link, {"accept": "oui"})["Location"] == "/conditions-generales/accepter/"
    assert one.now.status_on() is Status.INVITED
    led = client.get(one.link)["Location"]
    assert led.startswith("/conditions-generales/accepter/?next=")
    asked = client.get(led)
    assert asked.status_code == 200
    assert asked["Referrer-Policy"] == "strict-origin"
    text = terms.in_effect()
    assert client.post(led, {"version": text.pk, "agreed": "on"})["Location"] == without_token(one.link)
    assert client.get(one.link).status_code == 200  # the certification, lapsed, is renewed by accepting
    client.post(one.link, {"accept": "oui"})
    assert one.now.status_on() is Status.ACTIVE
    user.refresh_from_db()
    assert user.email_certified_at is not None


# --- beside an opening ------------------------------------------------------------------------------


def test_an_invited_address_opens_its_own_space_and_accepts_afterwards(client, letters, one):
    opened(client, letters, email=EMAIL)
    activation = next(mail for mail in mails_to(EMAIL) if mail.kind == "accounts/mails/activation")
    assert client.post(link_in(activation))["Location"] == "/connexion/"
    assert one.now.status_on() is Status.INVITED
    client.post("/connexion/", {"email": EMAIL, "password": NEW_PASSWORD})
    accept_terms(client)
    assert client.post(one.link, {"accept": "oui"})["Location"] == f"/sites/{one.site.cibtp_id}/"
    held = Delegation.objects.active().filter(beneficiary__email=EMAIL)
    assert {(found.site, found.role) for found in held} == {
        (letters.site, Role.ADMINISTRATOR),
        (one.site, Role.USER),
    }


def test_an_invited_address_associates_a_site_and_accepts_afterwards(client, letters, one):
    user = UserFactory(email=EMAIL)
    assert client.post("/association/", letters.typed)["Location"] == "/association/connexion/"
    assert client.post("/association/connexion/", {"email": EMAIL, "password": PASSWORD}).status_code == 302
    assert signed_in(user).post(one.link, {"accept": "oui"}).status_code == 302
    assert Delegation.objects.active().filter(beneficiary=user).count() == 2
