"""The doors around an opening: the advice, a code lost, a site associated, the texts at the foot."""

import datetime as dt

import pytest

from tests.browser.conftest import mail_to
from tests.browser.letters import imported_and_printed, write_extract

PASSWORD = "Ardoise-Grise-7"
FOOT = (
    "Mentions légales",
    "Protection des données personnelles",
    "Conditions Générales d’Utilisation",
    "Accessibilité",
)


@pytest.fixture(scope="module")
def pairs(portal, tmp_path_factory):
    """A few sites imported, their letters printed and read back."""
    folder = tmp_path_factory.mktemp("doors")
    write_extract(folder / "extract", first=43000, sites=20)
    return imported_and_printed(portal, folder / "extract", folder / "letters")


def identify(eye, pair):
    eye.fill(cibtp_id=pair.cibtp_id, siret=pair.siret, code=pair.code)
    eye.press("Valider")


def connect(eye, email):
    eye.fill(email=email, email_again=email, password=PASSWORD, password_again=PASSWORD)
    eye.press("Valider")


def answer(eye, words):
    eye.page.get_by_label(words).check()
    eye.press("Continuer")


def test_a_company_is_advised_and_led_to_its_step(eye):
    eye.go("/connexion/")
    eye.follow("Je crée mon espace sécurisé")
    eye.look("advice-1")
    eye.press("Continuer")
    assert "Dites-nous si vous êtes une entreprise adhérente" in eye.words()
    eye.look("advice-1-empty")
    answer(eye, "Je suis une entreprise adhérente")
    eye.look("advice-2")
    answer(eye, "J’ai déjà un espace")
    eye.look("advice-3")
    answer(eye, "J’ai reçu les deux courriers")
    eye.look("advice-associate")
    eye.follow("Précédent")
    answer(eye, "Je n’ai pas encore reçu les deux courriers")
    eye.look("advice-wait")
    eye.follow("Précédent")
    eye.follow("Précédent")
    answer(eye, "Je n’ai pas encore d’espace")
    answer(eye, "J’ai reçu les deux courriers")
    eye.look("advice-open")
    eye.follow("Je crée mon espace sécurisé")
    assert eye.page.url.endswith("/ouverture/")


def test_a_firm_is_warned_and_what_it_opens_is_flagged(eye, pairs):
    eye.go("/ouverture/aide/")
    answer(eye, "Je suis un cabinet comptable")
    eye.look("advice-firm")
    eye.follow("Continuer en tant que cabinet comptable")
    eye.look("opening-1-firm")
    identify(eye, pairs[0])
    eye.look("opening-2-firm")
    connect(eye, "odile@substitue.example")
    eye.go(mail_to(eye, "odile@substitue.example", "Activez"))
    eye.press("Activer mon compte")
    eye.sign_in("odile@substitue.example", PASSWORD)
    eye.go(f"/sites/{pairs[0].cibtp_id}/droits/")
    assert "ouvert par un cabinet comptable" in eye.words()
    eye.look("rights-opened-by-firm")
    eye.page.get_by_role("link", name="Visualisation").first.click()
    assert "Administrateur, ouvert par un cabinet comptable" in eye.words()
    eye.look("delegation-opened-by-firm")


POSTED_LAST_WEEK = """
import datetime as dt
from accounts.models import LetterBatch
from portal import clock
LetterBatch.objects.update(printed_at=clock.now() - dt.timedelta(days=8))
"""


def test_a_lost_code_is_asked_for_and_comes_with_the_next_printing(eye, pairs, portal, tmp_path):
    eye.go("/mot-de-passe/oublie/")
    eye.look("forgotten-both-options")
    eye.follow("Demande d’un nouveau code confidentiel")
    eye.look("code-request")
    eye.press("Recevoir mon code confidentiel par courrier")
    eye.look("code-request-empty")
    eye.fill(cibtp_id="29209")
    eye.press("Recevoir mon code confidentiel par courrier")
    assert "s’écrit comme 29209-001-12" in eye.words()
    assert eye.page.input_value("[name=cibtp_id]") == "29209"
    eye.look("code-request-wrong")
    portal.run(POSTED_LAST_WEEK)
    eye.fill(cibtp_id=f"Identifiant CIBTP : {pairs[1].cibtp_id.replace('-', ' ')}")
    eye.press("Recevoir mon code confidentiel par courrier")
    assert "Votre demande est enregistrée" in eye.page.inner_text("h1")
    eye.look("code-requested")
    printed = portal.manage("print_letters", str(tmp_path / "letters"))
    assert "imprimé" in printed
    eye.go("/ouverture/")
    identify(eye, pairs[1])
    assert "ne permettent pas d’ouvrir un espace" in eye.words()
    eye.follow("En obtenir un nouveau")
    for _ in range(3):
        eye.go("/code-confidentiel/nouveau/")
        eye.fill(cibtp_id=pairs[1].cibtp_id)
        eye.press("Recevoir mon code confidentiel par courrier")
    assert "Trop de tentatives" in eye.page.inner_text("h1")


