"""One's own account in Chromium: address, password, contact, certification (product.md 4.1, 4.4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Eye, mail_to, watched
from tests.embedded_portal import EmbeddedPortal

PASSWORD, OTHER = "Ardoise-Grise-7", "Truelle-Verte-9"
ASKED = "Votre adresse électronique va changer"
CONFIRM = "Confirmez votre nouvelle adresse"
CERTIFY = "Certifiez de nouveau votre adresse électronique"


def account(portal: EmbeddedPortal, email: str, certified_days_ago: int = 0) -> None:
    """The one Administrateur of a site of his own."""
    portal.run(
        f"""
        import datetime as dt
        from accounts.models import User
        from adherents.models import Adherent, Site
        from delegations.giving import name_administrator
        from django.contrib.auth.hashers import make_password
        from portal import clock
        from portal.origin import COMMAND
        number = Site.objects.count() + 100
        site = Site.objects.create(
            adherent=Adherent.objects.first(), cibtp_id=f"3041{{number % 10}}-{{number}}-56",
            siret=f"529183444{{number:05}}", name="ATELIER",
        )
        person = User.objects.create(
            email={email!r}, first_name="Marie", last_name="Keller", is_active=True,
            mobile="+33612345678", password=make_password({PASSWORD!r}),
            email_certified_at=clock.now() - dt.timedelta(days={certified_days_ago}),
        )
        name_administrator(site=site, user=person, origin=COMMAND)
        """
    )


@pytest.fixture
def elsewhere(chromium: Browser, portal: EmbeddedPortal) -> Iterator[Eye]:
    """A second browser."""
    faults: list[str] = []
    context = chromium.new_context(locale="fr-FR")
    yield Eye(watched(context, faults), portal.origin)
    context.close()
    assert faults == []


def prove(eye: Eye, password: str = PASSWORD) -> None:
    """Give the current password to the page that asks for it."""
    eye.fill(reauth_password=password)
    eye.press("Continuer")


def ask_address(eye: Eye, address: str) -> None:
    """From the account to the page that says that it is deactivated."""
    eye.go("/compte/")
    eye.follow("Modifier adresse mail")
    prove(eye)
    eye.fill(email=address, email_again=address)
    eye.press("Modifier l’adresse mail")
    assert "Votre compte est désactivé" in eye.words()


def test_a_new_address_from_the_account_to_the_first_sign_in_with_it(eye, portal):
    account(portal, "avant@exemple.fr")
    eye.sign_in("avant@exemple.fr", PASSWORD)
    eye.go("/compte/")
    eye.look("account")
    eye.follow("Modifier adresse mail")
    eye.look("account-prove")
    prove(eye, "Faux-mot-2-passe")
    assert "n’est pas le vôtre" in eye.words()
    eye.look("account-prove-wrong")
    prove(eye)
    assert "ATTENTION, la modification de votre adresse mail" in eye.words()
    eye.look("account-address")
    eye.fill(email="apres@exemple.fr", email_again="autre@exemple.fr")
    eye.press("Modifier l’adresse mail")
    eye.look("account-address-wrong")
    eye.fill(email="apres@exemple.fr", email_again="apres@exemple.fr")
    eye.press("Modifier l’adresse mail")
    eye.look("account-address-sent")
    link = mail_to(eye, "apres@exemple.fr", CONFIRM)
    eye.sign_in("apres@exemple.fr", PASSWORD)
    assert "n’est pas correct" in eye.words()
    eye.go(link)
    eye.look("address-confirmation")
    eye.press("Confirmer cette adresse")
    assert "Votre nouvelle adresse est confirmée" in eye.words()
    eye.look("address-confirmed")
    eye.go(link)
    assert "Ce lien a déjà servi" in eye.words()
    eye.look("address-confirmation-used")
    eye.sign_in("apres@exemple.fr", PASSWORD)
    assert "Bienvenue sur votre espace sécurisé" in eye.words()


def test_a_mistyped_address_and_the_way_back_by_the_former_one_alone(eye, portal):
    account(portal, "seule@exemple.fr")
    eye.sign_in("seule@exemple.fr", PASSWORD)
    ask_address(eye, "seule@exmeple.fr")
    mistyped = mail_to(eye, "seule@exmeple.fr", CONFIRM)
    eye.go(mail_to(eye, "seule@exemple.fr", ASKED))
    eye.look("address-cancellation")
    eye.press("Garder mon ancienne adresse")
    assert "Votre compte est réactivé" in eye.page.inner_text("h1")
    eye.look("address-cancelled")
    eye.go(mistyped)
    eye.look("address-confirmation-cancelled")
    eye.go("/compte/adresse/annulation/x/")
    eye.look("address-cancellation-dead")
    eye.go("/compte/adresse/confirmation/x/")
    eye.look("address-confirmation-dead")
    eye.sign_in("seule@exemple.fr", PASSWORD)
    assert "Bienvenue sur votre espace sécurisé" in eye.words()


def test_links_that_came_too_late(eye, portal):
    account(portal, "tard@exemple.fr")
    eye.sign_in("tard@exemple.fr", PASSWORD)
    ask_address(eye, "plustard@exemple.fr")
    made = portal.run(
        """
        import time
        from unittest import mock
        from accounts.models import EmailChange
        from django.urls import reverse
        from portal import tokens
        change = EmailChange.objects.get(address="plustard@exemple.fr")
        with mock.patch("time.time", return_value=time.time() - 8 * 86400):
            confirming = tokens.make("address-confirmation", change.pk, change.link_number)
            cancelling = tokens.make("address-cancellation", change.pk)
        print(reverse("accounts:address_confirmation", kwargs={"token": confirming}))
        print(reverse("accounts:address_cancellation", kwargs={"token": cancelling}))
        """
    )
    confirming, cancelling = (line for line in made.splitlines() if line.startswith("/compte/"))
    eye.go(cancelling)
    assert "Ce lien a expiré" in eye.page.inner_text("h1")
    eye.look("address-cancellation-expired")
    eye.go(confirming)
    eye.look("address-confirmation-expired")
    eye.press("Recevoir un nouveau lien")
    eye.look("address-confirmation-renewed")
    eye.go(confirming)
    assert "Ce lien a été remplacé" in eye.page.inner_text("h1")
    eye.look("address-confirmation-replaced")


def test_a_new_password_in_one_browser_ends_the_other(eye, elsewhere, portal):
    account(portal, "deux@exemple.fr")
    elsewhere.sign_in("deux@exemple.fr", PASSWORD)
    eye.sign_in("deux@exemple.fr", PASSWORD)
    eye.go("/compte/")
    eye.follow("Modifier mot de passe")
    prove(eye)
    assert "8 caractères au moins" in eye.words()
    eye.look("account-password")
    eye.page.locator("[name=password]").press_sequentially("Truelle")
    eye.page.get_by_text("Règles respectées\u00a0: 0 sur 3.").wait_for(state="attached")
    eye.page.locator("[name=password]").press_sequentially("-7")
    eye.page.get_by_text("2 sur 3. La dernière est vérifiée à l’envoi.").wait_for(state="attached")
    assert eye.page.locator("[data-rule]").count() == 3
    eye.look("account-password-typed")
    eye.fill(password=PASSWORD, password_again=PASSWORD)
    eye.press("Enregistrer le mot de passe")
    assert "déjà le vôtre" in eye.words()
    eye.look("account-password-wrong")
    eye.fill(password=OTHER, password_again=OTHER)
    eye.press("Enregistrer le mot de passe")
    assert "Votre mot de passe est enregistré" in eye.words()
    eye.look("account-password-changed")
    elsewhere.go("/compte/")
    assert "Connexion à votre espace CIBTP" in elsewhere.page.inner_text("h1")
    elsewhere.sign_in("deux@exemple.fr", PASSWORD)
    assert "n’est pas correct" in elsewhere.words()
    elsewhere.sign_in("deux@exemple.fr", OTHER)
    assert "Bienvenue sur votre espace sécurisé" in elsewhere.words()


def test_new_contact_data(eye, portal):
    account(portal, "joindre@exemple.fr")
    eye.sign_in("joindre@exemple.fr", PASSWORD)
    eye.go("/compte/")
    eye.follow("Modifier contact")
    prove(eye)
    eye.look("account-contact")
    eye.fill(last_name="", mobile="03 83 12 34 56")
    eye.press("Enregistrer les coordonnées")
    assert "Saisissez votre nom." in eye.words()
    eye.look("account-contact-wrong")
    eye.fill(last_name="Keller", mobile="06 98 76 54 32")
    eye.press("Enregistrer les coordonnées")
    assert "téléphone mobile" in eye.words()
    eye.look("account-contact-changed")


def test_a_certification_that_lapsed_is_renewed_by_mail(eye, portal):
    account(portal, "perime@exemple.fr", certified_days_ago=400)
    eye.sign_in("perime@exemple.fr", PASSWORD)
    assert "Certifiez de nouveau votre adresse électronique" in eye.page.inner_text("h1")
    eye.look("certification")
    eye.go("/sites/")
    assert "Certifiez de nouveau" in eye.page.inner_text("h1")
    eye.press("Recevoir le courriel")
    assert "Un courriel vient d’être envoyé" in eye.words()
    eye.look("certification-sent")
    link = mail_to(eye, "perime@exemple.fr", CERTIFY)
    eye.go(link)
    eye.look("certification-link")
    eye.press("Certifier mon adresse")
    assert "certifiée de nouveau" in eye.words()
    assert "Bienvenue sur votre espace sécurisé" in eye.words()
    eye.look("certification-renewed")
    eye.go(link)
    eye.look("certification-link-used")
    eye.go("/certification/x/")
    eye.look("certification-link-dead")
