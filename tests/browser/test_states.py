"""Every page full, empty and with errors, at both widths, held against axe."""

from tests.browser.conftest import mail_to
from tests.embedded_portal import EmbeddedPortal

STAFF_PAGES = (
    "adherents/adherent",
    "adherents/site",
    "adherents/accountingfirm",
    "accounts/user",
    "accounts/opening",
    "accounts/letterbatch",
    "accounts/provisionalcode",
    "delegations/delegation",
    "journal/entry",
    "messaging/message",
    "limits/counter",
)


def test_the_sign_in_page_with_errors(eye):
    eye.go("/connexion/")
    eye.press("Connexion")
    eye.look("sign-in-empty")
    assert eye.page.title().startswith("Erreur")
    eye.fill(email="personne@exemple.fr", password="Faux-mot-2-passe")
    eye.press("Connexion")
    assert "n’est pas correct" in eye.words()
    eye.look("sign-in-wrong")


def test_too_many_tries(eye):
    for _ in range(6):
        eye.sign_in("bloquee@exemple.fr", "faux")
    assert "Trop de tentatives" in eye.page.inner_text("h1")
    eye.look("too-many-tries")


def test_a_password_can_be_shown_and_its_rules_tick_as_one_types(eye, portal):
    eye.go("/connexion/")
    eye.fill(password="Visible-1")
    eye.press("Afficher le mot de passe")
    assert eye.page.get_attribute("[name=password]", "type") == "text"


def test_the_opening_with_errors(eye):
    eye.go("/ouverture/")
    eye.press("Valider")
    eye.look("opening-1-empty")
    eye.fill(cibtp_id="29209-001-12", siret="73282932000074", code="AAAA-AAAA-AA")
    eye.press("Valider")
    assert "ne permettent pas d’ouvrir un espace" in eye.words()
    eye.look("opening-1-wrong")


def test_the_second_step_with_errors(eye, portal):
    text = portal.printed
    values = {}
    for name, label in (
        ("cibtp_id", "Identifiant CIBTP"),
        ("siret", "Numéro de SIRET"),
        ("code", "Code confidentiel"),
    ):
        values[name] = next(line.split()[-1] for line in text.splitlines() if label in line)
    eye.go("/ouverture/")
    eye.fill(**values)
    eye.press("Valider")
    eye.press("Valider")
    eye.look("opening-2-empty")
    eye.fill(
        email="marie", email_again="x", password="Conges2026!", password_again="y", mobile="03 83 12 34 56"
    )
    eye.press("Valider")
    eye.look("opening-2-wrong")
    assert eye.page.input_value("[name=mobile]") == "03 83 12 34 56"
    eye.page.locator(".error-summary a").first.click()
    assert eye.page.evaluate("document.activeElement.name") == "email"


def test_the_forgotten_password(eye, demo):
    eye.go("/mot-de-passe/oublie/")
    eye.look("forgotten")
    eye.press("Valider")
    eye.look("forgotten-empty")
    eye.fill(email=demo["several"][0])
    eye.press("Valider")
    eye.look("forgotten-sent")
    link = mail_to(eye, demo["several"][0], "Choisir un nouveau mot de passe")
    eye.go(link)
    eye.look("new-password")
    eye.fill(password="Conges2026!", password_again="x")
    eye.press("Enregistrer le mot de passe")
    eye.look("new-password-wrong")
    eye.go("/mot-de-passe/nouveau/1-abc-def/")
    eye.look("new-password-dead")


