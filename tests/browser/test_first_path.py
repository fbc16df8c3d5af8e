"""From the caisse's extract to the company's page: the first employer walks in."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.conftest import mail_to
from tests.browser.letters import imported_and_printed, write_extract
from tests.imports.extract_files import COLUMNS

PASSWORD = "Ardoise-Grise-7"


def extract_in(folder):
    """A caisse's extract (EXTRACT_DIR), or two hundred sites made up."""
    given = os.environ.get("EXTRACT_DIR")
    if not given:
        return write_extract(folder, first=41000, sites=200)
    folder.mkdir()
    for name in COLUMNS:
        shutil.copy(Path(given) / name, folder)


@pytest.fixture(scope="module")
def pairs(portal, tmp_path_factory):
    """Two hundred sites imported, their letters printed and read back."""
    folder = tmp_path_factory.mktemp("caisse")
    extract_in(folder / "extract")
    return imported_and_printed(portal, folder / "extract", folder / "letters")


def identify(eye, pair):
    eye.go("/ouverture/")
    eye.fill(cibtp_id=pair.cibtp_id, siret=pair.siret, code=pair.code)
    eye.press("Valider")


def connect(eye, email, password=PASSWORD):
    eye.fill(email=email, email_again=email, password=password, password_again=password)
    eye.press("Valider")


def test_an_employer_opens_activates_signs_in_and_reads_his_companys_page(eye, pairs):
    pair = pairs[0]
    assert len(pairs) == 200
    eye.go("/")
    eye.look("sign-in")
    eye.follow("Je crée mon espace sécurisé")
    eye.follow("Je n’ai pas besoin d’aide")
    eye.look("opening-1")
    identify(eye, pair)
    eye.look("opening-2")
    connect(eye, "zoe@premier.example")
    assert "/ouverture/terminee/" in eye.page.url
    eye.look("opening-done")

    link = mail_to(eye, "zoe@premier.example", "Activez votre espace sécurisé")
    eye.look("outbox-mail")
    eye.go(link)
    eye.look("activation-ready")
    eye.press("Activer mon compte")
    assert "Votre compte est activé" in eye.words()
    eye.look("sign-in-after-activation")

    eye.fill(email="Zoe@Premier.example", password=PASSWORD)
    eye.press("Connexion")
    eye.look("terms")
    eye.accept_terms()
    assert eye.page.url.endswith(f"/sites/{pair.cibtp_id}/")
    assert "Bienvenue sur votre espace sécurisé" in eye.words()
    eye.look("home")
    eye.page.locator("a.tile", has_text="Mes informations adhérent").click()
    assert pair.cibtp_id in eye.words()
    assert pair.siret in eye.words().replace("\u00a0", "")
    eye.look("profile")
    eye.page.get_by_role("link", name="Contacter ma caisse").first.click()
    eye.look("contact")
    eye.go(link)
    assert "déjà activé" in eye.words()
    eye.look("activation-used")
    eye.go(f"/sites/{pairs[1].cibtp_id}/")
    eye.look("not-found")
    assert pairs[1].cibtp_id not in eye.page.content()
    eye.go(f"/sites/{pair.cibtp_id}/")
    eye.press("Se déconnecter")
    assert eye.page.url.endswith("/connexion/")
    eye.back()
    assert "Bienvenue sur votre espace sécurisé" not in eye.page.content()


def test_a_mistyped_address_is_corrected_at_step_two(eye, pairs):
    identify(eye, pairs[2])
    connect(eye, "lioc@second.example")
    first = mail_to(eye, "lioc@second.example", "Activez")
    eye.go("/ouverture/terminee/")
    eye.follow("Corriger mon adresse électronique")
    eye.look("opening-correction")
    eye.press("Envoyer le lien à cette adresse")
    eye.look("opening-correction-errors")
    eye.fill(email="loic@second.example", email_again="loic@second.example")
    eye.press("Envoyer le lien à cette adresse")
    assert "loic@second.example" in eye.words()
    eye.look("opening-corrected")
    eye.go(first)
    assert "Ce lien a été remplacé" in eye.words()
    eye.look("activation-replaced")
    eye.go(mail_to(eye, "loic@second.example", "Activez"))
    eye.press("Activer mon compte")
    eye.sign_in("loic@second.example", PASSWORD)
    assert eye.page.url.endswith(f"/sites/{pairs[2].cibtp_id}/")


