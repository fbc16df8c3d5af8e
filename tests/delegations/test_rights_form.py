"""The form « Définir les droits d'accès » as it is shown: the table, its names, what each side is offered."""

import html
import re

import pytest

from delegations.models import RightsProfile
from portal.access.features import all_features
from portal.access.levels import Access, College
from tests.delegations.rights_pages import (
    Form,
    browser_of,
    level,
    owner_at,
    press,
    radio,
    site_with_firm,
    url,
)
from tests.factories import beneficiary_of, firm_of

pytestmark = pytest.mark.django_db
STOPPAGE, PLANNING, PROFILE = "intemperies.stoppage", "employees.planning", "adherents.profile"
EMPLOYEE = "employees.employee"


@pytest.fixture
def site():
    return site_with_firm()


@pytest.fixture
def browser(site):
    return owner_at(site)[1]


def chosen(form):
    """The level ticked in each radio group."""
    return {name: int(values[0]) for name, values in form.values.items() if name.startswith("droit.")}


def test_every_row_shows_and_starts_at_no_right(site, browser):
    form = Form(browser.get(url(site, "add")))
    assert set(chosen(form)) == {radio(row.code) for row in all_features()}
    assert len(all_features()) == 17
    assert set(chosen(form).values()) == {Access.NONE}
    assert form.values["colleges"] == ["ouvrier", "etam", "cadre"]


def test_a_row_that_cannot_be_written_offers_none_and_read_only(site, browser):
    form = Form(browser.get(url(site, "add")))
    offered = [one["value"] for one in form.radios if one["name"] == radio(PLANNING)]
    assert offered == ["0", "1"]
    offered = [one["value"] for one in form.radios if one["name"] == radio(EMPLOYEE)]
    assert offered == ["0", "1", "2"]


def test_a_radio_is_named_by_its_level_and_its_row(site, browser):
    form = Form(browser.get(url(site, "add")))
    names = [form.name_of(one) for one in form.radios]
    assert "Consultation Gérer mes salariés" in names
    assert "Mise à jour Mon planning" not in names
    assert len(names) == len(set(names)) == 45


def test_told_apart_a_radio_is_named_by_its_college_too(site, browser):
    page = url(site, "add")
    form = Form(press(browser, page, browser.get(page), "apart"))
    names = [form.name_of(one) for one in form.radios]
    assert "Consultation Gérer mes salariés ETAM" in names
    assert "Mise à jour Mes informations adhérent" in names
    assert len(names) == len(set(names))
    assert form.controls < 200


def test_each_row_is_one_radio_group_and_each_radio_has_a_label(site, browser):
    form = Form(browser.get(url(site, "add")))
    for one in form.radios:
        assert f'<label class="form-check-label" for="{one["id"]}"' in form.source
    assert 'role="radiogroup"' not in form.source


def test_a_columns_button_sets_the_column_without_a_script_and_saves_nothing(site, browser):
    page = url(site, "add")
    shown = press(browser, page, browser.get(page), "all:1:")
    assert set(chosen(Form(shown)).values()) == {Access.READ}
    assert "17 droits passés à Consultation, non enregistrés" in shown.content.decode()
    shown = press(browser, page, shown, "all:2:")
    levels = chosen(Form(shown))
    assert {name for name, value in levels.items() if value == Access.READ} == {
        radio(row.code) for row in all_features() if not row.writable
    }
    assert "11 droits passés à Mise à jour, non enregistrés" in shown.content.decode()
    assert "Aucun droit n’a changé." in press(browser, page, shown, "all:2:").content.decode()
    assert site.delegations.count() == 1


def test_a_column_of_one_college_leaves_the_others(site, browser):
    page = url(site, "add")
    shown = press(browser, page, browser.get(page), "apart")
    shown = press(browser, page, shown, "all:1:etam")
    levels = chosen(Form(shown))
    assert {name for name, value in levels.items() if value} == {
        radio(row.code, College.ETAM) for row in all_features() if row.per_college
    }


def test_telling_apart_keeps_what_was_chosen_and_back(site, browser):
    page = url(site, "add")
    changes = {radio(EMPLOYEE): "2", radio(PROFILE): "1"}
    shown = press(browser, page, browser.get(page), "apart", changes)
    levels = chosen(Form(shown))
    assert [levels[radio(EMPLOYEE, college)] for college in College] == [2, 2, 2]
    assert levels[radio(PROFILE)] == 1
    shown = press(browser, page, shown, "together", {radio(EMPLOYEE, College.CADRE): "0"})
    assert chosen(Form(shown))[radio(EMPLOYEE)] == 2


