"""Rights changed from the page: filled with what is recorded, only what changes is shown and saved."""

import datetime as dt

import pytest

from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role
from portal import clock
from portal.access.levels import Access, College
from portal.journal.models import Entry
from tests.delegations.rights_pages import Form, browser_of, owner_at, press, radio, said, site_with_firm, url
from tests.factories import DelegationFactory, UserFactory, beneficiary_of, firm_of, passed_on

pytestmark = pytest.mark.django_db
EMPLOYEE, PROFILE = "employees.employee", "adherents.profile"
READ, WRITE = Access.READ, Access.WRITE


@pytest.fixture
def site():
    return site_with_firm()


@pytest.fixture
def browser(site):
    return owner_at(site)[1]


@pytest.fixture
def held(site):
    """A user who reads employees and writes the company's file."""
    person = UserFactory(landline="+33329112233", mobile="+33612345678")
    return beneficiary_of(site, {(EMPLOYEE, None): READ, (PROFILE, None): WRITE}, beneficiary=person)


def page_of(delegation):
    return url(delegation.site, "change", number=delegation.pk)


def checked(browser, delegation, changes):
    page = page_of(delegation)
    return press(browser, page, browser.get(page), "check", changes)


def test_the_form_says_what_is_recorded_and_who_the_person_is(browser, held):
    shown = browser.get(page_of(held))
    form, words = Form(shown), said(shown)
    assert form.values[radio(EMPLOYEE)] == ["1"]
    assert form.values[radio(PROFILE)] == ["2"]
    assert form.values["starts_on"] == [f"{held.starts_on:%d/%m/%Y}"]
    assert "email" not in form.values
    for fact in ("Nom et prénom", "Statut", "Téléphone fixe", "Téléphone portable", held.beneficiary.email):
        assert fact in words
    assert "Actif" in words


def test_before_the_person_is_known_only_the_address_is_told(site, browser):
    invited = beneficiary_of(
        site,
        {(PROFILE, None): READ},
        beneficiary=None,
        email="x@exemple.fr",
        accepted_at=None,
        confirmed_at=None,
    )
    words = said(browser.get(page_of(invited)))
    assert "x@exemple.fr" in words
    assert "Téléphone fixe" not in words


def test_rights_that_differ_by_college_come_back_told_apart(site, browser):
    held = beneficiary_of(site, {(EMPLOYEE, College.ETAM): WRITE, (EMPLOYEE, College.CADRE): READ})
    values = Form(browser.get(page_of(held))).values
    assert values["colleges"] == ["etam", "cadre"]
    assert values[radio(EMPLOYEE, College.ETAM)] == ["2"]
    assert values[radio(EMPLOYEE, College.CADRE)] == ["1"]


def test_only_what_changes_is_shown_and_saved(browser, held):
    summary = checked(browser, held, {radio(EMPLOYEE): "2", "ends_on": "31/12/2099"})
    words = said(summary)
    assert "Gérer mes salariés\u00a0: Consultation → Mise à jour" in words
    assert "Sans date de fin → 31/12/2099 inclus" in words
    assert "informations adhérent" not in words.split("<main", 1)[1]
    done = press(browser, page_of(held), summary, "save")
    assert f"Un courriel le dit à {held.beneficiary.email}." in said(browser.get(done["Location"]))
    held.refresh_from_db()
    assert held.cells == RightsMatrix.of({(EMPLOYEE, None): WRITE, (PROFILE, None): WRITE})
    assert held.ends_on == dt.date(2099, 12, 31)


def test_the_summary_says_whose_rights_change(site, browser, held):
    words = said(checked(browser, held, {radio(EMPLOYEE): "2"}))
    assert f"{held.beneficiary.get_full_name()}, {held.beneficiary.email}" in words.split("<main", 1)[1]
    assert f"Un courriel le dira à {held.beneficiary.email}." in words
    firm = firm_of(site, {(EMPLOYEE, None): WRITE})
    words = said(checked(browser, firm, {radio(EMPLOYEE): "1"})).split("<main", 1)[1]
    assert f"{firm.beneficiary.get_full_name()}, {firm.beneficiary.email}" in words
    assert firm.firm.name in words


def test_narrowing_a_firm_tells_how_many_of_its_people_lose_something(site, browser):
    firm = firm_of(site, {(EMPLOYEE, None): WRITE, (PROFILE, None): READ})
    passed_on(firm, {(EMPLOYEE, None): WRITE})
    passed_on(firm, {(EMPLOYEE, College.ETAM): WRITE})
    passed_on(firm, {(PROFILE, None): READ}, over_at=clock.now(), outcome="closed")
    kept = passed_on(firm, {(EMPLOYEE, None): READ}, ends_on=clock.today())
    words = said(checked(browser, firm, {radio(EMPLOYEE): "1", "ends_on": "31/12/2099"}))
    assert "2 collaborateurs du cabinet perdent une partie de leurs droits." in words
    assert "Les droits de 2 collaborateurs du cabinet prendront fin plus tôt." in words
    assert kept.matrix == kept.cells
    words = said(checked(browser, firm, {"ends_on": ""} | {radio("adherents.statement"): "1"}))
    assert "collaborateur" not in words.split("<main", 1)[1]


def test_nothing_changed_is_said_and_nothing_is_recorded(browser, held):
    assert "Rien n’a changé" in said(checked(browser, held, {}))
    assert not Entry.objects.filter(action="rights.changed").exists()


