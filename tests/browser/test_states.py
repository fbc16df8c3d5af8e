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
    "accounts/coderequest",
    "contact/legaltext",
    "contact/termsacceptance",
    "delegations/delegation",
    "delegations/rightsprofile",
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


def test_somebody_without_a_site(eye, portal):
    portal.run(
        """
        from accounts.models import User
        from django.contrib.auth.hashers import make_password
        from portal import clock
        User.objects.create(
            email="sans-site@exemple.fr", first_name="Ali", last_name="Roux", is_active=True,
            email_certified_at=clock.now(),
            password=make_password("Ardoise-Grise-7"),
        )
        """
    )
    eye.sign_in("sans-site@exemple.fr", "Ardoise-Grise-7")
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
            email_certified_at=clock.now(),
            password=make_password("Ardoise-Grise-7"),
        )
        matrix = RightsMatrix.of({("adherents.statement", None): Access.READ})
        Delegation.objects.create(
            site=Site.objects.get(cibtp_id="31520-001-92"), beneficiary=reader, role="user",
            read_bits=matrix.read_bits, starts_on=clock.today(), accepted_at=clock.now(),
            confirmed_at=clock.now(),
        )
        """
    )
    eye.sign_in("lectrice@exemple.fr", "Ardoise-Grise-7")
    eye.look("home-few-rights")
    eye.go("/sites/31520-001-92/adherent/informations/")
    assert "Anaïs Lefèvre" in eye.words()
    eye.look("refused")


A_NEW_SITE = """
from accounts.models import User
from adherents.models import Adherent, Site
from delegations.models import Delegation
from django.contrib.auth.hashers import make_password
from portal import clock
person = User.objects.create(
    email="journal@exemple.fr", first_name="Rémi", last_name="Noël", is_active=True,
    email_certified_at=clock.now(),
    password=make_password("Ardoise-Grise-7"),
)
site = Site.objects.create(
    adherent=Adherent.objects.first(), cibtp_id="30417-077-56", siret="52918344499999",
    name="DÉPÔT DE METZ", address1="2 RUE DU PORT", postal_code="57000", town="METZ",
)
Delegation.objects.create(
    site=site, beneficiary=person, role="administrator", starts_on=clock.today(),
    accepted_at=clock.now(), confirmed_at=clock.now(),
)
"""
LINES_OF_ITS_JOURNAL = """
from adherents.models import Site
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import COMMAND, TASK
site = Site.objects.get(cibtp_id="30417-077-56")
rows = ("Gérer mes salariés", "Mes déclarations", "Mes télépaiements", "Mon planning (ETAM, Cadre)")
for turn in range(9):
    record(
        "rights.given", "Rémi Noël donne à ines@exemple.fr des droits (Utilisateur)",
        kind=Kind.RIGHTS, site=site, origin=TASK, actor_name="Rémi Noël",
        after={"Rôle": "Utilisateur"} | dict.fromkeys(rows, "Mise à jour"),
    )
    record(
        "company.change_asked", "Inès Prévôt demande une modification (demande n° 7)", site=site,
        kind=Kind.COMPANY, origin=COMMAND, before={"phone": "", "mailing_town": "METZ"},
        after={"phone": "+33387001122", "mailing_town": "SAINT-JULIEN-LÈS-METZ"},
    )
    record(
        "account.activated", "Rémi Noël active son compte\u00a0; adresse certifiée", site=site,
        kind=Kind.ACCOUNT, origin=TASK, actor_name="Rémi Noël",
    )
"""


def test_the_journal_of_a_site(eye, portal):
    portal.run(A_NEW_SITE)
    eye.sign_in("journal@exemple.fr", "Ardoise-Grise-7")
    eye.go("/sites/30417-077-56/droits/journal/")
    assert "Rien n’est encore inscrit" in eye.words()
    eye.look("journal-empty")
    portal.run(LINES_OF_ITS_JOURNAL)
    eye.go("/sites/30417-077-56/droits/journal/")
    assert "27 lignes" in eye.words()
    eye.page.get_by_text("Voir le détail").first.click()
    eye.look("journal")
    eye.fill(du="31/02/2026")
    eye.press("Filtrer")
    eye.look("journal-wrong-filter")
    eye.fill(du="01/01/2020", au="31/01/2020")
    eye.press("Filtrer")
    assert "Aucune ligne ne correspond" in eye.words()
    eye.look("journal-nothing-found")


def test_the_closed_site_and_the_menus(eye, demo):
    eye.sign_in(*demo["several"])
    eye.go("/sites/30417-004-56/adherent/informations/")
    assert "30/06/2026" in eye.words()
    eye.look("profile-closed-site")
    eye.page.locator("details[data-menu] summary", has_text="Mon espace adhérent").click()
    entry = eye.page.get_by_role("link", name="Mes informations adhérent").first
    assert entry.is_visible()
    eye.look("menu-open")
    eye.page.keyboard.press("Escape")
    assert not entry.is_visible()


def test_the_list_of_employees(eye, demo):
    eye.sign_in(*demo["several"])
    eye.go("/sites/30417-001-56/salaries/")
    assert "36 salariés présents" in eye.words()
    eye.look("employees")
    toggle = eye.page.locator("[data-filters-toggle]")
    if toggle.is_visible():
        toggle.click()
    eye.page.fill("#filtre_nom", "an")
    with eye.page.expect_navigation():
        eye.page.keyboard.press("Enter")  # filters, and does not sort
    assert "salariés présents sur 36" in eye.words()
    assert eye.page.url.endswith("/salaries/")
    eye.look("employees-found")
    with eye.page.expect_navigation():
        eye.page.locator("button.sort").first.click()
    assert eye.page.get_attribute("th[aria-sort]", "aria-sort") == "descending"
    assert eye.page.input_value("#filtre_nom") == "an"
    toggle = eye.page.locator("[data-filters-toggle][aria-expanded=false]")
    if toggle.is_visible():
        toggle.click()
    eye.page.fill("#filtre_nom", "introuvable")
    with eye.page.expect_navigation():
        eye.page.get_by_role("button", name="Filtrer", exact=True).click()
    eye.look("employees-nothing-found")
    eye.follow("Effacer les filtres")
    with eye.page.expect_download() as download:
        eye.page.get_by_role("button", name="Excel").click()
    assert download.value.suggested_filename.startswith("salaries-30417-001-56-")


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
