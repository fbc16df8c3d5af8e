"""Rights given in Chromium: with the script, without it, with the keyboard alone, on each width."""

import re

import pytest

from tests.browser.conftest import mail_to

SITE = "/sites/31520-001-92/droits/"
NARROW = 320


@pytest.fixture
def owner(eye, demo):
    """The Administrateur of one site, on « Ajout de délégation »."""
    eye.sign_in(*demo["one"])
    eye.go(f"{SITE}ajouter/")
    return eye


def press(eye, words):
    """Press the last button of that name: the first « Valider » is for the Enter key only."""
    with eye.page.expect_navigation():
        eye.page.get_by_role("button", name=words, exact=True).last.click()


def level_of(eye, code):
    """The level ticked in a row, as it is sent."""
    return eye.page.locator(f"input[name='droit.{code}']:checked").input_value()


def radio(eye, words):
    """The radio of that accessible name."""
    return eye.page.get_by_role("radio", name=words, exact=True)


def test_rights_are_given_with_a_profile_and_shown_before_they_are_saved(owner):
    eye, page = owner, owner.page
    eye.look("rights-add")
    press(eye, "Valider")
    assert "Le formulaire comporte 2 erreurs" in eye.words()
    eye.look("rights-add-errors")
    page.get_by_role("link", name=re.compile("Aucun droit n’est donné")).click()
    assert page.evaluate("document.activeElement.id") == "tableau"
    page.fill("[name=email]", "profil@exemple.fr")
    page.select_option("[name=profile]", label="Paie")
    press(eye, "Remplir avec ce profil")
    radio(eye, "Consultation Mes informations adhérent").check()
    assert page.get_by_text("Diffère du profil Paie").first.is_visible()
    eye.look("rights-add-profile")
    radio(eye, "Aucun droit Mes informations adhérent").check()
    assert not page.get_by_text("Diffère du profil Paie").first.is_visible()
    press(eye, "Voir ce que verra ce bénéficiaire")
    eye.look("rights-preview")
    press(eye, "Revenir au formulaire")
    press(eye, "Valider")
    assert "Gérer mes salariés\u00a0: Mise à jour" in eye.words()
    eye.look("rights-check")
    press(eye, "Donner ces droits")
    assert "Une invitation est envoyée à profil@exemple.fr" in eye.words()
    assert "/delegation/" in mail_to(eye, "profil@exemple.fr", "Des droits vous sont donnés")


def test_a_columns_button_acts_in_place_and_says_what_it_did(owner):
    eye, page = owner, owner.page
    address = page.url
    page.get_by_role("button", name="Tout mettre en Consultation", exact=True).click()
    assert page.inner_text("[data-rights-said]") == "17 droits passés à Consultation, non enregistrés"
    assert page.url == address
    assert level_of(eye, "employees.employee") == "1"
    page.get_by_role("button", name="Tout mettre en Mise à jour", exact=True).click()
    assert page.inner_text("[data-rights-said]") == "11 droits passés à Mise à jour, non enregistrés"
    assert level_of(eye, "employees.planning") == "1"


def test_the_box_of_the_role_sets_everything_and_locks_it_then_gives_it_back(owner):
    eye, page = owner, owner.page
    radio(eye, "Consultation Gérer mes salariés").check()
    page.get_by_label("Cadre", exact=True).uncheck()
    page.get_by_label("Administrateur", exact=True).check()
    assert level_of(eye, "employees.employee") == "2"
    assert level_of(eye, "employees.planning") == "1"
    assert radio(eye, "Aucun droit Gérer mes salariés").is_disabled()
    assert page.get_by_label("Cadre", exact=True).is_checked()
    for words in ("Remplir avec ce profil", "Distinguer par collège"):
        assert page.get_by_role("button", name=words, exact=True).is_disabled()
    eye.look("rights-locked")
    page.fill("[name=email]", "x")
    press(eye, "Valider")
    page.get_by_label("Administrateur", exact=True).uncheck()
    assert level_of(eye, "employees.employee") == "1"
    assert not page.get_by_label("Cadre", exact=True).is_checked()


def test_the_colleges_told_apart(owner):
    eye, page = owner, owner.page
    page.get_by_label("Ouvrier", exact=True).uncheck()
    press(eye, "Distinguer par collège")
    assert not radio(eye, "Consultation Gérer mes salariés Ouvrier").is_visible()
    radio(eye, "Mise à jour Gérer mes salariés ETAM").check()
    radio(eye, "Consultation Gérer mes salariés Cadre").check()
    page.get_by_role("button", name="Tout mettre en Consultation pour ETAM", exact=True).click()
    assert level_of(eye, "employees.employee.etam") == "1"
    assert level_of(eye, "employees.group_leave.cadre") == "0"
    page.evaluate("scrollTo(0, 0)")  # nothing half hidden by the head of the table
    eye.look("rights-apart")
    page.fill("[name=email]", "colleges@exemple.fr")
    press(eye, "Valider")
    assert "Gérer mes salariés (ETAM et Cadre)\u00a0: Consultation" in eye.words()
    press(eye, "Modifier")
    assert level_of(eye, "employees.employee.cadre") == "1"


