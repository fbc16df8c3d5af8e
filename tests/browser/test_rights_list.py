"""The pages by which rights are read and ended: full, empty, with errors, refused; at both widths."""

import pytest

PASSWORD = "Ardoise-Grise-7"
MAKE = """
import datetime as dt
from django.contrib.auth.hashers import make_password
from accounts.models import User
from adherents.models import AccountingFirm, Adherent, Site
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Invitation, Outcome, Role, Side
from portal import clock
from portal.access.features import all_features
from portal.access.levels import Access, College

hashed = make_password("Ardoise-Grise-7")
now, today = clock.now(), clock.today()
day = dt.timedelta(days=1)
levels = {(row.code, None): row.highest for row in all_features()}
some = RightsMatrix.of({key: Access.READ for key in list(levels)[:6]})
split = RightsMatrix.of(
    {(row.code, College.ETAM): Access.READ for row in all_features() if row.per_college}
    | {(row.code, None): Access.READ for row in all_features() if not row.per_college}
)


def person(name, email):
    return User.objects.create(
        email=email, first_name="Zoé", last_name=name, is_active=True, email_certified_at=now, password=hashed
    )


def give(site, who, role=Role.USER, matrix=some, **fields):
    bits = {"read_bits": matrix.read_bits, "write_bits": matrix.write_bits}
    facts = {"starts_on": today, "accepted_at": now, "confirmed_at": now, "role": role}
    if role in (Role.ADMINISTRATOR, Role.DEPUTY):
        bits = {}
    return Delegation.objects.create(site=site, beneficiary=who, **(facts | bits | fields))


def place(number, siren, **fields):
    company = Adherent.objects.create(
        number=number, company_name=f"CHARPENTES {number}", siren=siren, activity="SO", **fields
    )
    return Site.objects.create(
        adherent=company, cibtp_id=f"{number}-001-12", siret=siren + "00019", name="SIÈGE"
    )


cabinet = AccountingFirm.objects.create(siret="30000000900013", name="CABINET KIEFFER ET ASSOCIÉS")
site = place("28101", "300000012", accounting_firm=cabinet)
anne = person("Aubertin", "anne.aubertin@charpentes.fr")
admin = give(site, anne, Role.ADMINISTRATOR)
names = ("Barthélemy", "Colin", "Didierjean", "Etienne", "Ferry", "Grandjean")
people = [person(name, f"zoe.{place}@charpentes-du-rhin-superieur.fr") for place, name in enumerate(names)]
give(site, people[0], matrix=split, given_by=anne, ends_on=today + 60 * day)
give(site, people[1], starts_on=today + 9 * day)
give(site, people[2], over_at=now, outcome=Outcome.CLOSED)
give(site, people[3], over_at=now, outcome=Outcome.REFUSED)
give(site, people[4], Role.ADMINISTRATOR)
offer = Invitation.objects.create(email="invitee@charpentes.fr")
give(site, None, email="invitee@charpentes.fr", invitation=offer, accepted_at=None, confirmed_at=None)
on_firm = {"side": Side.FIRM, "firm": cabinet}
head = person("Humbert", "humbert@kieffer.fr")
firm = give(site, head, Role.HEAD, matrix=split, **on_firm)
for number in range(12):
    who = person(f"Idoux{number:02}", f"idoux{number:02}@kieffer.fr")
    give(site, who, matrix=some, parent=firm, **on_firm)
deputy = person("Jacquemin", "jacquemin@kieffer.fr")
give(site, deputy, Role.DEPUTY, parent=firm, **on_firm)

empty = place("28102", "300000020")
alone = person("Lallemand", "lallemand@charpentes.fr")
give(empty, alone, Role.ADMINISTRATOR)

asked = place("28103", "300000038", accounting_firm=cabinet)
give(asked, person("Mangin", "mangin@charpentes.fr"), Role.ADMINISTRATOR)
give(
    asked, head, Role.HEAD, matrix=split, confirmed_at=None, answer_by=today + 30 * day, **on_firm
)
print(firm.pk, admin.pk)
"""
SITE = "/sites/28101-001-12/droits/"


@pytest.fixture(scope="module")
def firm_number(portal):
    return portal.run(MAKE).split()[-2]


def number_of(eye, name):
    """The number of the delegation on a person's row."""
    row = eye.page.locator("tbody tr", has_text=name).first
    return row.get_by_role("link", name="Visualisation").get_attribute("href").split("/")[-2]


