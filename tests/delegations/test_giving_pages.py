"""Rights given from the pages: the form, the summary that cannot be skipped, the act done once."""

import datetime as dt
import re

import pytest
from django.core import signing

from delegations import rights_summary
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Invitation, Role
from portal import clock
from portal.access.levels import Access, College
from portal.messaging.models import Message
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
from tests.factories import DelegationFactory, SiteFactory, UserFactory, beneficiary_of, firm_of, passed_on

pytestmark = pytest.mark.django_db
EMPLOYEE, PLANNING, PROFILE = "employees.employee", "employees.planning", "adherents.profile"
READS = {radio(EMPLOYEE): level(Access.READ)}


@pytest.fixture
def site():
    return site_with_firm()


@pytest.fixture
def browser(site):
    return owner_at(site)[1]


def test_the_whole_path_without_a_script(site, browser):
    page = url(site, "add")
    summary = checked(browser, page, READS | {"ends_on": "31/12/2099"})
    assert "Gérer mes salariés\u00a0: Consultation" in said(summary)
    assert "31/12/2099 inclus" in said(summary)
    assert "Mes comptes bancaires" not in said(summary)
    assert not Delegation.objects.filter(email=ADDRESS).exists()
    done = press(browser, page, summary, "save")
    assert done.status_code == 302
    assert done["Location"] == url(site, "list")
    assert f"Une invitation est envoyée à {ADDRESS}. Son lien est valable 7 jours." in said(
        browser.get(done["Location"])
    )
    made = given()
    assert made.role == Role.USER
    assert made.cells == RightsMatrix.of({(EMPLOYEE, None): Access.READ})
    assert (made.starts_on, made.ends_on) == (clock.today(), dt.date(2099, 12, 31))
    assert Message.objects.filter(recipient=ADDRESS).count() == 1


def test_one_college_only(site, browser):
    page = url(site, "add")
    press(browser, page, checked(browser, page, READS | {"colleges": ["etam"]}), "save")
    assert given().cells == RightsMatrix.of({(EMPLOYEE, College.ETAM): Access.READ})


def test_told_apart_each_college_has_its_level(site, browser):
    page = url(site, "add")
    shown = press(
        browser, page, browser.get(page), "apart", {"email": ADDRESS, "colleges": ["etam", "cadre"]}
    )
    changes = {
        radio(EMPLOYEE, College.OUVRIER): "2",  # its box is not ticked
        radio(EMPLOYEE, College.ETAM): "2",
        radio(EMPLOYEE, College.CADRE): "1",
        radio(PROFILE): "1",
    }
    summary = press(browser, page, shown, "check", changes)
    assert "Gérer mes salariés (ETAM)\u00a0: Mise à jour" in said(summary)
    press(browser, page, summary, "save")
    assert given().cells == RightsMatrix.of(
        {
            (EMPLOYEE, College.ETAM): Access.WRITE,
            (EMPLOYEE, College.CADRE): Access.READ,
            (PROFILE, None): Access.READ,
        }
    )


def test_a_college_ticked_without_any_right_is_said(site, browser):
    page = url(site, "add")
    shown = press(browser, page, browser.get(page), "apart", {"email": ADDRESS})
    shown = press(browser, page, shown, "check", {radio(EMPLOYEE, College.ETAM): "1"})
    assert "Aucun droit n’est choisi pour Ouvrier et Cadre" in said(shown)


