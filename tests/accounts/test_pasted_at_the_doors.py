"""What is typed or pasted at each door is understood, and counted once however it is typed (R06)."""

import pytest
from django.test import Client

from accounts.mobile import has_certified_mobile
from accounts.models import CodeRequest, User
from portal.messaging.models import Message, Sms
from tests.accounts.conftest import connection, mails_to
from tests.factories import PASSWORD, SiteFactory, UserFactory, owner_of
from tests.fresh import for_long
from tests.second_factor.apps import app_of, give_code, give_password, next_code

pytestmark = pytest.mark.django_db

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
NUMBERS = {
    "as printed": lambda text: text,
    "without dashes": lambda text: text.replace("-", ""),
    "no-break spaces": lambda text: f"\u00a0{text.replace('-', chr(0xA0))}\u202f",
    "long dashes": lambda text: text.replace("-", " – "),
    "full width": lambda text: text.translate(FULL_WIDTH),
    "zero-width signs": lambda text: "\u200b".join(text) + "\ufeff",
    "its label": lambda text: f"Identifiant : {text}",
    "its label, without a colon": lambda text: f"N° {text}",
    "its sentence": lambda text: f"Le numéro à saisir est le {text}.",
}
CODES = {
    "as printed": lambda text: text,
    "lower case, spaces": lambda text: text.lower().replace("-", " "),
    "spaced out": lambda text: " ".join(text.replace("-", "").lower()),
    "full width": lambda text: "".join(chr(ord(char) + 0xFEE0) for char in text),
    "zero-width signs": lambda text: f"\u200b{text}\u2060",
    "its label": lambda text: f"Votre code confidentiel : {text}",
    "its label, in lower case": lambda text: f"votre code confidentiel\u00a0: {text.lower()}",
}
numbers = pytest.mark.parametrize("written", NUMBERS.values(), ids=NUMBERS)
codes = pytest.mark.parametrize("written", CODES.values(), ids=CODES)
doors = pytest.mark.parametrize("door", ["/ouverture/", "/association/"])


@doors
@numbers
def test_the_identifier_and_the_siret_at_both_first_steps(client, letters, door, written):
    siret = letters.site.siret
    typed = letters.typed | {
        "cibtp_id": written(letters.site.cibtp_id),
        "siret": written(f"{siret[:9]}-{siret[9:]}").replace("Identifiant", "SIRET"),
    }
    assert client.post(door, typed)["Location"] == f"{door}connexion/"


@doors
@codes
def test_the_posted_code_at_both_first_steps(client, letters, door, written):
    typed = letters.typed | {"code": written(letters.code)}
    assert client.post(door, typed)["Location"] == f"{door}connexion/"


@doors
def test_two_values_in_one_field_are_not_guessed_between(client, letters, door):
    other = SiteFactory()
    for name, two in {
        "cibtp_id": f"{letters.site.cibtp_id} ou {other.cibtp_id}",
        "siret": f"{letters.site.siret} / SIRET {other.siret}",
        "code": f"{letters.code} ou ABCD-2345-EF",
    }.items():
        assert client.post(door, letters.typed | {name: two}).status_code == 200


def test_tries_at_an_identifier_are_counted_together_however_it_is_written(letters):
    wrong = letters.typed | {"code": "ABCD-2345-EF"}
    written = list(NUMBERS.values())
    for place in range(5):
        typed = wrong | {"cibtp_id": written[-place](letters.site.cibtp_id)}
        assert Client().post("/ouverture/", typed).status_code == 200
    labelled = letters.typed | {"cibtp_id": f"Encore un autre libellé : {letters.site.cibtp_id}"}
    assert Client().post("/ouverture/", labelled).status_code == 429
    assert Client().post("/association/", letters.typed).status_code == 429


@numbers
def test_the_identifier_where_a_code_is_asked_again(client, written):
    site = SiteFactory()
    client.post("/code-confidentiel/nouveau/", {"cibtp_id": written(site.cibtp_id)})
    assert CodeRequest.objects.get().site == site