def test_a_college_that_is_not_ticked_is_not_offered_and_keeps_its_choice(site, browser):
    page = url(site, "add")
    shown = press(browser, page, browser.get(page), "apart", {"colleges": ["etam"]})
    assert shown.content.decode().count("Collège non coché") == 24
    hidden = re.findall(r'data-college-cell="(\w+)" hidden', shown.content.decode())
    assert set(hidden) == {"ouvrier", "cadre"}


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        (
            "Paie",
            {
                "adherents.wage_declaration",
                "employees.nominative_declaration",
                EMPLOYEE,
                "employees.group_leave",
            },
            {PLANNING, "employees.allowance"},
        ),
        (
            "Comptabilité",
            {"adherents.telepayment"},
            {
                PROFILE,
                "adherents.bank_account",
                "adherents.statement",
                "adherents.pension_refund",
                "documents.delivery_mode",
                "documents.certificate",
            },
        ),
        ("Conducteur de travaux", {STOPPAGE}, {PLANNING}),
        ("Consultation seule", set(), {row.code for row in all_features()}),
    ],
)
def test_a_profile_fills_the_table(site, browser, name, written, read):
    page = url(site, "add")
    profile = RightsProfile.objects.get(name=name)
    shown = press(browser, page, browser.get(page), "fill", {"profile": str(profile.pk)})
    levels = chosen(Form(shown))
    assert written | read == {name.removeprefix("droit.") for name, value in levels.items() if value}
    assert {name.removeprefix("droit.") for name, value in levels.items() if value == 2} == written
    assert f"Diffère du profil {name}" in shown.content.decode()
    assert visible_marks(shown) == 0


def text_of(response):
    """The page, its entities read."""
    return html.unescape(response.content.decode())


def visible_marks(response):
    """How many rows say that they differ from the profile."""
    return len(re.findall(r"data-rights-differs=\"[^\"]+\" data-level=\"\d\">", response.content.decode()))


def test_what_differs_from_the_profile_is_marked_in_words(site, browser):
    page = url(site, "add")
    profile = RightsProfile.objects.get(name="Paie")
    shown = press(browser, page, browser.get(page), "fill", {"profile": str(profile.pk)})
    assert visible_marks(shown) == 0
    shown = press(browser, page, shown, "preview", {radio(PROFILE): "2"})
    shown = press(browser, page, shown, "edit")
    assert visible_marks(shown) == 1
    assert f"Diffère du profil Paie\u00a0: {Access.NONE.label}" in text_of(shown)


def test_no_profile_chosen_is_said(site, browser):
    page = url(site, "add")
    shown = press(browser, page, browser.get(page), "fill")
    assert "Choisissez d’abord un profil dans la liste." in shown.content.decode()


def test_a_firm_is_offered_only_what_it_received(site):
    firm = firm_of(site, {(EMPLOYEE, None): Access.READ, ("adherents.statement", None): Access.READ})
    page = url(site, "add")
    shown = browser_of(firm.beneficiary).get(page)
    form = Form(shown)
    assert set(chosen(form)) == {radio(EMPLOYEE), radio("adherents.statement")}
    assert [one["value"] for one in form.radios if one["name"] == radio(EMPLOYEE)] == ["0", "1"]
    assert shown.content.decode().count("Non disponible") == 15
    assert "Responsable adjoint" in shown.content.decode()


def test_a_firm_that_received_one_college_is_offered_that_one(site):
    firm = firm_of(site, {(EMPLOYEE, College.ETAM): Access.WRITE, (PLANNING, College.ETAM): Access.READ})
    form = Form(browser_of(firm.beneficiary).get(url(site, "add")))
    assert form.values["colleges"] == ["etam"]
    assert "Ouvrier" not in {form.texts[one] for one in form.texts if one.startswith("college-")}


def test_a_firm_that_received_no_row_of_a_college_is_asked_for_none(site):
    firm = firm_of(site, {(PROFILE, None): Access.WRITE})
    browser, page = browser_of(firm.beneficiary), url(site, "add")
    shown = browser.get(page)
    assert "aucune fonctionnalité qui varie par collège" in shown.content.decode()
    changes = {"email": "jean@exemple.fr", radio(PROFILE): level(Access.READ)}
    assert "Vérifier avant d’enregistrer" in press(browser, page, shown, "check", changes).content.decode()