def test_the_choice_of_a_site(eye, demo):
    eye.sign_in(*demo["several"])
    eye.look("choice")
    eye.press("Valider")
    assert "Aucune ligne n’est sélectionnée" in eye.words()
    eye.look("choice-nothing-chosen")
    eye.fill(q="troyes")
    eye.press("Rechercher")
    assert "1 site sur 4" in eye.words()
    eye.look("choice-found")
    eye.fill(q="reims")
    eye.page.locator("tbody tr", has_text="AGENCE DE REIMS").wait_for()
    assert "AGENCE DE TROYES" not in eye.words()
    assert eye.page.evaluate("document.activeElement.name") == "q"
    eye.fill(q="introuvable")
    eye.press("Rechercher")
    eye.look("choice-nothing-found")
    eye.go("/sites/")
    eye.page.get_by_role("button", name="Favori").nth(2).click()
    eye.look("choice-favourite")
    eye.page.get_by_role("button", name="Favori").nth(0).click()
    eye.page.locator("[name=site]").nth(1).check()
    eye.press("Valider")
    assert "Bienvenue sur votre espace sécurisé" in eye.words()
    eye.follow("Changer de tiers")
    eye.follow("Annuler")
    assert "Bienvenue sur votre espace sécurisé" in eye.words()


def test_somebody_without_a_site(eye, demo):
    eye.sign_in(*demo["staff"])
    eye.go("/sites/")
    assert "Aucun site ne vous est ouvert" in eye.page.inner_text("h1")
    eye.look("no-site")


def test_a_page_without_the_right(eye, demo, portal):
    portal.run(
        """
        from accounts.models import User
        from adherents.models import Site
        from delegations.matrix import RightsMatrix
        from delegations.models import Delegation
        from django.contrib.auth.hashers import make_password
        from portal import clock
        from portal.access.levels import Access
        reader = User.objects.create(
            email="lectrice@exemple.fr", first_name="Inès", last_name="Prévôt", is_active=True,
            password=make_password("Ardoise-Grise-7"),
        )
        matrix = RightsMatrix.of({("adherents.statement", None): Access.READ})
        Delegation.objects.create(
            site=Site.objects.get(cibtp_id="31520-001-92"), beneficiary=reader, role="user",
            read_bits=matrix.read_bits, starts_on=clock.today(),
        )
        """
    )
    eye.sign_in("lectrice@exemple.fr", "Ardoise-Grise-7")
    eye.look("home-few-rights")
    eye.go("/sites/31520-001-92/adherent/informations/")
    assert "Anaïs Lefèvre" in eye.words()
    eye.look("refused")


def test_the_closed_site_and_the_menus(eye, demo):
    eye.sign_in(*demo["several"])
    eye.go("/sites/30417-004-56/adherent/informations/")
    assert "30/06/2026" in eye.words()
    eye.look("profile-closed-site")
    menu = eye.page.locator("details[data-menu] summary").first
    menu.click()
    entry = eye.page.get_by_role("link", name="Mes informations adhérent").first
    assert entry.is_visible()
    eye.look("menu-open")
    eye.page.keyboard.press("Escape")
    assert not entry.is_visible()


def test_the_staffs_pages(eye, demo):
    eye.sign_in(*demo["staff"])
    assert eye.page.url.endswith("/admin/")
    for page in STAFF_PAGES:
        eye.go(f"/admin/{page}/")
        assert "Espace sécurisé" in eye.page.title()
        link = eye.page.locator("#result_list tbody th a, #result_list tbody td a")
        if link.count():
            link.first.click()
            eye.page.wait_for_url("**/change/**")
            assert eye.page.locator("#content h1, #content-main h1, h1").count() >= 1


def test_the_empty_outbox_says_what_will_come(eye, tmp_path_factory):
    fresh = EmbeddedPortal(tmp_path_factory.mktemp("fresh") / "var")
    fresh.start()
    try:
        eye.go(f"{fresh.origin}/boite-d-envoi/")
        assert "Aucun courriel n’est encore parti" in eye.words()
        eye.look("outbox-empty")
    finally:
        fresh.stop()


def test_the_outbox_with_mails(eye, demo):
    eye.go("/mot-de-passe/oublie/")
    eye.fill(email=demo["one"][0])
    eye.press("Valider")
    mail_to(eye, demo["one"][0], "Choisir un nouveau mot de passe")
    eye.go("/boite-d-envoi/")
    assert demo["one"][0] in eye.words()
    eye.look("outbox")