def test_an_address_that_has_an_account_leads_to_the_association(eye, pairs, demo):
    email, password = demo["one"]
    identify(eye, pairs[3])
    connect(eye, email)
    assert "Merci d’avoir finalisé l’ouverture du compte." in eye.words()
    eye.look("opening-done-known-address")
    eye.go(mail_to(eye, email, "Un espace existe déjà"))
    eye.look("association-1")
    eye.fill(cibtp_id=pairs[3].cibtp_id, siret=pairs[3].siret, code=pairs[3].code)
    eye.press("Valider")
    eye.look("association-2")
    eye.fill(email=email, password="faux")
    eye.press("Valider")
    eye.look("association-2-errors")
    eye.fill(email=email, password=password)
    eye.press("Valider")
    assert "a bien été effectuée" in eye.words()
    eye.look("association-done")
    eye.fill(email=email, password=password)
    eye.press("Connexion")
    assert eye.page.url.endswith("/sites/")
    assert pairs[3].cibtp_id in eye.words()


def test_an_opening_never_activated_gives_its_code_back(eye, pairs, portal):
    pair = pairs[4]
    identify(eye, pair)
    connect(eye, "partie@trois.example")
    link = mail_to(eye, "partie@trois.example", "Activez")
    portal.run(
        f"""
        import datetime as dt
        from accounts.models import Opening
        opening = Opening.objects.get(site__cibtp_id="{pair.cibtp_id}")
        opening.opened_at -= dt.timedelta(days=7)
        opening.save()
        """
    )
    eye.go(link)
    assert "Ce lien ne sert plus" in eye.words()
    eye.look("activation-dead")
    eye.page.context.clear_cookies()
    identify(eye, pair)
    connect(eye, "revenue@trois.example")
    eye.go(mail_to(eye, "revenue@trois.example", "Activez"))
    eye.press("Activer mon compte")
    assert "Votre compte est activé" in eye.words()


def test_who_comes_second_reads_that_the_code_was_just_used(eye, pairs, chromium, portal):
    other = chromium.new_context()
    rival = type(eye)(other.new_page(), portal.origin)
    for browser in (eye, rival):
        identify(browser, pairs[5])
    connect(rival, "premiere@quatre.example")
    connect(eye, "seconde@quatre.example")
    assert "Ce code vient d’être utilisé" in eye.page.inner_text("h1")
    eye.look("code-just-used")
    other.close()


def test_an_expired_link_sends_a_new_one(eye, pairs, portal):
    identify(eye, pairs[6])
    connect(eye, "tard@cinq.example")
    old = portal.run(
        f"""
        import time
        from unittest import mock
        from accounts.models import Opening
        from portal import tokens
        opening = Opening.objects.get(site__cibtp_id="{pairs[6].cibtp_id}")
        with mock.patch("time.time", return_value=time.time() - 90_000):
            print(tokens.make("activation", opening.pk, opening.link_number))
        """
    ).strip()
    eye.go(f"/activation/{old}/")
    assert "Ce lien a expiré" in eye.words()
    eye.look("activation-expired")
    eye.press("Recevoir un nouveau lien")
    eye.look("activation-renewed")


def test_the_whole_path_works_without_javascript(eye_without_javascript, pairs):
    eye = eye_without_javascript
    identify(eye, pairs[7])
    connect(eye, "sans@script.example")
    eye.go(mail_to(eye, "sans@script.example", "Activez"))
    eye.press("Activer mon compte")
    eye.sign_in("sans@script.example", PASSWORD)
    assert "Bienvenue sur votre espace sécurisé" in eye.words()
    eye.page.locator("a.tile", has_text="Mes informations adhérent").click()
    assert pairs[7].cibtp_id in eye.words()


def test_one_signs_in_and_reads_with_the_keyboard_alone(eye, demo):
    email, password = demo["several"]
    keys = eye.page.keyboard
    eye.go("/connexion/")
    keys.press("Tab")
    assert eye.page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    keys.press("Enter")
    reach(eye, "[name=email]")
    keys.type(email)
    keys.press("Tab")
    keys.type(password)
    keys.press("Enter")
    eye.page.wait_for_url("**/sites/**")
    reach(eye, "[name=site]")
    keys.press("ArrowDown")
    reach(eye, "button:text-is('Valider')")
    keys.press("Enter")
    eye.page.wait_for_url("**/sites/30417-00*/**")


# A radio group has one Tab stop: any radio of the group will do.
HAS_FOCUS = """element => element === document.activeElement
    || (element.type === "radio" && document.activeElement.name === element.name)"""


def reach(eye, selector, steps=40):
    """Press Tab until the focus stands on that element."""
    target = eye.page.locator(selector).first
    for _ in range(steps):
        if target.evaluate(HAS_FOCUS):
            return
        eye.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")