def test_a_profile_in_a_firm_is_met_with_what_it_received(site):
    firm = firm_of(site, {(PLANNING, None): Access.READ, (EMPLOYEE, None): Access.READ})
    browser, page = browser_of(firm.beneficiary), url(site, "add")
    profile = RightsProfile.objects.get(name="Paie")
    shown = press(browser, page, browser.get(page), "fill", {"profile": str(profile.pk)})
    assert chosen(Form(shown)) == {radio(PLANNING): 1, radio(EMPLOYEE): 1}
    assert visible_marks(shown) == 0


def test_the_box_of_the_role_says_what_it_does(site, browser):
    page = url(site, "add")
    shown = press(browser, page, browser.get(page), "apart", {"leading": "on"})
    assert re.search(r"data-rights-locked>La case Administrateur est cochée", shown.content.decode())


def test_with_the_box_of_the_role_the_table_is_drawn_at_its_highest_and_locked(site, browser):
    page = url(site, "add")
    shown = press(
        browser,
        page,
        browser.get(page),
        "fill",
        {"leading": "on", "colleges": ["etam"], radio(EMPLOYEE): "1"},
    )
    form = Form(shown)
    ticked = {one["name"]: one["value"] for one in form.radios if "checked" in one}
    assert ticked == {radio(row.code): str(row.highest.value) for row in all_features()}
    assert all("disabled" in one for one in form.radios)
    boxes = re.findall(r'<input type="checkbox"[^>]*name="colleges"[^>]*>', form.source)
    assert len(boxes) == 3
    assert all("checked" in box and "disabled" in box for box in boxes)
    assert shown.content.decode().count("Avec cette case") == 1
    back = press(browser, page, shown, "fill", {"leading": []})
    assert chosen(Form(back))[radio(EMPLOYEE)] == 1
    assert Form(back).values["colleges"] == ["etam"]
    assert not any("disabled" in one for one in Form(back).radios)


def test_told_apart_a_row_of_the_whole_company_says_so(site, browser):
    page = url(site, "add")
    assert "Pour l’entreprise" not in text_of(browser.get(page))
    shown = text_of(press(browser, page, browser.get(page), "apart"))
    assert shown.count("Pour l’entreprise<") == sum(not row.per_college for row in all_features())


def test_beyond_five_rows_that_differ_from_the_profile_one_sentence_says_so(site, browser):
    page = url(site, "add")
    profile = RightsProfile.objects.get(name="Conducteur de travaux")
    shown = press(browser, page, browser.get(page), "fill", {"profile": str(profile.pk)})
    assert re.search(r"data-rights-many[^>]* hidden>", text_of(shown))
    shown = press(browser, page, shown, "all:1:")
    assert visible_marks(shown) == 0
    assert re.search(
        r"data-rights-many[^>]*profile=\"[^\"]*\">16 lignes diffèrent du profil Conducteur", text_of(shown)
    )


def test_after_a_button_of_the_table_one_stands_on_what_it_did(site, browser):
    page = url(site, "add")
    shown = text_of(press(browser, page, browser.get(page), "apart"))
    assert shown.count(f'formaction="{page}#tableau-dit"') == 2 + 9
    assert re.search(r'id="tableau-dit" role="status" tabindex="-1"[^>]*>Chaque collège', shown)


def test_a_college_sent_where_none_is_offered_is_not_asked_again(site):
    firm = firm_of(site, {(PROFILE, None): Access.WRITE})
    browser, page = browser_of(firm.beneficiary), url(site, "add")
    changes = {"email": "x", "colleges": ["etam"], radio(PROFILE): level(Access.READ)}
    shown = press(browser, page, browser.get(page), "check", changes)
    assert "adresse électronique" in text_of(shown)
    for target in re.findall(r'<li><a href="#([\w-]+)"', text_of(shown)):
        assert f'id="{target}"' in text_of(shown)
    assert "Choisissez les collèges" not in text_of(shown)


def test_a_user_is_refused_the_page(site):
    person = beneficiary_of(site, {(PROFILE, None): Access.READ}).beneficiary
    assert browser_of(person).get(url(site, "add")).status_code == 403