def test_the_box_of_the_role_gives_the_role_and_no_cell(site, browser):
    page = url(site, "add")
    press(browser, page, checked(browser, page, READS | {"leading": "on", "colleges": ["etam"]}), "save")
    assert given().role == Role.ADMINISTRATOR
    assert given().cells == RightsMatrix()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Aucun droit n’est donné"),
        (READS | {"email": "x"}, "adresse électronique"),
        (READS | {"email": ""}, "Saisissez le courriel."),
        (READS | {"colleges": []}, "Cochez au moins un collège."),
        (READS | {"colleges": ["apprenti"]}, "Choisissez les collèges parmi ceux qui sont proposés."),
        (READS | {"starts_on": "01/01/2020"}, "La date d’effet est passée"),
        (READS | {"ends_on": "01/01/2020"}, "La date de fin est passée"),
        (READS | {"ends_on": "31/12/26"}, "Écrivez la date sous la forme jj/mm/aaaa"),
        ({radio(PLANNING): "2"}, "parmi les niveaux que le tableau propose"),
        ({radio(PLANNING): "9"}, "parmi les niveaux que le tableau propose"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(site, browser, changes, sentence):
    page = url(site, "add")
    shown = checked(browser, page, {radio(PROFILE): "0"} | changes)
    assert sentence in said(shown)
    assert "Le formulaire comporte" in said(shown)
    for name, value in changes.items():
        if value and name != radio(PLANNING) and name != "colleges":
            assert Form(shown).values[name] == [value]
    assert not Delegation.objects.filter(email=ADDRESS).exists()


def test_all_that_is_wrong_is_said_at_once_and_names_its_field(site, browser):
    firm = firm_of(site, {(EMPLOYEE, None): Access.READ})
    forged = {"email": "x", "starts_on": "01/01/2020", "ends_on": "31/12/26", radio(PROFILE): "1"}
    words = said(checked(browser_of(firm.beneficiary), url(site, "add"), forged))
    assert "Le formulaire comporte 4 erreurs" in words
    for sentence in (
        "La date d’effet est passée",
        ">Date de fin\u00a0: écrivez la date sous la forme jj/mm/aaaa",
        "plus que ce que votre cabinet a reçu",
        "adresse électronique",
    ):
        assert sentence in words
    held = beneficiary_of(site, {(PROFILE, None): Access.READ}).beneficiary
    words = said(checked(browser, url(site, "add"), {"email": held.email, "ends_on": "01/01/2020"}))
    for sentence in ("a déjà une délégation", "Aucun droit n’est donné", "La date de fin est passée"):
        assert sentence in words


def test_a_last_day_before_the_first_is_said_as_such(site, browser):
    words = said(
        checked(browser, url(site, "add"), READS | {"starts_on": "10/01/2099", "ends_on": "09/01/2099"})
    )
    assert "La date de fin vient avant la date d’effet" in words
    assert "passée" not in words.split("<main", 1)[1]


def test_the_summary_says_to_whom_what_is_given_and_what_follows(site, browser):
    words = said(checked(browser, url(site, "add"), READS | {"colleges": ["ouvrier", "etam"]}))
    assert "Ce qui est donné" in words
    assert "Bénéficiaire" in words
    assert "Gérer mes salariés (Ouvrier et ETAM)\u00a0: Consultation" in words
    assert f"Une invitation sera envoyée à {ADDRESS}, valable 7 jours." in words


def test_the_summary_cannot_be_skipped(site, browser):
    page = url(site, "add")
    form = Form(browser.get(page))
    shown = browser.post(page, form.sent("save", email=ADDRESS, **READS))
    assert "Vérifier avant d’enregistrer" in said(shown)
    assert not Delegation.objects.filter(email=ADDRESS).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {radio(EMPLOYEE): "2"},
        {"email": "autre@exemple.fr"},
        {"leading": "on"},
        {"ends_on": "31/12/2099"},
        {"colleges": ["cadre"]},
        {"shown": "forgé"},
    ],
)
def test_what_is_saved_is_what_was_shown(site, browser, changes):
    page = url(site, "add")
    shown = press(browser, page, checked(browser, page, READS), "save", changes)
    assert "n’est plus ce que le récapitulatif montrait" in said(shown)
    assert not Invitation.objects.exists()


def test_a_summary_of_another_site_or_another_person_saves_nothing(site, browser):
    owner = Delegation.objects.get(site=site).beneficiary
    other = SiteFactory()
    DelegationFactory(site=other, beneficiary=owner)
    summary = Form(checked(browser, url(site, "add"), READS)).sent("save")
    shown = browser.post(url(other, "add"), summary)
    assert "Vérifier avant d’enregistrer" in said(shown)
    colleague = UserFactory()
    DelegationFactory(site=site, beneficiary=colleague)
    shown = browser_of(colleague).post(url(site, "add"), summary)
    assert "Vérifier avant d’enregistrer" in said(shown)
    assert not Invitation.objects.exists()


def test_a_summary_of_the_day_before_is_read_again(site, browser, monkeypatch):
    page = url(site, "add")
    summary = Form(checked(browser, page, READS)).sent("save")
    monkeypatch.setattr(rights_summary, "KEPT", dt.timedelta(seconds=-1))
    assert "Vérifier avant d’enregistrer" in said(browser.post(page, summary))
    assert not Invitation.objects.exists()


