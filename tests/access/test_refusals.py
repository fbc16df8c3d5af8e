"""A refusal says whom to ask, or why nobody may; a template asks a right as a page does (product.md 6.5)."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from delegations.deciding import access_of
from delegations.models import Role
from portal import clock
from portal.access.features import UnknownFeature
from portal.access.levels import Access
from tests.delegations.rights import READ, WRITE, rights, words
from tests.factories import SiteFactory, UserFactory, beneficiary_of, firm_of, owner_of, passed_on

pytestmark = pytest.mark.django_db
OTHER = {("documents.certificate", None): Access.READ}


@pytest.fixture
def site():
    found = SiteFactory()
    owner_of(found, last_name="Aubry", first_name="Anne")
    return found


def refusal(client, site, person, path="adherent/informations/"):
    client.force_login(person)
    response = client.get(f"/sites/{site.cibtp_id}/{path}")
    assert response.status_code == 403
    return words(response)


def test_a_company_person_is_sent_to_the_administrators(client, site):
    firm = firm_of(site, WRITE, beneficiary=UserFactory(last_name="Didier"))
    passed_on(firm, {}, role=Role.DEPUTY, beneficiary=UserFactory(last_name="Etienne"))
    page = refusal(client, site, beneficiary_of(site, OTHER).beneficiary)
    assert "L’Administrateur de ce site peut vous en donner le droit" in page
    assert "Anne Aubry" in page
    assert "Didier" not in page
    assert "Etienne" not in page


def test_a_firms_person_is_sent_to_his_own_people_first(client, site):
    firm = firm_of(site, WRITE | OTHER, beneficiary=UserFactory(last_name="Didier"))
    passed_on(firm, {}, role=Role.DEPUTY, beneficiary=UserFactory(last_name="Etienne"))
    passed_on(firm, READ, beneficiary=UserFactory(last_name="CANARI-COLLEGUE"))
    firm_of(SiteFactory(), READ, firm=firm.firm, beneficiary=UserFactory(last_name="CANARI-AILLEURS"))
    page = refusal(client, site, passed_on(firm, OTHER).beneficiary)
    assert page.index("Loïc Didier") < page.index("Loïc Etienne") < page.index("Anne Aubry")
    assert "Au sein de votre cabinet" in page
    assert "CANARI" not in page


def test_the_head_of_a_firm_is_sent_to_the_administrators(client, site):
    page = refusal(client, site, firm_of(site, OTHER).beneficiary)
    assert "Au sein de votre cabinet" not in page
    assert "Anne Aubry" in page


def test_a_closed_site_is_why_and_nobody_is_to_be_asked(client, site):
    site.closed_on = clock.today()
    site.save()
    writer = beneficiary_of(site, WRITE).beneficiary
    page = refusal(client, site, writer, "adherent/informations/modifier/")
    assert "Ce site est fermé" in page
    assert "se consulte encore, et ne se modifie plus" in page
    assert "Anne Aubry" not in page


def test_on_a_closed_site_too_a_right_that_is_missing_is_said_missing(client, site):
    site.closed_on = clock.today()
    site.save()
    page = refusal(client, site, beneficiary_of(site, OTHER).beneficiary, "adherent/informations/modifier/")
    assert "Vos droits sur ce site ne permettent pas" in page
    assert "Anne Aubry" in page


def test_a_site_that_closes_tomorrow_is_no_reason(client, site):
    site.closed_on = clock.today() + dt.timedelta(days=1)
    site.save()
    page = refusal(client, site, beneficiary_of(site, READ).beneficiary, "adherent/informations/modifier/")
    assert "Vos droits sur ce site ne permettent pas" in page


@pytest.mark.parametrize(
    ("path", "named"),
    [("droits/cabinet/", "Déléguer à mon cabinet comptable"), ("droits/journal/", "Journal")],
)
@pytest.mark.parametrize("role", [Role.HEAD, Role.DEPUTY])
def test_a_page_of_the_companys_administrators_is_refused_under_its_own_name(client, site, path, named, role):
    firm = firm_of(site, WRITE, beneficiary=UserFactory(last_name="Didier"))
    person = firm.beneficiary if role is Role.HEAD else passed_on(firm, {}, role=role).beneficiary
    page = refusal(client, site, person, path)
    assert f"«\u00a0{named}\u00a0» est réservé aux Administrateurs de ce site." in page
    assert "Adressez-vous à l’Administrateur de ce site\u00a0: Anne Aubry" in page
    assert "Au sein de votre cabinet" not in page


def test_the_rights_page_itself_is_refused_with_whom_to_ask(client, site):
    page = refusal(client, site, beneficiary_of(site, READ).beneficiary, "droits/999/fermer/")
    assert "Gérer les droits d’accès" in page
    assert rights(site).startswith("/sites/")


# --- the right of a template -------------------------------------------------------------------------------


def asked(tag, **context):
    return Template("{% load access %}{% may " + tag + " as can %}{{ can }}").render(Context(context))


def test_a_template_asks_a_right_of_its_site(site):
    access = access_of(beneficiary_of(site, READ).beneficiary, site.cibtp_id)
    assert asked('"adherents.profile" "read"', access=access) == "True"
    assert asked('"adherents.profile" "write"', access=access) == "False"


def test_a_template_asks_a_right_of_an_object(site):
    request = RequestFactory().get("/")
    request.user = beneficiary_of(site, READ).beneficiary
    assert asked('"adherents.profile" "read" site', request=request, site=site) == "True"
    assert asked('"adherents.profile" "write" site', request=request, site=site) == "False"
    assert asked('"adherents.profile" "read" site', request=request, site=SiteFactory()) == "False"


def test_a_template_without_a_site_or_a_person_is_answered_no(site):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert asked('"adherents.profile" "read"') == "False"
    assert asked('"adherents.profile" "none"') == "False"
    assert asked('"adherents.profile" "read" site', request=request, site=site) == "False"
    assert asked('"adherents.profile" "read" site', site=site) == "False"


@pytest.mark.parametrize(
    ("tag", "error"),
    [('"adherents.profil" "read"', UnknownFeature), ('"adherents.profile" "lire"', KeyError)],
)
def test_a_right_that_is_misspelt_does_not_look_refused(site, tag, error):
    with pytest.raises(error):
        asked(tag)