def test_a_whole_sentence_fits_in_the_field(client, letters):
    told = "Notre identifiant CIBTP, présent sur le Courrier de bienvenue que nous avons reçu, est le : "
    page = client.get("/ouverture/").content.decode()
    assert 'maxlength="200"' in page
    typed = letters.typed | {"cibtp_id": told + letters.site.cibtp_id}
    assert client.post("/ouverture/", typed).status_code == 302


@pytest.mark.parametrize(
    "written",
    ["{} {}", "{}-{}", "\u200b{}\u00a0{}", "Code : {} {}", "Téléphone 15 : {}{}", "{}{} (30 secondes)"],
)
def test_the_value_of_an_app(client, written):
    person = owner_of(SiteFactory())
    app_of(person)
    give_password(client, person)
    value = next_code(person)
    assert give_code(client, written.format(value[:3], value[3:])).status_code == 302


def test_two_values_of_an_app_are_not_guessed_between_nor_counted(client):
    person = owner_of(SiteFactory())
    app_of(person)
    give_password(client, person)
    page = give_code(client, f"{next_code(person)} ou 111111")
    assert "Le code compte 6 chiffres" in page.content.decode()


@pytest.mark.parametrize(
    "written",
    [
        "06 12 34 56 12",
        "06.12.34.56.12",
        "+33 (0)6 12 34 56 12",
        "0033612345612",
        "\u202d06\u00a012\u00a034\u00a056\u00a012\u202c",
        "０６１２３４５６１２",
        "Mobile : 06-12-34-56-12",
        "tel:+33612345612",
    ],
)
def test_the_number_to_certify_and_the_code_that_comes(client, written):
    person = UserFactory()
    client.force_login(person)
    for_long(client)
    client.post("/compte/mobile/", {"mobile_step": "send", "mobile": written})
    sms = Sms.objects.get(number="+33612345612")
    pasted = f"Votre code est {sms.secret}. Il certifie votre mobile, 10 minutes."
    client.post("/compte/mobile/", {"mobile_step": "check", "mobile_code": pasted})
    person.refresh_from_db()
    assert has_certified_mobile(person)


ADDRESSES = [
    " Marie.Keller@Exemple.fr ",
    "mailto:marie.keller@exemple.fr",
    "Courriel : marie.keller@exemple.fr",
    "Marie Keller <marie.keller@exemple.fr>",
    "marie.keller@exemple.fr.",
    "\u200bmarie.keller@exemple.fr\u00a0",
    "ｍａｒｉｅ.keller@exemple.fr",
]
addresses = pytest.mark.parametrize("written", ADDRESSES)


@addresses
def test_the_address_at_step_two_typed_two_ways(client, letters, written):
    client.post("/ouverture/", letters.typed)
    typed = connection(email=written, email_again="marie.keller@exemple.fr", landline="Tél. 03.83.12.34.56")
    assert client.post("/ouverture/connexion/", typed).status_code == 302
    user = User.objects.get()
    assert (user.email, user.landline) == ("marie.keller@exemple.fr", "+33383123456")


@addresses
def test_the_address_at_the_sign_in_the_association_and_the_forgotten_password(client, letters, written):
    owner_of(SiteFactory(), email="marie.keller@exemple.fr")
    typed = {"email": written, "password": PASSWORD}
    assert client.post("/connexion/", typed).status_code == 302
    other = Client()
    other.post("/association/", letters.typed)
    assert other.post("/association/connexion/", typed)["Location"] == "/connexion/"
    before = Message.objects.count()
    Client().post("/mot-de-passe/oublie/", {"email": written})
    assert len(mails_to("marie.keller@exemple.fr")) > 0
    assert Message.objects.count() == before + 1


def test_passwords_tried_for_an_address_are_counted_together_however_it_is_written():
    person = owner_of(SiteFactory(), email="marie.keller@exemple.fr")
    for written in ADDRESSES[:5]:
        assert Client().post("/connexion/", {"email": written, "password": "faux"}).status_code == 200
    assert Client().post("/connexion/", {"email": person.email, "password": PASSWORD}).status_code == 429
