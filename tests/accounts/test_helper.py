"""« Aide à la création de votre espace sécurisé », and a firm's flagged way through (product.md 3.2, 12)."""

import html
import itertools
import re

import pytest
from django.urls import reverse

from accounts.models import Opening
from delegations.models import Delegation
from portal.journal.models import Entry
from tests.accounts.conftest import accept_terms, connection, link_in, mails_to, opened
from tests.factories import PASSWORD, UserFactory, letters_of

pytestmark = pytest.mark.django_db
ADVICE = "/ouverture/aide/"
FLAG = "ouvert par un cabinet comptable"


def words(response):
    return " ".join(response.content.decode().split())


def hrefs(response):
    return response.content.decode()


def test_the_sign_in_page_leads_to_the_advice_which_one_may_do_without(client):
    assert f'href="{ADVICE}">Je crée mon espace sécurisé' in hrefs(client.get("/connexion/"))
    page = client.get(ADVICE)
    assert 'href="/ouverture/">Je n’ai pas besoin d’aide' in hrefs(page)
    assert "Aide à la création de votre espace sécurisé" in words(page)
    assert "qui nous permettront de vous conseiller efficacement" in words(page)


@pytest.mark.parametrize(
    ("space", "letters", "there"),
    [
        ("non", "oui", "/ouverture/"),
        ("non", "non", "/code-confidentiel/nouveau/"),
        ("oui", "oui", "/association/"),
        ("oui", "non", "/code-confidentiel/nouveau/"),
    ],
)
def test_a_company_is_led_to_the_step_that_fits(client, space, letters, there):
    page = client.get(ADVICE, {"profil": "entreprise", "espace": space, "courriers": letters})
    assert f'class="btn btn-primary" href="{there}"' in hrefs(page)
    assert words(page).count("Besoin d’aide") == 1
    back = f"{ADVICE}?profil=entreprise&amp;espace={space}&amp;courriers={letters}&amp;revoir=courriers"
    assert f'href="{back}">Précédent' in hrefs(page)


def test_one_question_a_page_each_keeping_the_answers_before_it(client):
    asked = {"": "Je suis une entreprise adhérente", "profil=entreprise": "J’ai déjà un espace"}
    asked |= {"profil=entreprise&espace=non": "J’ai reçu les deux courriers"}
    for query, answer in asked.items():
        page = client.get(f"{ADVICE}?{query}")
        assert answer in words(page)
        for name, value in (pair.split("=") for pair in query.split("&") if pair):
            assert f'<input type="hidden" name="{name}" value="{value}"' in hrefs(page)


def previous(client, page):
    """The page to which « Précédent » leads."""
    found = re.search(r'href="([^"]+)">Précédent', hrefs(page))
    return client.get(html.unescape(found[1]))


def checked(page):
    """The answer that is checked, by its question."""
    return dict(re.findall(r'type="radio"[^>]*name="(\w+)" value="(\w+)"[^>]*checked', hrefs(page)))


def go_on(client, page, **answer):
    """« Continuer », with the answer checked or another one."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', hrefs(page)))
    return client.get(ADVICE, hidden | checked(page) | answer)


def test_going_back_each_answer_given_is_still_checked_and_on_again_too(client):
    page = client.get(ADVICE)
    for name, answer in (("profil", "entreprise"), ("espace", "oui"), ("courriers", "non")):
        assert checked(page) == {}
        page = go_on(client, page, **{name: answer})
    advised = words(page)
    for name, answer in (("courriers", "non"), ("espace", "oui"), ("profil", "entreprise")):
        page = previous(client, page)
        assert checked(page) == {name: answer}
    assert 'href="/connexion/">Précédent' in hrefs(page)
    for name, answer in (("espace", "oui"), ("courriers", "non")):
        page = go_on(client, page)
        assert checked(page) == {name: answer}
    assert words(go_on(client, page)) == advised


def test_another_answer_on_the_way_back_counts(client):
    page = client.get(ADVICE, {"profil": "entreprise", "espace": "oui", "courriers": "oui"})
    page = go_on(client, previous(client, previous(client, page)), espace="non")
    assert checked(page) == {"courriers": "oui"}
    assert 'class="btn btn-primary" href="/ouverture/"' in hrefs(go_on(client, page))


def test_a_question_left_open_is_said_in_words(client):
    page = client.get(ADVICE, {"question": "profil"})
    assert "Dites-nous si vous êtes une entreprise adhérente ou un cabinet comptable." in words(page)
    page = client.get(ADVICE, {"question": "courriers", "profil": "entreprise", "espace": "oui"})
    assert "Dites-nous si vous avez reçu les deux courriers." in words(page)


def test_whatever_the_address_holds_there_is_a_page_and_nothing_is_kept(client):
    values = ("", "oui", "non", "entreprise", "cabinet", "<b>", "\0")
    for profile, space, letters in itertools.product(values, repeat=3):
        sent = {
            "profil": profile,
            "espace": space,
            "courriers": letters,
            "question": space,
            "revoir": letters,
        }
        assert client.get(ADVICE, sent).status_code == 200
    assert "session" not in client.cookies
    assert client.post(ADVICE).status_code == 405


def test_a_firm_reads_why_its_client_opens_himself_and_may_go_on(client):
    page = client.get(ADVICE, {"profil": "cabinet", "espace": "oui"})
    assert (
        "À la suite de la création de son espace sécurisé, l’adhérent pourra, une fois connecté, vous "
        "déléguer des droits en tant que cabinet comptable. Il est de la responsabilité de l’adhérent de "
        "respecter scrupuleusement ce processus." in words(page)
    )
    assert "ce dernier ne pourra plus créer son espace sécurisé sans contacter la Caisse" in words(page)
    assert 'href="/ouverture/?cabinet=oui">Continuer en tant que cabinet comptable' in hrefs(page)
    advised = 'class="btn btn-primary" href="/connexion/">Je laisse mon client créer son espace'
    assert advised in hrefs(page)
    asked = previous(client, page)
    assert checked(asked) == {"profil": "cabinet"}


def opened_by_firm(client, letters, **changes):
    """Both steps, as the firm's way leads through them."""
    first = client.post("/ouverture/?cabinet=oui", letters.typed)
    assert first["Location"] == "/ouverture/connexion/"
    return client.post("/ouverture/connexion/", connection(**changes))