def test_the_same_page_sent_twice_changes_once_and_says_the_same(browser, held):
    page = page_of(held)
    summary = Form(checked(browser, held, {radio(EMPLOYEE): "2"})).sent("save")
    for _ in range(2):
        done = browser.post(page, summary)
        assert done.status_code == 302
        assert "sont modifiés" in said(browser.get(done["Location"]))
    held.refresh_from_db()
    assert held.version == 2
    assert Entry.objects.filter(action="rights.changed").count() == 1


def test_what_somebody_else_changed_meanwhile_is_told_and_nothing_is_lost(site, browser, held):
    page = page_of(held)
    opened = browser.get(page)
    colleague = UserFactory()
    DelegationFactory(site=site, beneficiary=colleague)
    other = browser_of(colleague)
    press(other, page, checked(other, held, {radio(PROFILE): "0"}), "save")
    shown = press(browser, page, opened, "check", {radio(EMPLOYEE): "2"})
    words = said(shown)
    assert "modifiés entre-temps" in words
    assert "Ce qui est enregistré maintenant" in words
    assert "Gérer mes salariés\u00a0: Consultation" in words
    assert Form(shown).values[radio(EMPLOYEE)] == ["2"]
    press(browser, page, press(browser, page, shown, "check"), "save")
    held.refresh_from_db()
    assert held.cells == RightsMatrix.of({(EMPLOYEE, None): WRITE, (PROFILE, None): WRITE})


def test_a_change_between_the_summary_and_the_act_is_told_too(browser, held):
    summary = checked(browser, held, {radio(EMPLOYEE): "2"})
    Delegation.objects.filter(pk=held.pk).update(version=5)
    shown = press(browser, page_of(held), summary, "save")
    assert "modifiés entre-temps" in said(shown)
    held.refresh_from_db()
    assert held.version == 5


def test_lowered_from_administrator_what_is_withdrawn_is_told(site, browser):
    held = DelegationFactory(site=site)
    summary = checked(browser, held, {"leading": [], radio(EMPLOYEE): "1", radio(PROFILE): "0"})
    words = said(summary)
    assert "Administrateur → Utilisateur" in words
    assert "Gérer mes salariés\u00a0: Mise à jour → Consultation" in words
    press(browser, page_of(held), summary, "save")
    held.refresh_from_db()
    assert held.role == Role.USER


def test_the_last_administrator_stays(site):
    owner, browser = owner_at(site)
    helper = DelegationFactory(site=site, ends_on=clock.today() + dt.timedelta(days=3))
    mine = Delegation.objects.get(beneficiary=owner)
    page = page_of(mine)
    summary = checked(browser_of(helper.beneficiary), mine, {"leading": [], radio(EMPLOYEE): "1"})
    shown = press(browser_of(helper.beneficiary), page, summary, "save")
    assert "Ce site n’aurait plus d’Administrateur" in said(shown)
    assert browser.get(page).status_code == 409


def test_ones_own_rights_are_refused_in_words(site):
    owner, browser = owner_at(site)
    shown = browser.get(page_of(Delegation.objects.get(beneficiary=owner)))
    assert "Vous ne pouvez pas modifier vos propres droits" in said(shown)
    assert not Form(shown).radios


def test_a_delegation_that_is_over_is_refused_in_words(browser, held):
    Delegation.objects.filter(pk=held.pk).update(over_at=clock.now(), outcome="closed")
    for answer in (browser.get(page_of(held)), browser.post(page_of(held), {"do": "save"})):
        assert "Cette délégation est terminée" in said(answer)
        assert not Form(answer).radios


def test_a_number_of_another_site_or_of_none_is_not_found(site, browser):
    other = beneficiary_of(site_with_firm(), {(PROFILE, None): READ})
    for number in (other.pk, 999_999):
        assert browser.get(url(site, "change", number=number)).status_code == 404


def test_a_firms_delegation_has_no_role_and_its_last_day_changes(site, browser):
    firm = firm_of(site, {(EMPLOYEE, None): WRITE})
    shown = browser.get(page_of(firm))
    assert "leading" not in Form(shown).source.split("<main", 1)[1]
    summary = checked(browser, firm, {radio(EMPLOYEE): "1", "colleges": ["etam"], "ends_on": "31/12/2099"})
    assert "Gérer mes salariés (ETAM)\u00a0: Mise à jour → Consultation" in said(summary)
    assert "Gérer mes salariés (Ouvrier et Cadre)\u00a0: Mise à jour → Aucun droit" in said(summary)
    press(browser, page_of(firm), summary, "save")
    firm.refresh_from_db()
    assert firm.cells == RightsMatrix.of({(EMPLOYEE, College.ETAM): READ})
    assert firm.role == Role.HEAD


def test_within_a_firm_what_it_lost_is_no_longer_offered(site):
    firm = firm_of(site, {(EMPLOYEE, None): WRITE, (PROFILE, None): READ})
    deputy = passed_on(firm, {(EMPLOYEE, None): WRITE, (PROFILE, None): READ})
    Delegation.objects.filter(pk=firm.pk).update(write_bits=0)
    shown = browser_of(firm.beneficiary).get(page_of(deputy))
    assert [one["value"] for one in Form(shown).radios if one["name"] == radio(EMPLOYEE)] == ["0", "1"]
    assert Form(shown).values[radio(EMPLOYEE)] == ["1"]


def test_a_company_does_not_change_what_its_firm_passed_on(site, browser):
    firm = firm_of(site, {(EMPLOYEE, None): WRITE})
    person = passed_on(firm, {(EMPLOYEE, None): READ})
    assert browser.get(page_of(person)).status_code == 404
