"""« Ouverture de délégation »: an invited person opens the account, or refuses."""

import datetime as dt

import pytest

from accounts import invited as verbs
from accounts.models import User
from accounts.views.invited import InvitationPage
from delegations.models import Delegation, Role, Status
from delegations.sentences import held
from portal import clock
from portal.journal.models import Entry
from portal.messaging.models import Message
from tests.accounts.conftest import NEW_PASSWORD, accept_terms, mails_to
from tests.accounts.invitations import EMAIL, TYPED, invited, invited_on, read, signed_in
from tests.factories import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
CREDENTIALS = {"email": EMAIL, "password": NEW_PASSWORD}


@pytest.fixture
def one():
    return invited()


def test_the_page_says_who_gives_what_where_and_for_how_long(client, one):
    page = read(client.get(one.link))
    for told in ("Anaïs Lefèvre", one.site.cibtp_id, one.site.adherent.company_name, "Utilisateur", EMAIL):
        assert told in page
    assert f"à compter du {clock.today():%d/%m/%Y}" in page
    assert "Mise à jour : Gérer mes salariés (ETAM) ; Consultation : Mon planning" in page
    assert "Informations de contact et de connexion" in page


def test_rights_are_told_by_group_the_highest_level_first(one):
    assert held(one.delegation.matrix) == [
        ("Mon espace adhérent", "Consultation\u00a0: Ma situation de compte"),
        (
            "Mes salariés",
            "Mise à jour\u00a0: Gérer mes salariés (ETAM)\u00a0; Consultation\u00a0: Mon planning",
        ),
    ]


def test_the_same_rights_on_several_sites_are_told_once(client):
    many = invited_on(SiteFactory(), SiteFactory(), SiteFactory())
    page = read(client.get(many.link))
    assert "3 sites" in page
    assert page.count("Gérer mes salariés") == 1
    for delegation in Delegation.objects.filter(invitation=many.invitation):
        assert delegation.site.cibtp_id in page


def test_rules_come_before_the_password_the_address_is_no_field_and_consent_is_unticked(client, one):
    page = client.get(one.link)
    source = read(page)
    assert source.index("8 caractères au moins") < source.index('name="password"')
    assert 'name="email"' not in source
    assert "checked" not in source
    form = page.context["form"]
    assert list(form.fields)[2:] == ["last_name", "first_name", "landline", "mobile", "consent"]


def test_a_mail_scanner_that_follows_the_link_changes_nothing(client, one):
    before = Message.objects.count(), Entry.objects.count()
    for path in (one.link, one.link, f"{one.link}?refuser=oui", f"{one.link}?accept=oui&decline=oui"):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert (Message.objects.count(), Entry.objects.count()) == before
    assert one.now.status_on() is Status.INVITED
    assert not User.objects.filter(email=EMAIL).exists()
    assert client.post(one.link, TYPED)["Location"] == "/connexion/"


def test_a_newcomer_opens_his_account_and_holds_exactly_what_was_given(client, one):
    assert client.post(one.link, TYPED | {"consent": "on"})["Location"] == "/connexion/"
    user = User.objects.get(email=EMAIL)
    assert user.is_active
    assert user.email_certified_at is not None
    assert user.mailing_consent_at is not None
    assert (user.get_full_name(), user.mobile, user.landline) == ("Inès Prévôt", "+33612345678", "")
    assert one.now.beneficiary == user
    assert one.now.status_on() is Status.ACTIVE
    assert "Votre compte est créé : vous pouvez vous connecter. Vos droits sont actifs." in read(
        client.get("/connexion/")
    )
    assert client.get("/sites/").status_code == 302  # nobody is signed in by a link
    assert client.post("/connexion/", CREDENTIALS)["Location"] == "/sites/"
    accept_terms(client)
    assert client.get("/sites/")["Location"] == f"/sites/{one.site.cibtp_id}/"
    assert client.get(f"/sites/{one.site.cibtp_id}/adherent/informations/").status_code == 403
    assert user.has_perm("adherents.read_statement", one.site)
    assert not user.has_perm("adherents.read_profile", one.site)


