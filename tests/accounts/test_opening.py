"""Opening a space with two letters: product.md 3.2, R04, R14 to R17."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from accounts.letters import print_letters
from accounts.models import Opening, ProvisionalCode, User
from delegations.models import Delegation
from portal import clock
from portal.codes import posted
from portal.journal.models import Entry
from portal.limits.models import Counter
from tests.accounts.conftest import NEW_PASSWORD, connection, link_in, mails_to, opened
from tests.alike import lasting, neutral
from tests.factories import SiteFactory, UserFactory, letters_of

pytestmark = pytest.mark.django_db
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def test_both_steps_lead_to_the_end_and_a_mail(client, letters):
    response = opened(client, letters)
    assert response["Location"] == "/ouverture/terminee/"
    end = client.get("/ouverture/terminee/").content.decode()
    assert "Merci d’avoir finalisé l’ouverture du compte." in end.replace("\n    ", " ")
    assert "marie.keller@exemple.fr" in end
    (mail,) = mails_to("marie.keller@exemple.fr")
    assert link_in(mail).startswith("/activation/")
    user = User.objects.get(email="marie.keller@exemple.fr")
    assert not user.is_active
    assert user.check_password(NEW_PASSWORD)
    assert not Delegation.objects.filter(beneficiary=user).exists()


@pytest.mark.parametrize(
    "how",
    [
        lambda values: {name: f" \u00a0{value.lower()} " for name, value in values.items()},
        lambda values: {name: value.replace("-", "") for name, value in values.items()},
        lambda values: {name: value.replace("-", " ") for name, value in values.items()},
        lambda values: {name: value.translate(FULL_WIDTH) for name, value in values.items()},
        lambda values: {name: value.replace("-", "\u2013") for name, value in values.items()},
    ],
)
def test_what_the_letters_say_is_understood_however_it_is_typed(client, letters, how):
    response = client.post("/ouverture/", how(letters.typed))
    assert response["Location"] == "/ouverture/connexion/"


def test_whatever_is_wrong_the_answer_is_one_and_the_same(client):
    """R04."""

    def post(site, code, **changes):
        values = {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code} | changes
        return client.post("/ouverture/", values)

    site, other = SiteFactory(), SiteFactory()
    code, _ = letters_of(site)
    expired, used, voided = SiteFactory(), SiteFactory(), SiteFactory()
    expired_code, _ = letters_of(expired, expires_at=clock.now() - dt.timedelta(seconds=1))
    used_code, _ = letters_of(used, used_at=clock.now())
    voided_code, _ = letters_of(voided, voided_at=clock.now())
    answers = [
        post(site, "AAAA-AAAA-AA"),
        post(site, code, siret=other.siret),
        post(site, code, siret="123"),
        post(site, code, cibtp_id=other.cibtp_id),
        post(site, code, cibtp_id="99999-999-99"),
        post(site, code, cibtp_id="n'importe quoi"),
        post(expired, expired_code),
        post(used, used_code),
        post(voided, voided_code),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({neutral(answer) for answer in answers}) == 1
    assert "Ces informations ne permettent pas d’ouvrir un espace" in neutral(answers[0])
    assert all("session" not in answer.cookies for answer in answers)


def test_empty_fields_are_told_one_by_one(client, db):
    page = client.post("/ouverture/", {}).content.decode()
    assert page.count("Saisissez") == 6  # three beside their field, three in the summary
    assert not Counter.objects.exists()


def test_five_wrong_codes_suspend_the_identifier_whether_or_not_it_exists(client, letters):
    """R16."""
    for cibtp_id in (letters.site.cibtp_id, "99999-999-99"):
        wrong = letters.typed | {"cibtp_id": cibtp_id, "code": "AAAA-AAAA-AA"}
        for _ in range(5):
            assert client.post("/ouverture/", wrong).status_code == 200
        blocked = client.post("/ouverture/", letters.typed | {"cibtp_id": cibtp_id})
        assert blocked.status_code == 429
        assert 3590 <= int(blocked["Retry-After"]) <= 3600
        told = Entry.objects.filter(action="opening.suspended")
        client.post("/ouverture/", wrong)
        assert told.count() == (1 if cibtp_id == letters.site.cibtp_id else 2)  # staff, once for each
    assert ProvisionalCode.objects.get(site=letters.site).is_usable()


def test_a_suspended_identifier_opens_again_after_its_hour(client, letters):
    with time_machine.travel(clock.now(), tick=False) as now:
        for _ in range(5):
            client.post("/ouverture/", letters.typed | {"code": "AAAA-AAAA-AA"})
        now.shift(3599)
        assert client.post("/ouverture/", letters.typed).status_code == 429
        now.shift(1)
        assert client.post("/ouverture/", letters.typed).status_code == 302


def test_a_new_letter_lifts_the_suspension_of_its_identifier(client, letters, tmp_path):
    for _ in range(5):
        client.post("/ouverture/", letters.typed | {"code": "AAAA-AAAA-AA"})
    assert client.post("/ouverture/", letters.typed).status_code == 429
    print_letters(folder=tmp_path, sites=[letters.site], printed_by="Zoé")
    assert client.post("/ouverture/", letters.typed).status_code == 200


def test_step_one_reopened_is_filled_in_again_but_for_the_code(client, letters):
    client.post("/ouverture/", letters.typed)
    page = client.get("/ouverture/").content.decode()
    assert f'value="{letters.site.cibtp_id}"' in page
    assert f'value="{letters.site.siret}"' in page
    assert letters.code not in page


def test_a_wrong_code_is_a_line_of_the_journal_for_staff(client, letters):
    client.post("/ouverture/", letters.typed | {"code": "AAAA-AAAA-AA"})
    assert Entry.objects.get(action="opening.refused").cibtp_id == letters.site.cibtp_id
    assert "AAAA" not in str(Entry.objects.values())


def test_step_two_without_step_one_leads_back(client, db):
    assert client.get("/ouverture/connexion/")["Location"] == "/ouverture/"
    assert client.post("/ouverture/connexion/", connection())["Location"] == "/ouverture/"
    assert client.get("/ouverture/terminee/")["Location"] == "/ouverture/"


def test_the_proof_of_step_one_lasts_half_an_hour(client, letters):
    with time_machine.travel(clock.now(), tick=False) as now:
        client.post("/ouverture/", letters.typed)
        now.shift(1801)
        assert client.get("/ouverture/connexion/")["Location"] == "/ouverture/"


def test_the_code_is_consumed_at_step_two_never_at_step_one(client, letters):
    client.post("/ouverture/", letters.typed)
    client.get("/ouverture/connexion/")
    assert ProvisionalCode.objects.get().is_usable()
    client.post("/ouverture/connexion/", connection())
    assert ProvisionalCode.objects.get().used_at is not None


def test_the_names_of_the_adherents_file_are_filled_in(client, letters):
    client.post("/ouverture/", letters.typed)
    page = client.get("/ouverture/connexion/").content.decode()
    assert 'value="MEYER"' in page
    assert 'value="Zoé"' in page


def test_nothing_typed_is_lost_when_something_is_wrong(client, letters):
    client.post("/ouverture/", letters.typed)
    page = client.post(
        "/ouverture/connexion/", connection(email_again="autre@exemple.fr", mobile="12")
    ).content.decode()
    for kept in ("marie.keller@exemple.fr", "autre@exemple.fr", "Keller", "Marie", 'value="12"'):
        assert kept in page
    assert NEW_PASSWORD not in page
    assert "Les deux adresses électroniques ne sont pas identiques" in page


def test_passwords_that_come_back_blank_are_asked_again_in_words_unless_they_are_at_fault(client, letters):
    client.post("/ouverture/", letters.typed)
    asked = '<div id="id_password_helptext" class="form-text">Par sécurité, saisissez de nouveau'
    assert asked not in client.get("/ouverture/connexion/").content.decode()
    assert asked in client.post("/ouverture/connexion/", connection(last_name="")).content.decode()
    for typed in ({"password": "court"}, {"password_again": "Autre-Chose-9"}):
        assert asked not in client.post("/ouverture/connexion/", connection(**typed)).content.decode()


def test_the_code_cannot_become_the_password(client, monkeypatch):
    """R14: one that the rule of passwords would take, with a digit, a capital and another sign."""
    monkeypatch.setattr(posted, "draw", lambda: "7KQM-2XYZ-AB")
    site = SiteFactory()
    drawn, _ = letters_of(site)
    client.post("/ouverture/", {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": drawn})
    code = "7kqm_2xyz_AB"
    page = client.post(
        "/ouverture/connexion/", connection(password=code, password_again=code)
    ).content.decode()
    assert "Ce mot de passe est le code confidentiel du courrier" in page
    assert not User.objects.exists()


def test_a_double_click_opens_once(client, letters):
    opened(client, letters)
    again = client.post("/ouverture/connexion/", connection())
    assert again["Location"] == "/ouverture/terminee/"
    assert User.objects.count() == 1
    assert len(mails_to("marie.keller@exemple.fr")) == 1


def test_who_proved_the_code_and_comes_second_is_told_it_was_just_used(client, client_b, letters):
    client.post("/ouverture/", letters.typed)
    client_b.post("/ouverture/", letters.typed)
    client.post("/ouverture/connexion/", connection())
    second = client_b.post("/ouverture/connexion/", connection("autre@exemple.fr"))
    assert second.status_code == 409
    assert "Ce code vient d’être utilisé" in second.content.decode()
    assert not User.objects.filter(email="autre@exemple.fr").exists()


@pytest.fixture
def client_b():

    return Client()


def test_a_used_code_gets_the_neutral_answer_at_step_one(client, client_b, letters):
    """R04, R15."""
    opened(client, letters)
    page = client_b.post("/ouverture/", letters.typed).content.decode()
    assert "Ces informations ne permettent pas" in page


def test_a_known_address_sees_the_same_end_and_its_holder_gets_the_mail(client, letters):
    """R05."""
    holder = UserFactory(email="marie.keller@exemple.fr")
    response = opened(client, letters)
    known = client.get(response["Location"]).content.decode()
    assert ProvisionalCode.objects.get().is_usable()
    assert not Opening.objects.exists()
    (mail,) = mails_to(holder.email)
    assert mail.kind == "accounts/mails/address_known"
    assert link_in(mail) == "/association/"

    other = SiteFactory()
    code, _ = letters_of(other)
    client.cookies.clear()
    client.post("/ouverture/", {"cibtp_id": other.cibtp_id, "siret": other.siret, "code": code})
    client.post("/ouverture/connexion/", connection("nouvelle@exemple.fr"))
    fresh = client.get("/ouverture/terminee/").content.decode()
    assert neutral_end(known) == neutral_end(fresh)


def neutral_end(page):
    page = lasting(page)
    return page.replace("marie.keller@exemple.fr", "X").replace("nouvelle@exemple.fr", "X")


def test_a_mistyped_address_is_corrected_and_the_former_link_dies(client, letters):
    opened(client, letters, email="marie.keler@exemple.fr")
    (first,) = mails_to("marie.keler@exemple.fr")
    values = {"email": "marie.keller@exemple.fr", "email_again": "marie.keller@exemple.fr"}
    assert client.post("/ouverture/adresse/", values)["Location"] == "/ouverture/terminee/"
    assert client.post(link_in(first)).status_code == 410
    (second,) = mails_to("marie.keller@exemple.fr")
    assert client.post(link_in(second))["Location"] == "/connexion/"
    assert User.objects.get(is_active=True).email == "marie.keller@exemple.fr"


def test_an_address_corrected_into_a_known_one_opens_nothing_and_tells_its_holder(client, letters):
    UserFactory(email="marie.keller@exemple.fr")
    opened(client, letters, email="marie.keler@exemple.fr")
    values = {"email": "marie.keller@exemple.fr", "email_again": "marie.keller@exemple.fr"}
    assert client.post("/ouverture/adresse/", values)["Location"] == "/ouverture/terminee/"
    assert mails_to("marie.keller@exemple.fr")[0].kind == "accounts/mails/address_known"
    assert ProvisionalCode.objects.get().is_usable()
    assert not User.objects.filter(email="marie.keler@exemple.fr").exists()


def test_a_known_address_corrected_into_a_free_one_opens_the_space(client, letters):
    UserFactory(email="prise@exemple.fr")
    opened(client, letters, email="prise@exemple.fr")
    values = {"email": "libre@exemple.fr", "email_again": "libre@exemple.fr"}
    client.post("/ouverture/adresse/", values)
    (mail,) = mails_to("libre@exemple.fr")
    assert client.post(link_in(mail))["Location"] == "/connexion/"
    assert User.objects.get(email="libre@exemple.fr").check_password(NEW_PASSWORD)


def test_the_mail_can_be_sent_again_and_only_the_latest_link_serves(client, letters):
    """R18."""
    opened(client, letters)
    client.post("/ouverture/terminee/")
    first, second = mails_to("marie.keller@exemple.fr")
    assert client.get(link_in(first)).status_code == 410
    assert client.get(link_in(second)).status_code == 200


def test_mails_sent_again_are_limited(client, letters):
    opened(client, letters)
    answers = [client.post("/ouverture/terminee/").status_code for _ in range(8)]
    assert answers == [302] * 5 + [429] * 3  # step 2 sent the first of the six of the hour


def test_one_code_writes_to_a_dozen_addresses_a_day_at_most(client, letters):
    UserFactory(email="victime@exemple.fr")
    opened(client, letters, email="victime@exemple.fr")
    answers = []
    for n in range(14):
        address = f"essai{n}@exemple.fr"
        UserFactory(email=address)
        values = {"email": address, "email_again": address}
        answers.append(client.post("/ouverture/adresse/", values).status_code)
    assert answers == [302] * 11 + [429] * 3


def test_step_two_itself_is_limited_however_often_step_one_is_walked(client, letters):
    UserFactory(email="victime@exemple.fr")
    answers = []
    for _ in range(8):
        client.cookies.clear()
        answers.append(opened(client, letters, email="victime@exemple.fr").status_code)
    assert answers == [302] * 6 + [429] * 2
    assert len(mails_to("victime@exemple.fr")) == 6


def test_a_long_known_address_is_answered_like_any(client, letters):
    address = "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + ".example"
    UserFactory(email=address)
    assert opened(client, letters, email=address)["Location"] == "/ouverture/terminee/"


@pytest.mark.parametrize(
    "name",
    ["Keller,\nvotre remboursement", "https://evil.example", "K:eller", "Kel\u202eler", "Keller2", "<b>"],
)
def test_a_name_is_a_name_and_nothing_else(client, letters, name):
    client.post("/ouverture/", letters.typed)
    page = client.post("/ouverture/connexion/", connection(last_name=name))
    assert page.status_code == 200
    assert "seulement avec des lettres" in page.content.decode()


@pytest.mark.parametrize(
    "name", ["D'Arc-Vallon", "N’Guyen", "Œuvrard", "dos Santos", "Noël St. Jean", "José"]
)
def test_names_of_this_world_are_taken(client, letters, name):
    assert opened(client, letters, last_name=name)["Location"] == "/ouverture/terminee/"


def test_a_code_of_a_site_closed_since_opens_nothing(client, letters):
    letters.site.closed_on = dt.date(2020, 1, 1)
    letters.site.save()
    assert client.post("/ouverture/", letters.typed).status_code == 200


def test_step_two_sent_again_from_the_back_button_shows_where_the_mail_went(client, letters):
    opened(client, letters)
    client.post("/ouverture/connexion/", connection("autre@exemple.fr"))
    page = client.get("/ouverture/terminee/").content.decode()
    assert "marie.keller@exemple.fr" in page
    assert "autre@exemple.fr" not in page


def test_once_activated_the_end_page_forgets_the_address(client, letters):
    opened(client, letters)
    client.post(link_in(mails_to("marie.keller@exemple.fr")[0]))
    for _ in range(2):
        assert client.get("/ouverture/terminee/")["Location"] == "/connexion/"
    page = client.get("/connexion/").content.decode()
    assert "Votre compte est activé" in page
    assert "marie.keller@exemple.fr" not in str(dict(client.session.items()))
