"""The second factor in Chromium: apps, passkeys (a virtual authenticator), recovery codes; at both widths.

Shows R45 and R46 as people meet them, each state held against axe.
"""

from __future__ import annotations

import re
import time
from base64 import b32decode

import pytest

from portal import clock
from portal.second_factor import totp

PASSWORD = "Compas-Vert-26"
SITES = {"app": "40901-001-92", "key": "40902-001-92", "bare": "40903-001-92", "asked": "40904-001-92"}


@pytest.fixture(scope="module")
def people(portal):
    """An Administrateur for each journey, on a site that no other test uses; and staff without a factor."""
    portal.run(
        f"""
        from accounts.models import User
        from adherents.models import Adherent, Site
        from delegations.models import Delegation, Role
        from django.contrib.auth.hashers import make_password
        from portal import clock
        now, hashed = clock.now(), make_password({PASSWORD!r})
        facts = dict(is_active=True, email_certified_at=now, password=hashed, first_name="Inès",
            last_name="Prévôt")
        for name, number in {SITES!r}.items():
            company = Adherent.objects.create(number=number[:5], company_name=f"PLÂTRERIE {{name.upper()}}",
                siren="732829320", activity="SO")
            site = Site.objects.create(adherent=company, cibtp_id=number, siret="73282932000074",
                name="SIÈGE")
            person = User.objects.create(email=f"{{name}}@facteur.example", **facts)
            Delegation.objects.create(site=site, beneficiary=person, role=Role.ADMINISTRATOR,
                starts_on=clock.today(), accepted_at=now, confirmed_at=now)
        colleague = User.objects.create(email="colleague@facteur.example", **facts)
        Delegation.objects.create(site=site, beneficiary=colleague, role=Role.USER, read_bits=1,
            starts_on=clock.today(), accepted_at=now, confirmed_at=now)
        User.objects.create(email="agent@facteur.example", is_staff=True, is_superuser=True, **facts)
        """
    )


def address(name):
    return f"{name}@facteur.example"


def seed_on(eye):
    """The key that the page shows, as somebody would type it."""
    return b32decode(eye.page.inner_text(".key").replace(" ", "").replace("\u00a0", ""))


def fresh_code(seed, after):
    """A live value that comes after the one that served; waits for it when there is none yet."""
    step = totp.step_at(clock.now())
    while step + 1 <= after:
        time.sleep(1)
        step = totp.step_at(clock.now())
    return totp.value(seed, max(step, after + 1)), max(step, after + 1)


def add_app(eye):
    """Add an app from its page; the seed, and the step that served."""
    seed = seed_on(eye)
    step = totp.step_at(clock.now())
    eye.fill(code=totp.value(seed, step))
    eye.press("Ajouter l’application")
    return seed, step


def print_codes(eye, name):
    """The page of the codes, and the codes."""
    eye.look(f"{name}-recovery-before")
    eye.press("Créer mes codes de récupération")
    eye.look(f"{name}-recovery-shown")
    return eye.page.locator(".recovery-codes li").all_inner_texts()