def test_the_same_page_sent_twice_gives_once_and_says_the_same(site, browser):
    page = url(site, "add")
    summary = Form(checked(browser, page, READS)).sent("save")
    answers = []
    for _ in range(2):
        done = browser.post(page, summary)
        answers.append(re.findall(r"Une invitation[^<]*", said(browser.get(done["Location"]))))
    assert answers[0] == answers[1] != []
    assert Delegation.objects.filter(email=ADDRESS).count() == 1
    assert Message.objects.filter(recipient=ADDRESS).count() == 1


def test_sent_again_after_they_were_closed_no_invitation_is_told(site, browser):
    page = url(site, "add")
    summary = Form(checked(browser, page, READS)).sent("save")
    browser.get(browser.post(page, summary)["Location"])
    Delegation.objects.filter(email=ADDRESS).update(over_at=clock.now(), outcome="closed")
    words = said(browser.get(browser.post(page, summary)["Location"]))
    assert f"Ces droits ont été donnés à {ADDRESS}, et ont pris fin depuis" in words
    assert "Une invitation est envoyée" not in words
    assert Message.objects.filter(recipient=ADDRESS).count() == 1


def test_the_browser_may_bring_back_what_was_typed(site, browser):
    form = Form(browser.get(url(site, "add")))
    assert not re.search(r'<input[^>]*name="(email|starts_on|ends_on)"[^>]*autocomplete', form.source)
    assert not re.search(r'autocomplete[^>]*name="(email|starts_on|ends_on)"', form.source)


def test_back_from_the_summary_everything_is_kept(site, browser):
    page = url(site, "add")
    summary = checked(browser, page, READS | {"ends_on": "31/12/2099", "colleges": ["etam", "cadre"]})
    values = Form(press(browser, page, summary, "edit")).values
    assert values["email"] == [ADDRESS]
    assert values["ends_on"] == ["31/12/2099"]
    assert values["colleges"] == ["etam", "cadre"]
    assert values[radio(EMPLOYEE)] == ["1"]


def test_somebody_who_has_rights_already_is_said_before_the_summary(site, browser):
    person = beneficiary_of(site, {(PROFILE, None): Access.READ}).beneficiary
    shown = checked(browser, url(site, "add"), READS | {"email": person.email.upper()})
    assert "a déjà une délégation sur ce site" in said(shown)


def test_too_many_invitations_to_one_address_are_refused(site, browser):
    page = url(site, "add")
    for _ in range(10):
        press(browser, page, checked(browser, page, READS), "save")
        Delegation.objects.filter(email=ADDRESS).update(over_at=clock.now(), outcome="closed")
    assert press(browser, page, checked(browser, page, READS), "save").status_code == 429


# --- what the beneficiary will see --------------------------------------------------------------------


def test_the_preview_shows_menus_tiles_and_rows_to_come_and_comes_back(site, browser):
    page = url(site, "add")
    changes = {radio(PROFILE): "1", radio(EMPLOYEE): "2", "colleges": ["etam"], "ends_on": "31/12/2099"}
    shown = press(browser, page, browser.get(page), "preview", changes)
    words = said(shown)
    assert "Mes informations adhérent" in words
    assert "Contacter ma caisse" in words
    assert "Mise à jour pour ETAM" in words
    assert "Gérer les droits d’accès</dt>" not in words
    assert "Mes comptes bancaires" not in words
    values = Form(press(browser, page, shown, "edit")).values
    assert values["colleges"] == ["etam"]
    assert values["ends_on"] == ["31/12/2099"]
    assert not Invitation.objects.exists()


def test_the_preview_of_an_administrator_opens_the_rights(site, browser):
    page = url(site, "add")
    shown = press(browser, page, browser.get(page), "preview", {"leading": "on"})
    assert "Gérer les droits d’accès</dt>" in said(shown)


def test_a_collaborator_gives_nothing(site):
    firm = firm_of(site, {(EMPLOYEE, None): Access.READ})
    person = passed_on(firm, {(EMPLOYEE, None): Access.READ}).beneficiary
    assert browser_of(person).post(url(site, "add"), {"do": "save"}).status_code == 403


def test_a_seal_is_not_a_signature_made_for_something_else(site, browser):
    page = url(site, "add")
    forged = signing.dumps({"facts": {}, "attempt": "x"}, salt="another")
    shown = press(browser, page, checked(browser, page, READS), "save", {"shown": forged})
    assert "Vérifier avant d’enregistrer" in said(shown)
