"""« Certifier mon téléphone mobile » in Chromium: in place, and without JavaScript (R40, R41)."""

import re
import time

import pytest

from portal.demo.rights import COLLABORATOR, FOREMAN, PAYROLL
from tests.browser.conftest import Eye, watched

PAGE = "/compte/mobile/"


def code_sent_to(eye, number):
    """The code of the latest SMS to that number, read in another tab of the outbox."""
    tab = eye.page.context.new_page()
    limit = time.monotonic() + 30
    row = tab.locator("tbody tr", has_text="SMS").filter(has_text=number)
    tab.goto(eye.origin + "/boite-d-envoi/")
    while not row.count():
        assert time.monotonic() < limit, f"no SMS to {number}"
        time.sleep(0.3)
        tab.goto(eye.origin + "/boite-d-envoi/")
    row.first.get_by_role("link").click()
    code = re.search(r"Votre code est (\d{6})", tab.inner_text(".mail-text"))
    tab.close()
    assert code is not None
    return code[1]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


@pytest.fixture
def plain(chromium, portal):
    """A browser session without JavaScript."""
    faults = []
    context = chromium.new_context(locale="fr-FR", java_script_enabled=False)
    yield Eye(watched(context, faults), portal.origin)
    context.close()
    assert faults == []


def test_with_javascript_the_part_alone_changes(eye, demo):
    eye.sign_in(*demo["one"])
    eye.go(PAGE)
    eye.look("mobile-empty")
    eye.press("Certifier")
    eye.page.get_by_text("Saisissez votre numéro de téléphone mobile.").first.wait_for()
    eye.page.evaluate("window.samePage = true")
    eye.fill(mobile="06 12 34 56 12")
    eye.press("Certifier")
    code_field = eye.page.get_by_label("Code reçu par SMS")
    code_field.wait_for()
    eye.page.wait_for_function("document.activeElement.name === 'mobile_code'")
    assert eye.page.evaluate("window.samePage")
    eye.press("Recevoir un autre code")
    eye.page.get_by_text("Vous pourrez demander un autre code dans une minute.").wait_for()
    eye.page.get_by_text("Un code a été envoyé au").wait_for(timeout=20_000)  # told without being asked
    eye.look("mobile-limit")
    code = code_sent_to(eye, "06 12 34 56 12")
    eye.fill(mobile_code=wrong(code))
    eye.page.locator("[name=mobile_code]").press("Enter")
    eye.page.get_by_text("il vous reste 4 essais").wait_for()
    eye.page.wait_for_function("document.activeElement.name === 'mobile_code'")
    eye.look("mobile-wrong")
    eye.fill(mobile_code=f"Votre code : {code[:3]} {code[3:]}")
    eye.press("Valider le code")
    eye.page.get_by_text("Certifié le").wait_for()
    assert eye.page.evaluate("window.samePage")
    eye.look("mobile-certified")
    eye.go(PAGE)
    assert "Certifié le" in eye.words()


def test_without_javascript_each_step_is_a_page(plain, demo):
    plain.sign_in(*demo["several"])
    plain.go(PAGE)
    plain.press("Certifier")
    assert "Saisissez votre numéro de téléphone mobile." in plain.words()
    plain.fill(mobile="07 45 12 34 34")
    plain.press("Certifier")
    code = code_sent_to(plain, "07 45 12 34 34")
    plain.fill(mobile_code=wrong(code))
    plain.press("Valider le code")
    assert "il vous reste 4 essais" in plain.words()
    plain.fill(mobile_code=code)
    plain.press("Valider le code")
    assert "Votre téléphone mobile est certifié." in plain.words()
    assert "Certifié le" in plain.words()


A_LETTER = """
from tests.factories import AdherentFactory, SiteFactory, letters_of
company = AdherentFactory(number="45131", company_name="COUVERTURES DU SAINTOIS", siren="451316004")
site = SiteFactory(adherent=company, cibtp_id="45131-001-56", siret="45131600400014")
print("code", letters_of(site)[0])
"""