def authenticator(eye):
    """Give the browser a passkey of its own."""
    client = eye.page.context.new_cdp_session(eye.page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return client, made["authenticatorId"]


def test_an_app_is_added_used_replaced_by_a_code_and_removed(eye, people):
    eye.sign_in(address("app"), PASSWORD)
    eye.go("/compte/securite/")
    eye.look("factor-none")
    eye.follow("Ajouter une application d’authentification")
    eye.look("factor-app")
    eye.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    eye.press("Copier la clé")
    eye.page.get_by_text("Clé copiée.").wait_for()
    copied = eye.page.evaluate("navigator.clipboard.readText()")
    assert copied == eye.page.inner_text(".key").replace(" ", "")
    opening = eye.page.get_by_role("link", name="Ouvrir l’application").get_attribute("href")
    assert opening.startswith("otpauth://totp/")
    assert f"secret={copied}&" in opening
    eye.fill(code="12")
    eye.press("Ajouter l’application")
    assert "6 chiffres" in eye.words()
    summary, key = (eye.page.locator(part).bounding_box()["y"] for part in (".error-summary", ".key"))
    assert summary < key
    eye.look("factor-app-error")
    seed, step = add_app(eye)
    codes = print_codes(eye, "factor")
    assert len(codes) == 10
    eye.follow("J’ai gardé ces codes")
    assert "il vous en reste 10" in eye.words()
    eye.look("factor-one")

    eye.press("Se déconnecter")
    eye.sign_in(address("app"), PASSWORD)
    eye.look("verification-app")
    eye.fill(code="000000")
    eye.press("Valider")
    assert "il a déjà servi" in eye.words()
    eye.look("verification-wrong")
    typed, step = fresh_code(seed, step)
    eye.fill(code=f" {typed[:3]} {typed[3:]} ")
    eye.press("Valider")
    assert "PLÂTRERIE" in eye.page.inner_text("header")

    eye.press("Se déconnecter")
    eye.sign_in(address("app"), PASSWORD)
    eye.follow("Utiliser un code de récupération")
    eye.look("verification-recovery")
    eye.fill(recovery_code=codes[0].lower())
    eye.press("Valider")
    assert "PLÂTRERIE" in eye.page.inner_text("header")

    eye.go("/compte/securite/")
    eye.page.get_by_role("link", name="Retirer Mon téléphone").click()
    eye.look("factor-remove")
    eye.press("Retirer")
    assert "Vous n’avez pas de second facteur" in eye.words()


def test_a_passkey_is_added_and_opens_the_second_step(eye, people):
    client, number = authenticator(eye)
    eye.sign_in(address("key"), PASSWORD)
    eye.go("/compte/securite/cle/")
    eye.look("factor-passkey")
    eye.press("Ajouter la clé d’accès")
    eye.page.wait_for_url("**/codes/")
    eye.go("/compte/securite/")
    assert "Ma clé d’accès" in eye.words()
    eye.go("/compte/securite/cle/")
    eye.press("Ajouter la clé d’accès")  # the same authenticator again
    eye.page.get_by_text("est déjà enregistrée").wait_for()
    eye.look("factor-passkey-known")

    eye.press("Se déconnecter")
    eye.sign_in(address("key"), PASSWORD)
    eye.look("verification-passkey")
    client.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": True})
    eye.press("Utiliser ma clé d’accès")
    eye.page.wait_for_url("**/sites/**")
    assert "PLÂTRERIE" in eye.page.inner_text("header")


def test_a_passkey_that_the_browser_does_not_find_says_so_and_can_be_tried_again(eye, people):
    client, number = authenticator(eye)
    eye.sign_in(address("bare"), PASSWORD)
    eye.go("/compte/securite/cle/")
    eye.press("Ajouter la clé d’accès")
    eye.page.wait_for_url("**/codes/")
    eye.press("Se déconnecter")
    credentials = client.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    client.send("WebAuthn.clearCredentials", {"authenticatorId": number})
    eye.sign_in(address("bare"), PASSWORD)
    eye.press("Utiliser ma clé d’accès")
    eye.page.get_by_text("Rien n’a été fait").wait_for()
    eye.look("verification-passkey-stopped")
    client.send("WebAuthn.addCredential", {"authenticatorId": number, "credential": credentials[0]})
    eye.press("Utiliser ma clé d’accès")
    eye.page.wait_for_url("**/sites/**")


def test_without_a_script_an_app_and_a_code_still_work(eye_without_javascript, people, portal):
    eye = eye_without_javascript
    eye.sign_in(address("colleague"), PASSWORD)
    eye.go("/compte/securite/application/")
    seed, step = add_app(eye)
    eye.press("Créer mes codes de récupération")
    code = eye.page.locator(".recovery-codes li").first.inner_text()
    assert eye.page.locator("[data-print]").is_hidden()
    eye.go("/compte/securite/application/")
    assert eye.page.get_by_role("button", name="Copier la clé").count() == 0
    eye.go("/compte/securite/cle/")
    assert "Une clé d’accès demande JavaScript" in eye.words()
    assert eye.page.get_by_role("button", name="Ajouter la clé d’accès").count() == 0
    eye.follow("Ajouter une application d’authentification")
    assert eye.page.inner_text("h1") == "Ajouter une application d’authentification"
    eye.press("Se déconnecter")
    eye.sign_in(address("colleague"), PASSWORD)
    typed, step = fresh_code(seed, step)
    eye.fill(code=typed)
    eye.press("Valider")
    eye.press("Se déconnecter")
    eye.sign_in(address("colleague"), PASSWORD)
    eye.follow("Utiliser un code de récupération")
    eye.fill(recovery_code=code)
    eye.press("Valider")
    assert "PLÂTRERIE" in eye.page.inner_text("header")


def test_staff_without_a_factor_add_one_before_anything_else(eye, people):
    """R45."""
    eye.sign_in(address("agent"), PASSWORD)
    eye.go("/admin/accounts/user/")
    assert re.search(r"/admin/second-facteur/\?", eye.page.url)
    eye.look("staff-factor-none")
    eye.follow("Ajouter une application d’authentification")
    add_app(eye)
    print_codes(eye, "staff")
    eye.follow("J’ai gardé ces codes")
    assert eye.page.url.endswith("/admin/accounts/user/")
    eye.go("/admin/second-facteur/")
    eye.look("staff-factor-one")
    eye.follow("Aller aux pages des agents")
    assert eye.page.url.endswith("/admin/")


def test_a_site_asks_for_a_second_factor(eye, people, chromium, portal):
    site = SITES["asked"]
    eye.sign_in(address("asked"), PASSWORD)
    eye.go(f"/sites/{site}/droits/")
    eye.look("site-factor-list")
    eye.follow("Exiger un second facteur")
    eye.look("site-factor-none")
    eye.follow("Utiliser ou ajouter un second facteur")
    assert "La page que vous ouvriez demande un second facteur" in eye.words()
    eye.follow("Ajouter une application d’authentification")
    add_app(eye)
    eye.follow("Plus tard")
    assert eye.page.url.endswith(f"/sites/{site}/droits/second-facteur/")
    eye.look("site-factor-ask")
    eye.press("Exiger un second facteur")
    assert "désormais exigé" in eye.words()

    portal.run(
        f"""
        from accounts.models import User
        from adherents.models import Site
        from delegations.models import Delegation, Role
        from django.contrib.auth.hashers import make_password
        from portal import clock
        now = clock.now()
        person = User.objects.create(email="asked2@facteur.example", is_active=True, first_name="Hugo",
            last_name="Weber", email_certified_at=now, password=make_password({PASSWORD!r}))
        Delegation.objects.create(site=Site.objects.get(cibtp_id={site!r}), beneficiary=person,
            role=Role.USER, read_bits=1, starts_on=clock.today(), accepted_at=now, confirmed_at=now)
        """
    )
    eye.press("Se déconnecter")
    eye.sign_in("asked2@facteur.example", PASSWORD)
    assert eye.page.inner_text("h1") == "Ce site exige un second facteur"
    eye.look("site-factor-needed")
    eye.follow("Utiliser ou ajouter un second facteur")
    assert f"Le site {site}, PLÂTRERIE ASKED, SIÈGE demande un second facteur" in eye.words()
    eye.look("site-factor-led")
    eye.follow("Ajouter une application d’authentification")
    add_app(eye)
    print_codes(eye, "site")
    eye.follow("J’ai gardé ces codes")
    assert eye.page.url.endswith(f"/sites/{site}/")
    assert "Bienvenue sur votre espace sécurisé" in eye.words()


def test_staff_reset_a_factor_that_was_lost(eye, people, demo, portal):
    """R47."""
    portal.run(
        """
        from accounts.models import Factor, User
        from portal.second_factor import seeds
        person = User.objects.create(email="perdu@facteur.example", is_active=True, first_name="Léa",
            last_name="Roux")
        Factor.objects.create(user=person, kind="totp", name="Ancien", seed=seeds.sealed(bytes(20)))
        print(person.pk)
        """
    )
    eye.sign_in(*demo["staff"])
    eye.go("/admin/accounts/user/?q=perdu")
    eye.page.locator("#result_list tbody th a").first.click()
    eye.follow("Réinitialiser le second facteur")
    eye.press("Réinitialiser le second facteur")
    assert "Dites comment" in eye.page.inner_text("#content")
    eye.page.fill("[name=reason]", "Rappelée au numéro du fichier.")
    eye.press("Réinitialiser le second facteur")
    assert "est réinitialisé" in eye.page.inner_text(".messagelist")