def lines(action):
    return [entry.sentence for entry in Entry.objects.filter(action=action)]


def test_an_opening_by_a_firm_is_flagged_in_the_list_its_page_the_export_and_the_journal(client, letters):
    opened_by_firm(client, letters)
    assert Opening.objects.get().by_firm
    assert FLAG in lines("account.opened")[0]
    client.post(link_in(mails_to("marie.keller@exemple.fr")[0]))
    delegation = Delegation.objects.get()
    assert delegation.opened_by_firm
    for action in ("account.activated", "rights.administrator_named"):
        assert FLAG in lines(action)[0]
    client.force_login(delegation.beneficiary)
    accept_terms(client)
    rights = f"/sites/{letters.site.cibtp_id}/droits/"
    assert FLAG in words(client.get(rights))
    page = words(client.get(f"{rights}{delegation.pk}/"))
    assert f"Administrateur, {FLAG}" in page
    assert "Ouverture de l’espace par un cabinet comptable" in page
    sheet = client.post(reverse("rights:export", args=[letters.site.cibtp_id]), {"format": "csv"})
    assert f"Administrateur, {FLAG}" in b"".join(sheet).decode("utf-8-sig")
    assert FLAG in words(client.get(f"{rights}journal/"))


def test_staff_see_and_filter_what_firms_opened(client, letters):
    opened_by_firm(client, letters)
    client.post(link_in(mails_to("marie.keller@exemple.fr")[0]))
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for model in ("accounts/opening", "delegations/delegation"):
        column = "by_firm" if model == "accounts/opening" else "opened_by_firm"
        assert "Keller" in words(client.get(f"/admin/{model}/", {f"{column}__exact": "1"}))
        assert "Keller" not in words(client.get(f"/admin/{model}/", {f"{column}__exact": "0"}))


def test_a_company_that_opens_is_not_flagged(client, letters):
    opened(client, letters)
    client.post(link_in(mails_to("marie.keller@exemple.fr")[0]))
    assert not Delegation.objects.get().opened_by_firm
    assert not Entry.objects.filter(sentence__contains="cabinet comptable").exists()


def test_the_flag_stays_with_the_proof_not_with_the_browser(client, letters):
    client.post("/ouverture/?cabinet=oui", letters.typed)
    assert 'href="/ouverture/?cabinet=oui"' in hrefs(client.get("/ouverture/connexion/"))
    opened(client, letters)  # « Ce n’est pas votre cas ? », then step 1 anew without it
    assert not Opening.objects.get().by_firm


def test_the_flag_survives_a_wrong_code_and_the_correction_of_the_address(client, letters):
    wrong = client.post("/ouverture/?cabinet=oui", letters.typed | {"code": "ABCD-2345-EF"})
    assert "en tant que cabinet comptable" in words(wrong)
    holder = UserFactory()
    opened_by_firm(client, letters, email=holder.email)
    assert not Opening.objects.exists()
    corrected = {"email": "zoe@exemple.fr", "email_again": "zoe@exemple.fr"}
    client.post("/ouverture/adresse/", corrected)
    assert Opening.objects.get().by_firm


def test_the_proof_of_the_flag_is_in_the_session_and_no_field_forges_it(client, letters):
    client.post("/ouverture/", letters.typed)
    client.post("/ouverture/connexion/?cabinet=oui", connection() | {"by_firm": "1", "cabinet": "oui"})
    assert not Opening.objects.get().by_firm


def test_the_advice_is_there_for_who_is_signed_in_too(client):
    client.force_login(UserFactory())
    assert client.get(ADVICE).status_code == 200
    assert PASSWORD not in words(client.get(ADVICE))


def test_a_client_takes_over_with_a_newer_letter_before_the_firm_activates(client, letters):
    opened_by_firm(client, letters)
    newer, _ = letters_of(letters.site)
    own = client.__class__()
    own.post("/ouverture/", letters.typed | {"code": newer})
    own.post("/ouverture/connexion/", connection("patron@exemple.fr"))
    own.post(link_in(mails_to("patron@exemple.fr")[0]))
    assert not Delegation.objects.get().opened_by_firm
