"""An invitation from the mail to the site: a newcomer, a firm's head, every state of its link."""

import pytest

from tests.browser.conftest import Eye, mail_to, watched

PASSWORD = "Ardoise-Grise-7"
SITE = "31520-001-92"  # the demo's employer with one site
OWN_SITE, OWNER = "41999-001-12", "patronne@toiture.example"  # whose firm is nobody else's


@pytest.fixture
def rival(chromium, portal):
    """The browser of a second person."""
    context = chromium.new_context(locale="fr-FR")
    yield Eye(watched(context, []), portal.origin)
    context.close()


def give(portal, email, *, role="user", sites=(SITE,), days=""):
    """An employer gives rights on his sites."""
    portal.run(
        f"""
        import datetime as dt
        from accounts.models import User
        from adherents.models import Site
        from delegations.giving import give_on
        from delegations.matrix import RightsMatrix
        from delegations.models import Delegation, Role, Side
        from delegations.terms import Terms
        from portal import clock
        from portal.access.levels import Access, College
        from portal.origin import COMMAND
        sites = list(Site.objects.filter(cibtp_id__in={list(sites)!r}).select_related("adherent"))
        giver = Delegation.objects.administrators().filter(site=sites[0]).first().beneficiary
        matrix = RightsMatrix.of({{
            ("employees.employee", College.ETAM): Access.WRITE,
            ("employees.employee", College.OUVRIER): Access.WRITE,
            ("employees.planning", None): Access.READ,
            ("employees.nominative_declaration", None): Access.WRITE,
            ("adherents.statement", None): Access.READ,
            ("intemperies.stoppage", None): Access.WRITE,
            ("documents.document", None): Access.READ,
        }})
        role = Role({role!r})
        terms = Terms(role, RightsMatrix() if role == "administrator" else matrix, {days})
        facts = {{"side": Side.COMPANY, "email": {email!r}, "terms": terms, "origin": COMMAND}}
        for one in give_on(person=giver, sites=sites, **facts):
            assert one.delegation, one.refusal
        """
    )


def company_with_a_firm(portal):
    """A site, its firm on the caisse's file, and its Administrateur, who signs in with PASSWORD."""
    portal.run(
        f"""
        from django.contrib.auth.hashers import make_password
        from tests.factories import AccountingFirmFactory, AdherentFactory, SiteFactory
        from tests.factories import owner_of, siren, siret
        number = siren(61_999_000)
        firm = AccountingFirmFactory(name="CABINET KIEFFER", siret=siret(siren(61_998_000), 1))
        company = AdherentFactory(
            number="41999", company_name="TOITURES DU SAULNOIS", siren=number, accounting_firm=firm
        )
        site = SiteFactory(adherent=company, cibtp_id={OWN_SITE!r}, siret=siret(number, 1))
        owner_of(
            site, email={OWNER!r}, first_name="Agathe", last_name="Noël", password=make_password({PASSWORD!r})
        )
        """
    )


def account(portal, email, **fields):
    portal.run(
        f"""
        from django.contrib.auth.hashers import make_password
        from tests.factories import UserFactory
        values = dict(first_name="Inès", last_name="Prévôt") | {fields!r}
        UserFactory(email={email!r}, password=make_password({PASSWORD!r}), **values)
        """
    )


def contact(eye, **changes):
    values = {"password": PASSWORD, "password_again": PASSWORD, "last_name": "Prévôt", "first_name": "Inès"}
    eye.fill(**(values | changes))
    eye.press("Valider")


def test_a_newcomer_opens_the_account_from_the_mail_and_walks_in(eye, portal):
    give(portal, "ines@invitee.example")
    link = mail_to(eye, "ines@invitee.example", "Des droits vous sont donnés")
    eye.look("invited-mail")
    eye.go(link)
    assert "ines@invitee.example" in eye.words()
    assert eye.page.locator("[name=email]").count() == 0
    eye.look("invited-newcomer")
    eye.press("Valider")
    eye.look("invited-newcomer-empty")
    contact(eye, password="Lefevre-2026", password_again="x", mobile="12")
    eye.look("invited-newcomer-errors")
    assert eye.page.input_value("[name=mobile]") == "12"
    contact(eye, mobile="06 12 34 56 78")
    assert "Votre compte est créé" in eye.words()
    eye.look("invited-created")
    eye.go(link)
    eye.look("invited-used")
    eye.sign_in("ines@invitee.example", PASSWORD)
    assert eye.page.url.endswith(f"/sites/{SITE}/")
    assert eye.page.get_by_role("link", name="Mes informations adhérent").count() == 0
    eye.go(link)
    eye.look("invited-used-signed-in")


