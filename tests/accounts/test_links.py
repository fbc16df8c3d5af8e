"""Every kind of link at every address, for every user: only the diagonal works (R18, R19, R20, R21, R22)."""

import re
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils.http import int_to_base36

from accounts.models import EmailChange, Opening, Recertification, User
from delegations.models import Delegation
from delegations.notices import ask_confirmation
from portal import clock
from portal.logs.redaction import redacted
from portal.messaging.models import Message
from tests.accounts.conftest import Letters, connection, link_in, mails_to, opened, send_all
from tests.accounts.invitations import invited, signed_in
from tests.accounts.own_account import (
    ADDRESS,
    CONTACT,
    NEW_ADDRESS,
    OWN_PASSWORD,
    ask_address,
    browser_of,
    mail_of_kind,
    proved_on,
)
from tests.factories import PASSWORD, SiteFactory, UserFactory, firm_of, letters_of, owner_of

pytestmark = pytest.mark.django_db
NEW = {"password": "Ardoise-Noire-8", "password_again": "Ardoise-Noire-8"}
ENDPOINTS = {
    "activation": "/activation/",
    "invitation": "/delegation/",
    "confirmation of a firm": "/delegation/confirmation/",
    "reset": "/mot-de-passe/nouveau/",
    "address confirmation": "/compte/adresse/confirmation/",
    "address cancellation": "/compte/adresse/annulation/",
    "recertification": "/certification/",
}
# What somebody's browser could send to any of them.
SENT = NEW | {"last_name": "Prévôt", "first_name": "Inès", "landline": "", "mobile": "", "accept": "oui"}


@dataclass
class Sent:
    """A link of one kind, and who may follow it: nobody in particular, or one person signed in."""

    path: str
    reader: User | None = None

    @property
    def token(self):
        return self.path.strip("/").split("/")[-1]

    def browser(self):
        return signed_in(self.reader) if self.reader else Client()


def activation():
    site = SiteFactory()
    code, _ = letters_of(site)
    opened(Client(), Letters(site, code), email="ouvre@exemple.fr")
    return Sent(link_in(mails_to("ouvre@exemple.fr")[-1]))


def invitation():
    return Sent(invited("invitee@exemple.fr").link)


def confirmation_of_a_firm():
    site = SiteFactory()
    owner = owner_of(site, email="confirme@exemple.fr")
    ask_confirmation(firm_of(site, {}, confirmed_at=None, answer_by=clock.today()))
    return Sent(link_in(mails_to(owner.email)[-1]), owner)


def reset():
    person = UserFactory(email="oublie@exemple.fr")
    Client().post("/mot-de-passe/oublie/", {"email": person.email})
    return Sent(link_in(mails_to(person.email)[-1]))


def a_change():
    ask_address(browser_of(UserFactory(email="change@exemple.fr")), NEW_ADDRESS)


def address_confirmation():
    a_change()
    return Sent(link_in(mail_of_kind(NEW_ADDRESS, "address_confirmation")))


def address_cancellation():
    a_change()
    return Sent(link_in(mail_of_kind("change@exemple.fr", "address_change_asked")))


def recertification():
    person = UserFactory(email="certifie@exemple.fr", email_certified_at=None)
    browser_of(person).post("/compte/certification/")
    return Sent(link_in(mails_to(person.email)[-1]))


KINDS = {
    "activation": activation,
    "invitation": invitation,
    "confirmation of a firm": confirmation_of_a_firm,
    "reset": reset,
    "address confirmation": address_confirmation,
    "address cancellation": address_cancellation,
    "recertification": recertification,
}


def state():
    """What links decide: accounts, openings, rights, changes, certifications."""
    models = (User, Opening, Delegation, EmailChange, Recertification)
    return {model: sorted(map(repr, model._base_manager.values())) for model in models}


def test_every_kind_of_link_has_its_address_here():
    assert set(KINDS) == set(ENDPOINTS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_followed_three_times_consumes_nothing_and_its_button_works_once(kind):
    """R18."""
    sent = KINDS[kind]()
    assert sent.path.startswith(ENDPOINTS[kind])
    browser, before = sent.browser(), state()
    for _ in range(3):
        assert browser.get(sent.path).status_code in {200, 302}
        assert browser.head(sent.path).status_code in {200, 302}
    assert state() == before
    if kind == "confirmation of a firm":  # which leads to the page where the company answers, and no further
        assert "/droits/" in browser.get(sent.path)["Location"]
        return
    assert browser.post(sent.path, SENT).status_code == 302
    once = state()
    assert once != before
    browser.post(sent.path, SENT)
    assert state() == once


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_link_of_one_kind_is_worth_nothing_at_the_address_of_another(kind, endpoint):
    """R20."""
    if kind == endpoint:
        return
    sent = KINDS[kind]()
    before = state()
    for browser in (sent.browser(), signed_in(owner_of(SiteFactory())), Client()):
        before = state()
        path = f"{ENDPOINTS[endpoint]}{sent.token}/"
        assert browser.get(path).status_code in {302, 404, 410}, path
        assert browser.post(path, SENT).status_code in {302, 404, 405, 410}, path
        assert state() == before, (kind, endpoint)
        assert browser.get(path, follow=True).status_code in {200, 404, 410}


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_changed_by_one_sign_is_worth_nothing(kind):
    sent = KINDS[kind]()
    browser, token = sent.browser(), sent.token
    before = state()
    for spoiled in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[1:],
        token + "A",
        token.swapcase(),
    ):
        answer = browser.post(f"{ENDPOINTS[kind]}{spoiled}/", SENT)
        assert answer.status_code in {302, 404, 405, 410}, spoiled
    assert state() == before


