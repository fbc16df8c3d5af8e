"""Rights given from the pages within a firm, of what it received, and to the firm on file."""

import datetime as dt

import pytest

from delegations.models import Delegation, Role, Side
from portal import clock
from portal.access.levels import Access, College
from tests.delegations.rights_pages import (
    ADDRESS,
    Form,
    browser_of,
    checked,
    given,
    level,
    owner_at,
    press,
    radio,
    said,
    site_with_firm,
    url,
)
from tests.factories import DelegationFactory, SiteFactory, firm_of

pytestmark = pytest.mark.django_db
EMPLOYEE, PROFILE = "employees.employee", "adherents.profile"
READS = {radio(EMPLOYEE): level(Access.READ)}


@pytest.fixture
def site():
    return site_with_firm()


@pytest.fixture
def browser(site):
    return owner_at(site)[1]


# --- within a firm ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    [
        {radio(PROFILE): "1"},  # a row that was not received
        {radio(EMPLOYEE): "2"},  # a level above what was received
        {"distinguished": "1", radio(EMPLOYEE, College.ETAM): "2", "colleges": ["etam"]},
    ],
)
def test_what_a_firm_did_not_receive_is_refused_even_when_forged(site, forged):
    firm = firm_of(site, {(EMPLOYEE, None): Access.READ})
    browser, page = browser_of(firm.beneficiary), url(site, "add")
    shown = checked(browser, page, READS | forged)
    assert "plus que ce que votre cabinet a reçu" in said(shown)
    assert not Delegation.objects.filter(email=ADDRESS).exists()


def test_a_college_that_a_firm_did_not_receive_is_refused_even_when_forged(site):
    firm = firm_of(site, {(EMPLOYEE, College.ETAM): Access.READ})
    shown = checked(browser_of(firm.beneficiary), url(site, "add"), {"colleges": ["etam", "cadre"]} | READS)
    assert "Choisissez les collèges parmi ceux qui sont proposés." in said(shown)


def test_a_firm_gives_within_what_each_college_received(site):
    firm = firm_of(site, {(EMPLOYEE, College.ETAM): Access.WRITE, (EMPLOYEE, College.CADRE): Access.READ})
    browser, page = browser_of(firm.beneficiary), url(site, "add")
    shown = press(browser, page, browser.get(page), "together", {"email": ADDRESS})
    assert "Reçu\u00a0: ETAM Mise à jour, Cadre Consultation" in said(shown)
    press(browser, page, press(browser, page, shown, "check", {radio(EMPLOYEE): "2"}), "save")
    made = given()
    assert made.parent == firm
    assert made.cells == firm.cells


def test_a_firm_never_gives_longer_than_it_holds(site):
    firm = firm_of(site, {(EMPLOYEE, None): Access.READ}, ends_on=clock.today() + dt.timedelta(days=9))
    shown = checked(browser_of(firm.beneficiary), url(site, "add"), READS | {"ends_on": "31/12/2099"})
    assert "votre cabinet tient ces droits jusqu’au" in said(shown)


def test_a_deputy_is_given_a_role(site):
    firm = firm_of(site, {(EMPLOYEE, None): Access.READ})
    browser, page = browser_of(firm.beneficiary), url(site, "add")
    press(browser, page, checked(browser, page, {"leading": "on"}), "save")
    assert given().role == Role.DEPUTY


def test_who_gives_on_both_sides_gives_on_the_one_that_he_chose(site):
    firm = firm_of(site, {(EMPLOYEE, None): Access.READ})
    DelegationFactory(site=site, beneficiary=firm.beneficiary)
    browser, page = browser_of(firm.beneficiary), url(site, "add")
    shown = browser.get(f"{page}?cote=cabinet")
    summary = press(browser, page, shown, "check", {"email": ADDRESS} | READS)
    press(browser, page, summary, "save")
    assert given().side == Side.FIRM


# --- the accounting firm ------------------------------------------------------------------------------


def test_the_firm_on_file_is_named_and_given_to(site, browser):
    page = url(site, "firm")
    shown = browser.get(page)
    assert "Cabinet Comptable délégable\u00a0: <strong>FIDUCIAIRE</strong>" in said(shown)
    assert "leading" not in Form(shown).values
    summary = checked(browser, page, READS)
    assert "Responsable, pour FIDUCIAIRE" in said(summary)
    done = press(browser, page, summary, "save")
    assert "vous aurez à confirmer votre cabinet" in said(browser.get(done["Location"]))
    made = given()
    assert (made.role, made.side, made.firm) == (Role.HEAD, Side.FIRM, site.adherent.accounting_firm)
    again = browser.get(page)
    assert url(site, "delegation", number=made.pk) in said(again)
    assert ADDRESS in said(again)
    assert not Form(again).radios


def test_without_a_firm_on_file_there_is_no_form():
    site = SiteFactory()
    shown = owner_at(site)[1].get(url(site, "firm"))
    assert "Aucun cabinet comptable n’est identifié\u00a0: contactez votre caisse" in said(shown)
    assert not Form(shown).radios


def test_the_box_of_the_role_is_not_taken_from_a_firms_form(site, browser):
    page = url(site, "firm")
    press(browser, page, checked(browser, page, READS | {"leading": "on"}), "save")
    assert given().role == Role.HEAD


def test_a_firms_people_do_not_delegate_to_their_firm(site):
    firm = firm_of(site, {(EMPLOYEE, None): Access.READ})
    assert browser_of(firm.beneficiary).get(url(site, "firm")).status_code == 403