def test_the_list_its_filters_and_the_firm(eye, firm_number):
    eye.sign_in("anne.aubertin@charpentes.fr", PASSWORD)
    eye.go(SITE)
    assert "7 bénéficiaires" not in eye.words()
    assert "6 bénéficiaires" in eye.words()
    eye.look("rights-list")
    eye.page.uncheck("#sans-inactifs")
    eye.press("Appliquer")
    assert "8 bénéficiaires" in eye.words()
    eye.go(SITE + "?lignes=50&inactifs=oui")
    eye.look("rights-list-whole")
    eye.page.fill("#filtre_nom", "barth")
    eye.press("Filtrer")
    assert "1 bénéficiaire" in eye.words()
    assert "barth" not in eye.page.url
    eye.look("rights-list-searched")
    eye.page.fill("#filtre_nom", "introuvable")
    eye.press("Filtrer")
    eye.look("rights-list-nothing")
    eye.follow("Effacer les filtres")
    eye.page.fill("#filtre_debut", "demain")
    eye.press("Filtrer")
    eye.look("rights-list-wrong-day")


def test_a_delegation_and_its_end(eye, firm_number):
    eye.sign_in("anne.aubertin@charpentes.fr", PASSWORD)
    eye.go(SITE + "?lignes=50")
    user, admin = number_of(eye, "Barthélemy"), number_of(eye, "Ferry")
    collaborator = number_of(eye, "Idoux00")
    eye.go(f"{SITE}{user}/")
    eye.look("rights-delegation")
    eye.go(f"{SITE}{admin}/")
    eye.look("rights-delegation-administrator")
    eye.go(f"{SITE}{collaborator}/")
    eye.look("rights-delegation-collaborator")
    eye.go(f"{SITE}{user}/fermer/")
    eye.look("rights-close")
    eye.go(f"{SITE}{firm_number}/fermer/")
    assert "collaborateurs du cabinet sur ce site" in eye.words()
    eye.look("rights-close-firm")
    eye.go(f"{SITE}mes-droits/")
    eye.look("rights-mine-administrator")


def test_a_site_with_one_person_and_no_firm(eye, firm_number):
    eye.sign_in("lallemand@charpentes.fr", PASSWORD)
    eye.go("/sites/28102-001-12/droits/")
    assert "Aucun cabinet comptable n’est identifié" in eye.words()
    eye.look("rights-list-alone")
    eye.go("/sites/28102-001-12/droits/mes-droits/")
    eye.follow("Renoncer à ces droits")
    assert "Ce site n’aurait plus d’Administrateur" in eye.words()
    eye.look("rights-renounce-refused")


def test_a_firm_asks_and_the_company_answers(eye, firm_number):
    eye.sign_in("mangin@charpentes.fr", PASSWORD)
    eye.go("/sites/28103-001-12/")
    eye.look("home-firm-waits")
    eye.page.get_by_role("link", name="attend votre confirmation").click()
    eye.look("rights-answer")
    address = eye.page.url
    eye.press("Confirmer")
    assert "est confirmée" in eye.words()
    eye.look("rights-list-confirmed")
    eye.go(address)
    assert "a été confirmée le" in eye.words()
    eye.look("rights-answered")


def test_within_a_firm(eye, firm_number):
    eye.sign_in("jacquemin@kieffer.fr", PASSWORD)
    eye.go(SITE)
    assert "charpentes.fr" not in eye.words()
    eye.look("rights-list-firm")
    eye.go("/sites/28101-001-12/droits/mes-droits/")
    eye.look("rights-mine-deputy")


def test_a_collaborator_reads_renounces_and_is_told_whom_to_ask(eye, firm_number):
    eye.sign_in("idoux11@kieffer.fr", PASSWORD)
    eye.go(SITE)
    assert eye.page.url.endswith("/droits/mes-droits/")
    eye.page.locator("details.firm-holds summary").click()
    eye.look("rights-mine-collaborator")
    eye.go(f"{SITE}{firm_number}/fermer/")
    assert "Au sein de votre cabinet" in eye.words()
    eye.look("rights-refused-firm")
    eye.go(f"{SITE}mes-droits/")
    eye.follow("Renoncer à ces droits")
    eye.look("rights-renounce")
    eye.press("Renoncer à ces droits")
    assert "Vous avez renoncé à vos droits" in eye.words()
    eye.look("rights-renounced")