def test_signed_in_a_site_joins_ones_space_with_the_password_alone(eye, pairs, demo):
    email, password = demo["several"]
    eye.sign_in(email, password)
    eye.follow("Je les associe à un espace existant")
    eye.look("association-1-signed-in")
    identify(eye, pairs[2])
    eye.look("association-2-signed-in")
    eye.fill(password="faux")
    eye.press("Valider")
    assert "Ce mot de passe n’est pas le vôtre" in eye.words()
    eye.look("association-2-signed-in-wrong")
    eye.fill(password=password)
    eye.press("Valider")
    assert "a bien été effectuée." in eye.words()
    assert pairs[2].cibtp_id in eye.words()
    eye.look("association-signed-in-done")


def test_the_texts_at_the_foot_are_read_signed_in_and_out(eye, demo, portal):
    for label in FOOT:
        eye.go("/connexion/")
        eye.page.locator("footer").get_by_role("link", name=label).click()
        assert eye.page.inner_text("h1") == label
        eye.look(f"foot-{FOOT.index(label) + 1}")
    portal.run(
        """
        import datetime as dt
        from contact.models import LegalText
        facts = {"page": "accessibilite", "written_by": "Camille Dubois"}
        LegalText.objects.create(starts_on=dt.date(2026, 1, 1), body="# Hier\\n\\nUn texte.", **facts)
        """
    )
    eye.go("/accessibilite/")
    eye.look("foot-versions")
    eye.follow("Version du 1er janvier 2026")
    assert "Cette version n’est plus en vigueur." in eye.words()
    eye.look("foot-past-version")
    eye.sign_in(*demo["one"])
    eye.page.locator("footer").get_by_role("link", name=FOOT[2]).click()
    eye.look("foot-signed-in")


def test_staff_write_the_next_version_and_a_newcomer_accepts_the_one_in_effect(eye, pairs, demo):
    eye.sign_in(*demo["staff"])
    eye.go("/admin/contact/legaltext/add/")
    day = dt.date.today() + dt.timedelta(days=30)
    eye.page.select_option("[name=page]", "conditions-generales")
    eye.fill(starts_on=f"{day:%d/%m/%Y}", body="# Ce qui change\n\nUne phrase : nouvelle.")
    eye.page.get_by_role("button", name="Enregistrer et continuer les modifications").click()
    eye.page.wait_for_url("**/change/")
    eye.page.wait_for_load_state()
    assert "Une phrase\u00a0: nouvelle." in eye.page.inner_text("body")

    eye.page.context.clear_cookies()
    eye.go("/ouverture/")
    identify(eye, pairs[3])
    connect(eye, "neuve@conditions.example")
    eye.go(mail_to(eye, "neuve@conditions.example", "Activez"))
    eye.press("Activer mon compte")
    eye.go(f"/sites/{pairs[3].cibtp_id}/adherent/informations/")
    eye.fill(email="neuve@conditions.example", password=PASSWORD)
    eye.press("Connexion")
    assert "/conditions-generales/accepter/" in eye.page.url
    eye.look("terms-to-accept")
    eye.press("Accepter et continuer")
    assert "Cochez la case" in eye.words()
    eye.look("terms-not-ticked")
    eye.accept_terms()
    assert eye.page.url.endswith(f"/sites/{pairs[3].cibtp_id}/adherent/informations/")
    eye.press("Se déconnecter")
    eye.sign_in("neuve@conditions.example", PASSWORD)
    assert eye.page.url.endswith(f"/sites/{pairs[3].cibtp_id}/")


def test_the_doors_work_without_javascript(eye_without_javascript, pairs, demo):
    eye = eye_without_javascript
    eye.go("/ouverture/aide/")
    answer(eye, "Je suis un cabinet comptable")
    eye.follow("Précédent")
    answer(eye, "Je suis une entreprise adhérente")
    answer(eye, "J’ai déjà un espace")
    answer(eye, "J’ai reçu les deux courriers")
    eye.follow("Je les associe à un espace existant")
    assert eye.page.url.endswith("/association/")
    eye.sign_in(*demo["one"])
    eye.go("/association/")
    identify(eye, pairs[4])
    eye.fill(password=demo["one"][1])
    eye.press("Valider")
    assert "a bien été effectuée." in eye.words()
    eye.go("/code-confidentiel/nouveau/")
    eye.fill(cibtp_id=pairs[5].cibtp_id)
    eye.press("Recevoir mon code confidentiel par courrier")
    assert "Votre demande est enregistrée" in eye.page.inner_text("h1")