def test_at_step_two_of_an_opening_nothing_typed_is_lost(eye, portal):
    """With JavaScript the passwords too; Enter sends the form, not an SMS."""
    code = re.search(r"^code (\S+)$", portal.run(A_LETTER), re.MULTILINE).group(1)
    eye.go("/ouverture/")
    eye.fill(cibtp_id="45131-001-56", siret="45131600400014", code=code)
    eye.press("Valider")
    certify = eye.page.get_by_role("button", name="Certifier", exact=True)
    assert not certify.is_visible()
    eye.page.get_by_role("button", name="Valider", exact=True).last.click()
    eye.page.get_by_text("Le formulaire comporte").wait_for()
    eye.fill(email="zoe@exemple.fr", password="Ardoise-Grise-7", mobile="06 98 76 54")
    assert not certify.is_visible()
    eye.fill(mobile="06 98 76 54 32")
    eye.look("mobile-beside")
    certify.click()
    eye.page.get_by_label("Code reçu par SMS").wait_for()
    assert eye.page.input_value("[name=password]") == "Ardoise-Grise-7"
    assert not eye.page.locator("[data-error-summary]").count()
    assert not eye.page.title().startswith("Erreur")
    eye.look("mobile-opening")
    eye.fill(mobile_code=code_sent_to(eye, "06 98 76 54 32"))
    eye.press("Valider le code")
    eye.page.get_by_text("Certifié le").wait_for()
    assert eye.page.input_value("[name=password]") == "Ardoise-Grise-7"
    eye.look("mobile-opening-certified")
    eye.page.locator("[name=email]").press("Enter")
    eye.page.get_by_text("Le formulaire comporte").wait_for()
    assert "Certifié le" in eye.words()
    eye.fill(landline="03 83 12 34 56")
    eye.go("/ouverture/connexion/")
    held = {name: eye.page.input_value(f"[name={name}]") for name in ("email", "landline", "password")}
    assert held == {"email": "zoe@exemple.fr", "landline": "03 83 12 34 56", "password": ""}
    eye.press("Retour à l’étape précédente")
    eye.fill(code=f"Votre code confidentiel : {code}")
    eye.press("Valider")
    eye.page.locator("[name=password]").wait_for()
    assert eye.page.input_value("[name=landline]") == "03 83 12 34 56"
    assert "Certifié le" in eye.words()


def at_contact(eye, person):
    """On « Modifier contact », once the password is proved again."""
    eye.sign_in(person.email, person.password)
    eye.go("/compte/contact/")
    eye.fill(reauth_password=person.password)
    eye.press("Continuer")
    eye.page.locator("[name=mobile]").wait_for()


def test_the_badge_goes_with_the_number_that_was_certified(eye):
    at_contact(eye, PAYROLL)
    eye.fill(mobile="07 67 89 01 23")
    eye.press("Certifier")
    eye.page.get_by_label("Code reçu par SMS").wait_for()
    eye.fill(mobile_code=code_sent_to(eye, "07 67 89 01 23"))
    eye.press("Valider le code")
    badge = eye.page.locator("[data-certified-state]")
    badge.wait_for()
    certify = eye.page.get_by_role("button", name="Certifier", exact=True)
    for typed, is_certified in (("07 67 89 01 24", False), ("+33 (0)7.67.89.01.23", True), ("", False)):
        eye.fill(mobile=typed)
        assert badge.is_visible() is is_certified
        assert certify.is_visible() is (bool(typed) and not is_certified)
    eye.look("mobile-contact")


def test_certifier_is_large_enough_for_a_finger(chromium, portal):
    context = chromium.new_context(locale="fr-FR", has_touch=True, is_mobile=True)
    touch = Eye(context.new_page(), portal.origin)
    at_contact(touch, COLLABORATOR)
    touch.fill(mobile="06 44 55 66 77")
    beside = touch.page.get_by_role("button", name="Certifier", exact=True).bounding_box()
    touch.press("Enregistrer les coordonnées")
    touch.page.wait_for_url("**/compte/")
    alone = touch.page.get_by_role("link", name="Certifier", exact=True).bounding_box()
    assert min(beside["height"], alone["height"]) >= 44
    context.close()


def test_signed_out_meanwhile_the_button_leads_to_the_sign_in_page(eye):
    eye.sign_in(FOREMAN.email, FOREMAN.password)
    eye.go(PAGE)
    eye.page.context.clear_cookies(name="session")
    eye.press("Certifier")
    eye.page.wait_for_url("**/connexion/**")
    eye.page.get_by_role("button", name="Connexion", exact=True).wait_for()
    assert eye.page.locator("h1").count() == 1