@pytest.mark.parametrize("kind", ["reset", "address confirmation", "address cancellation", "recertification"])
def test_a_link_serves_its_own_user_whoever_is_signed_in(kind):
    """R20."""
    sent, somebody = KINDS[kind](), owner_of(SiteFactory(), email="autre@exemple.fr")
    browser = signed_in(somebody)
    before = User.objects.filter(pk=somebody.pk).values().get()
    browser.get(sent.path)
    browser.post(sent.path, SENT)
    assert User.objects.filter(pk=somebody.pk).values().get() == before
    assert browser.session["_auth_user_id"] == str(somebody.pk)


def test_the_number_of_another_user_cannot_be_put_in_a_reset():
    """R20."""
    sent, other = reset(), UserFactory()
    forged = f"{int_to_base36(other.pk)}-{sent.token.partition('-')[2]}"
    assert Client().post(f"/mot-de-passe/nouveau/{forged}/", NEW).status_code == 410


# --- the secret stays where it is ----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_link_sends_its_address_nowhere(kind):
    """R21."""
    answer = Client().get(KINDS[kind]().path)
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_with_a_token_is_not_written_to_the_log(kind):
    """R21."""
    sent = KINDS[kind]()
    assert sent.token not in redacted(f'GET {sent.path} "https://portal.example{sent.path}"')


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_is_taken_out_of_the_outbox_once_sent(kind):
    sent = KINDS[kind]()
    send_all()
    assert sent.token not in str(list(Message.objects.values()))


# --- R22: no mail is built from what the browser says of our name --------------------------------


def ask_reset(browser, **headers):
    return browser.post("/mot-de-passe/oublie/", {"email": "marie@exemple.fr"}, headers=headers)


def ask_activation(browser, **headers):
    site = SiteFactory()
    code, _ = letters_of(site)
    browser.post("/ouverture/", Letters(site, code).typed)
    return browser.post("/ouverture/connexion/", connection("ouvre@exemple.fr"), headers=headers)


def ask_change(browser, **headers):
    proved_on(browser, ADDRESS)
    return browser.post(ADDRESS, {"email": NEW_ADDRESS, "email_again": NEW_ADDRESS}, headers=headers)


def ask_taken(browser, **headers):
    proved_on(browser, ADDRESS)
    taken = UserFactory().email
    return browser.post(ADDRESS, {"email": taken, "email_again": taken}, headers=headers)


def ask_password(browser, **headers):
    proved_on(browser, OWN_PASSWORD)
    return browser.post(OWN_PASSWORD, NEW, headers=headers)


def ask_contact(browser, **headers):
    proved_on(browser, CONTACT)
    return browser.post(CONTACT, SENT, headers=headers)


def ask_certification(browser, **headers):
    User.objects.update(email_certified_at=None)
    return browser.post("/compte/certification/", headers=headers)


DOORS = [ask_reset, ask_activation, ask_change, ask_taken, ask_password, ask_contact, ask_certification]


@pytest.mark.parametrize("door", DOORS)
def test_a_forged_host_makes_no_mail(door):
    """R22."""
    browser = Client() if door is ask_activation else browser_of(UserFactory(email="marie@exemple.fr"))
    assert door(browser, host="pirate.example").status_code == 400
    assert not Message.objects.exists()


@pytest.mark.parametrize("door", DOORS)
def test_a_forged_forwarding_header_changes_no_mail(door):
    """R22."""
    browser = Client() if door is ask_activation else browser_of(UserFactory(email="marie@exemple.fr"))
    forged = {"x-forwarded-host": "pirate.example", "forwarded": "host=pirate.example", "origin": "null"}
    assert door(browser, **forged).status_code == 302
    written = list(Message.objects.all())
    assert written
    for mail in written:
        assert "pirate" not in mail.text + mail.html + mail.subject
        assert all(link.startswith("http://localhost:") for link in re.findall(r"https?://\S+", mail.text))


def test_a_reset_dies_with_a_sign_in_a_new_password_and_a_new_address():
    """R19, one by one; that it signs nobody in and lives an hour is in test_password_reset."""
    for ends in ("sign in", "password", "address"):
        person = UserFactory()
        Client().post("/mot-de-passe/oublie/", {"email": person.email})
        link = link_in(mails_to(person.email)[-1])
        User.objects.filter(pk=person.pk).update(last_login=None)
        browser = Client()
        browser.post("/connexion/", {"email": person.email, "password": PASSWORD})
        if ends == "sign in":
            assert Client().get(link).status_code == 410, ends
            continue
        Client().post("/mot-de-passe/oublie/", {"email": person.email})
        link = link_in(mails_to(person.email)[-1])
        if ends == "password":
            proved_on(browser, OWN_PASSWORD)
            browser.post(OWN_PASSWORD, NEW)
        else:
            new = f"neuve{person.pk}@exemple.fr"
            ask_address(browser, new)
            Client().post(link_in(mail_of_kind(new, "address_confirmation")))
        assert Client().get(link).status_code == 410, ends