def test_with_the_keyboard_alone_one_stop_for_each_row_and_each_button(owner):
    eye, page = owner, owner.page
    page.focus("[name=email]")
    page.keyboard.type("clavier@exemple.fr")
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "(() => { const e = document.activeElement; return e.name + '|' + e.innerText.trim(); })()"
        )
        stops.append(stop)
        if stop.startswith("droit.employees.employee|"):
            page.keyboard.press("ArrowDown")
        if stop.endswith("|Valider"):
            break
    rows = [stop for stop in stops if stop.startswith("droit.")]
    buttons = [stop for stop in stops if stop.startswith("do|")]
    assert len(rows) == len(set(rows)) == 17
    assert len(buttons) == 2 + 3 + 1 + 1  # profile and collèges, heads, preview, « Valider »
    assert level_of(eye, "employees.employee") == "1"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Gérer mes salariés\u00a0: Consultation" in eye.words()


def test_enter_in_a_field_shows_the_summary(owner):
    eye, page = owner, owner.page
    radio(eye, "Consultation Gérer mes salariés").check()
    page.fill("[name=email]", "entree@exemple.fr")
    with page.expect_navigation():
        page.press("[name=email]", "Enter")
    assert "Vérifier avant d’enregistrer" in page.inner_text("h1")


def test_at_320_pixels_nothing_is_lost(owner):
    eye, page = owner, owner.page
    for state in ("whole", "apart"):
        page.set_viewport_size({"width": NARROW, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, state
        assert radio(eye, re.compile("^Mise à jour Gérer mes salariés")).first.is_visible()
        if state == "whole":
            press(eye, "Distinguer par collège")


def test_the_head_stays_in_sight_while_the_rows_scroll(owner):
    page = owner.page
    radio(owner, "Consultation Mes documents").scroll_into_view_if_needed()
    box = page.locator(".rights-table thead th").first.bounding_box()
    assert 0 <= box["y"] < 300


def test_the_whole_path_without_a_script(eye_without_javascript, demo):
    eye = eye_without_javascript
    page = eye.page
    eye.sign_in(*demo["one"])
    eye.go(f"{SITE}ajouter/")
    page.fill("[name=email]", "sans-script@exemple.fr")
    press(eye, "Tout mettre en Consultation")
    assert "17 droits passés à Consultation, non enregistrés" in eye.words()
    press(eye, "Distinguer par collège")
    radio(eye, "Mise à jour Gérer mes salariés ETAM").check()
    press(eye, "Valider")
    assert "Gérer mes salariés (ETAM)\u00a0: Mise à jour" in eye.words()
    press(eye, "Modifier")
    assert level_of(eye, "employees.employee.etam") == "2"
    press(eye, "Valider")
    press(eye, "Donner ces droits")
    assert "Une invitation est envoyée à sans-script@exemple.fr" in eye.words()


def test_the_box_of_the_role_locks_the_table_without_a_script(eye_without_javascript, demo):
    eye = eye_without_javascript
    page = eye.page
    eye.sign_in(*demo["one"])
    eye.go(f"{SITE}ajouter/")
    radio(eye, "Consultation Gérer mes salariés").check()
    page.get_by_label("Administrateur", exact=True).check()
    press(eye, "Distinguer par collège")
    assert page.evaluate("document.activeElement.id") == "tableau-dit"
    assert radio(eye, "Mise à jour Gérer mes salariés ETAM").is_checked()
    assert radio(eye, "Aucun droit Gérer mes salariés ETAM").is_disabled()
    page.screenshot(path="screenshots/rights-locked-no-script.png", full_page=True)
    page.get_by_label("Administrateur", exact=True).uncheck()
    press(eye, "Ne plus distinguer par collège")
    assert level_of(eye, "employees.employee") == "1"


def test_enter_in_the_search_of_sites_without_a_script(eye_without_javascript, demo):
    eye = eye_without_javascript
    page = eye.page
    eye.sign_in(*demo["several"])
    eye.go("/sites/30417-003-56/droits/plusieurs-sites/")
    page.fill("[name=site_search]", "troyes")
    with page.expect_navigation():
        page.press("[name=site_search]", "Enter")
    assert "1 site trouvé pour" in eye.words()
    assert page.evaluate("document.activeElement.id") == "sites-dit"
    page.screenshot(path="screenshots/rights-several-found.png", full_page=True)
    with page.expect_navigation():
        page.press("[name=email]", "Enter")
    assert "Le formulaire comporte" in eye.words()


def test_rights_are_changed_and_only_what_changes_is_shown(owner):
    eye, page = owner, owner.page
    page.fill("[name=email]", "modifiee@exemple.fr")
    radio(eye, "Consultation Mes comptes bancaires").check()
    press(eye, "Valider")
    press(eye, "Donner ces droits")
    page.locator("tr", has_text="modifiee@exemple.fr").get_by_role(
        "link", name=re.compile("^Modification")
    ).click()
    page.wait_for_url("**/modifier/")
    eye.look("rights-change")
    press(eye, "Valider")
    assert "Rien n’a changé" in eye.words()
    radio(eye, "Mise à jour Mes comptes bancaires").check()
    page.fill("[name=ends_on]", "31/12/2099")
    press(eye, "Valider")
    eye.look("rights-change-check")
    assert "Sans date de fin → 31/12/2099 inclus" in eye.words()
    press(eye, "Enregistrer ces modifications")
    assert "sont modifiés" in eye.words()


def test_several_sites_at_once(eye, demo):
    eye.sign_in(*demo["several"])
    eye.go("/sites/30417-003-56/droits/ajouter/")
    eye.follow("Donner les mêmes droits sur plusieurs sites")
    page = eye.page
    eye.look("rights-several")
    page.fill("[name=site_search]", "troyes")
    with page.expect_navigation():
        page.press("[name=site_search]", "Enter")
    page.get_by_label(re.compile("AGENCE DE TROYES")).check()
    page.fill("[name=email]", "plusieurs@exemple.fr")
    radio(eye, "Consultation Mes documents").check()
    press(eye, "Valider")
    eye.look("rights-several-check")
    press(eye, "Donner ces droits")
    assert "Droits donnés sur 30417-002-56" in eye.words()
    eye.look("rights-several-done")


A_COMPANY = """
from django.contrib.auth.hashers import make_password
from accounts.models import User
from adherents.models import AccountingFirm, Adherent, Site
from delegations.giving import name_administrator
from portal import clock
from portal.origin import COMMAND
firm, _ = AccountingFirm.objects.get_or_create(siret="41816609600023", defaults={"name": "FIDUCIAIRE"})
company = Adherent.objects.create(number="45120", company_name="ENDUITS DU VAIR", siren="418166096")
site = Site.objects.create(adherent=company, cibtp_id="45120-001-56", siret="41816609600031", name="SIÈGE")
owner = User.objects.create(
    email="ines@enduits.fr", first_name="Inès", last_name="Cuny", is_active=True,
    email_certified_at=clock.now(), password=make_password("Ardoise-Grise-7"),
)
name_administrator(site=site, user=owner, origin=COMMAND)
"""


def test_the_firm_of_a_company(eye, portal):
    portal.run(A_COMPANY)
    eye.sign_in("ines@enduits.fr", "Ardoise-Grise-7")
    firm = "/sites/45120-001-56/droits/cabinet/"
    eye.go(firm)
    assert "Aucun cabinet comptable n’est identifié" in eye.words()
    eye.look("rights-no-firm")
    portal.run(
        """
        from adherents.models import AccountingFirm, Adherent
        firm = AccountingFirm.objects.get(siret="41816609600023")
        Adherent.objects.filter(number="45120").update(accounting_firm=firm)
        """
    )
    eye.go(firm)
    assert "Cabinet Comptable délégable\u00a0: FIDUCIAIRE" in eye.words()
    eye.look("rights-firm")
    eye.page.fill("[name=email]", "responsable@fiduciaire.fr")
    radio(eye, "Mise à jour Gérer mes salariés").check()
    press(eye, "Valider")
    press(eye, "Donner ces droits")
    assert "vous aurez à confirmer votre cabinet" in eye.words()
    eye.go(firm)
    assert "invitation envoyée à responsable@fiduciaire.fr" in eye.words()
    eye.look("rights-firm-given")


def test_the_form_of_a_profile_in_the_staffs_pages(eye, demo):
    eye.sign_in(*demo["staff"])
    eye.go("/admin/delegations/rightsprofile/")
    eye.page.get_by_role("link", name="Paie").click()
    eye.page.select_option("[name=documents_upload]", label="Consultation")
    eye.page.screenshot(path="screenshots/rights-profile-admin.png", full_page=True)
    assert eye.page.locator("select").count() == 17