def test_the_account_and_the_acceptance_are_recorded_and_the_giver_is_told(client, one):
    client.post(one.link, TYPED)
    made = Entry.objects.filter(actor_id=User.objects.get(email=EMAIL).pk).order_by("pk")
    assert [entry.action for entry in made] == ["account.opened_by_invitation", "rights.accepted"]
    assert made[1].cibtp_id == one.site.cibtp_id
    (mail,) = mails_to(one.giver.email)
    assert "a accepté vos droits" in mail.subject


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"password": "court"}, "choisissez-en un d’au moins 8 caractères"),
        ({"password_again": "Ardoise-Rouge-8"}, "ne sont pas identiques"),
        ({"password": "Prevot-Ines-2026", "password_again": "Prevot-Ines-2026"}, "ressemble à votre nom"),
        ({"last_name": ""}, "Saisissez votre nom."),
        ({"first_name": ""}, "Saisissez votre prénom."),
        ({"mobile": "12"}, "Il manque des chiffres à ce numéro"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client, one, typed, told):
    page = client.post(one.link, TYPED | typed)
    assert page.status_code == 422
    assert told in read(page)
    assert "06 12 34 56 78" in read(page) or typed.get("mobile")
    assert not User.objects.filter(email=EMAIL).exists()
    assert one.now.status_on() is Status.INVITED


@pytest.mark.parametrize("word", ["company_name", "cibtp_id", "siret", "firm"])
def test_the_password_holds_nothing_of_the_company_nor_of_the_firm(client, word):
    head = invited(role=Role.HEAD)
    words = {
        "company_name": head.site.adherent.company_name.split()[0].title(),
        "cibtp_id": head.site.cibtp_id,
        "siret": head.site.siret,
        "firm": "Kieffer",
    }
    password = f"Zx!{words[word]}-q"
    page = client.post(head.link, TYPED | {"password": password, "password_again": password})
    assert page.status_code == 422
    assert "ou à ce qui désigne votre entreprise" in read(page)


def test_an_address_typed_into_the_form_is_not_read(client, one):
    client.post(one.link, TYPED | {"email": "pirate@exemple.fr"})
    assert User.objects.filter(email=EMAIL).exists()
    assert not User.objects.filter(email="pirate@exemple.fr").exists()


def test_a_double_click_makes_one_account_and_the_second_is_good_news(client, one):
    client.post(one.link, TYPED)
    for again in (client.post(one.link, TYPED), client.get(one.link)):
        assert again.status_code == 200
        assert "Cette invitation est acceptée" in read(again)
    assert User.objects.filter(email=EMAIL).count() == 1
    assert Entry.objects.filter(action="rights.accepted").count() == 1


def test_rights_to_come_are_announced_and_open_nothing_before_their_day(client):
    first = clock.today() + dt.timedelta(days=10)
    later = invited(starts_on=first)
    client.post(later.link, TYPED)
    assert f"Vos droits commencent le {first:%d/%m/%Y}." in read(client.get("/connexion/"))
    client.post("/connexion/", CREDENTIALS)
    accept_terms(client)
    assert client.get(f"/sites/{later.site.cibtp_id}/").status_code == 404
    assert later.now.status_on() is Status.COMING


# --- refusing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", [False, True])
def test_whoever_holds_the_mailbox_may_refuse_after_a_question(client, one, account):
    if account:
        UserFactory(email=EMAIL)
    question = client.get(f"{one.link}?refuser=oui")
    assert "Refuser ces droits ?" in read(question)
    assert one.now.status_on() is Status.INVITED
    assert client.post(one.link, {"decline": "oui"})["Location"] == one.link
    page = client.get(one.link)
    assert page.status_code == 410
    assert "Vous avez refusé ces droits" in read(page)
    assert one.now.status_on() is Status.REFUSED
    assert client.post(one.link, {"decline": "oui"}).status_code == 410
    assert client.post(one.link, TYPED).status_code == 410
    assert User.objects.filter(email=EMAIL).exists() is account
    assert Entry.objects.get(action="rights.declined").actor_name == EMAIL


def test_refusing_signed_in_bears_the_persons_name(one):
    person = UserFactory(email=EMAIL)
    signed_in(person).post(one.link, {"decline": "oui"})
    assert Entry.objects.get(action="rights.declined").actor_id == person.pk


# --- limits -----------------------------------------------------------------------------------------


def test_opening_from_one_invitation_is_limited(client, one, monkeypatch):
    monkeypatch.setattr(verbs, "new_account", lambda person: None)
    statuses = [client.post(one.link, TYPED).status_code for _ in range(13)]
    assert statuses == [409] * 12 + [429]


def test_a_password_typed_here_is_in_no_report_of_a_failure(client, one, monkeypatch):
    seen = []

    def fails(self, form):
        seen.append(self.request.sensitive_post_parameters)
        raise ValueError("a failure")

    monkeypatch.setattr(InvitationPage, "opened", fails)
    with pytest.raises(ValueError, match="a failure"):
        client.post(one.link, TYPED)
    assert seen == ["__ALL__"]