def test_a_firms_head_accepts_and_the_company_confirms(eye, rival, portal):
    company_with_a_firm(portal)
    give(portal, "odile@cabinet.example", role="head", sites=(OWN_SITE,))
    eye.go(mail_to(eye, "odile@cabinet.example", "Des droits vous sont donnés"))
    eye.look("invited-head")
    contact(eye)
    eye.look("invited-head-created")
    eye.sign_in("odile@cabinet.example", PASSWORD)
    assert "Aucun site ne vous est encore ouvert" in eye.page.inner_text("h1")
    eye.go(mail_to(eye, "odile@cabinet.example", "Des droits vous sont donnés"))
    eye.look("invited-head-waits")

    ask = mail_to(rival, OWNER, "attend votre confirmation")
    rival.look("confirmation-mail")
    rival.go(ask)
    rival.look("confirmation-sign-in")
    rival.fill(email=OWNER, password=PASSWORD)
    rival.press("Connexion")
    assert "CABINET" in rival.words()
    rival.look("confirmation")
    rival.press("Confirmer")
    assert "est confirmée" in rival.words()
    rival.look("confirmation-done")

    eye.go("/sites/")
    assert eye.page.url.endswith(f"/sites/{OWN_SITE}/")
    eye.go(ask)
    assert "Page non trouvée" in eye.page.inner_text("h1")
    rival.go("/delegation/confirmation/x/")
    rival.look("confirmation-dead")


def test_who_has_an_account_signs_in_comes_back_and_accepts(eye, portal):
    account(portal, "lea@invitee.example")
    give(portal, "lea@invitee.example")
    link = mail_to(eye, "lea@invitee.example", "Des droits vous sont donnés")
    eye.go(link)
    there = eye.page.url
    eye.look("invited-holder")
    eye.follow("Se connecter")
    eye.fill(email="lea@invitee.example", password=PASSWORD)
    eye.press("Connexion")
    assert eye.page.url == there
    eye.look("invited-accept")
    eye.press("Accepter ces droits")
    assert eye.page.url.endswith(f"/sites/{SITE}/")
    assert "Vos droits sont actifs" in eye.words()


def test_signed_in_as_another_one_signs_out_comes_back_and_refuses(eye, demo, portal):
    give(portal, "paul@invitee.example", role="administrator")
    link = mail_to(eye, "paul@invitee.example", "Des droits vous sont donnés")
    eye.sign_in(*demo["several"])
    eye.go(link)
    there = eye.page.url
    eye.look("invited-another")
    eye.press("Se déconnecter et revenir ici")
    assert eye.page.url == there
    eye.look("invited-administrator")
    eye.follow("Refuser ces droits")
    eye.look("invited-declining")
    eye.follow("Annuler")
    eye.follow("Refuser ces droits")
    eye.press("Refuser ces droits")
    assert "Invitation refusée" in eye.page.inner_text("h1")
    eye.look("invited-declined")


def test_what_else_a_link_may_be_worth(eye, portal):
    account(portal, "off@invitee.example", is_active=False)
    account(portal, "agent@invitee.example", is_staff=True)
    for email, name in (("off@invitee.example", "disabled"), ("agent@invitee.example", "staff")):
        give(portal, email)
        eye.go(mail_to(eye, email, "Des droits vous sont donnés"))
        eye.look(f"invited-{name}")
    sites = ("30417-001-56", "30417-002-56", "30417-003-56", "30417-004-56")
    give(
        portal,
        "tous@invitee.example",
        sites=sites,
        days="clock.today() + dt.timedelta(days=3), dt.date(2030, 12, 31)",
    )
    link = mail_to(eye, "tous@invitee.example", "Des droits vous sont donnés")
    eye.go(link)
    eye.look("invited-several-sites")
    old = portal.run(
        """
        import time
        from unittest import mock
        from delegations.models import Invitation
        from portal import tokens
        one = Invitation.objects.get(email="tous@invitee.example")
        with mock.patch("time.time", return_value=time.time() - 8 * 86_400):
            print(tokens.make("delegation", one.pk, one.number))
        """
    ).strip()
    eye.go(f"/delegation/{old}/")
    eye.look("invited-expired")
    eye.press("Recevoir un nouveau lien")
    eye.look("invited-renewed")
    eye.go(link)
    eye.look("invited-replaced")
    portal.run(
        """
        from delegations.models import Delegation
        from portal import clock
        Delegation.objects.filter(email="tous@invitee.example").update(over_at=clock.now(), outcome="closed")
        """
    )
    eye.go(link)
    eye.look("invited-over")
    eye.go("/delegation/x/")
    eye.look("invited-dead")


def test_a_space_never_activated_gives_way(eye, portal):
    text = portal.printed
    labels = {"cibtp_id": "Identifiant CIBTP", "siret": "Numéro de SIRET", "code": "Code confidentiel"}
    typed = {
        name: next(line.split()[-1] for line in text.splitlines() if label in line)
        for name, label in labels.items()
    }
    eye.go("/ouverture/")
    eye.fill(**typed)
    eye.press("Valider")
    email = "deux@invitee.example"
    contact(eye, email=email, email_again=email)
    give(portal, email)
    eye.go(mail_to(eye, email, "Des droits vous sont donnés"))
    assert "n’a jamais été activé" in eye.words()
    eye.look("invited-unactivated")
    contact(eye)
    eye.sign_in(email, PASSWORD)
    assert eye.page.url.endswith(f"/sites/{SITE}/")


def test_an_invitation_works_without_javascript(eye_without_javascript, portal):
    eye = eye_without_javascript
    give(portal, "sans@invitee.example")
    eye.go(mail_to(eye, "sans@invitee.example", "Des droits vous sont donnés"))
    contact(eye)
    eye.sign_in("sans@invitee.example", PASSWORD)
    assert eye.page.url.endswith(f"/sites/{SITE}/")
