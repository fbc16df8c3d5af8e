"""What people are told by mail: where, by whom, what they lose, whom to ask."""

import pytest

from delegations.models import Role, Side
from delegations.notices import place
from tests.delegations.scenes import (
    OF_ETAM,
    READS,
    WRITES,
    Watch,
    change,
    close,
    confirm,
    day,
    firm_on,
    give,
    given,
    of_role,
    opened_site,
    renounce,
    terms,
    to_firm,
)
from tests.factories import SiteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def site_and_owner():
    return opened_site(name="AGENCE DE TROYES")


def test_a_place_names_identifier_company_and_site_and_nothing_twice(site_and_owner):
    site, _ = site_and_owner
    assert place(site) == f"{site.cibtp_id}, {site.adherent.company_name}, AGENCE DE TROYES"
    company = SiteFactory(name="").adherent.company_name
    assert place(SiteFactory(name="")).count(",") == 1
    same = SiteFactory(adherent__company_name=company, name=company)
    assert place(same) == f"{same.cibtp_id}, {company}"


def test_the_head_of_a_firm_is_told_beforehand_that_his_client_must_confirm(site_and_owner):
    site, owner = site_and_owner
    watch = Watch()
    give(owner, site, to_firm(), "head@exemple.fr")
    give(owner, site, terms())
    to_head, to_user = (mail.text for mail in watch.mails)
    assert f"Après votre accord, {site.adherent.company_name} devra confirmer." in to_head
    assert "devra confirmer" not in to_user


@pytest.mark.parametrize("role", [Role.USER, Role.DEPUTY])
def test_an_invited_collaborator_is_told_for_which_firm(site_and_owner, role):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    watch = Watch()
    give(firm.beneficiary, site, terms() if role is Role.USER else of_role(role), side=Side.FIRM)
    (mail,) = watch.mails
    assert f"{role.label}, pour {firm.firm.name}, à compter du" in mail.text


def test_the_answer_names_the_firm_its_head_and_the_site_in_the_subject(site_and_owner):
    site, owner = site_and_owner
    asked = given(owner, site, to_firm(), "head@exemple.fr")
    watch = Watch()
    confirm(owner, asked)
    (mail,) = watch.mails
    assert mail.subject.endswith(f"confirme votre délégation sur {site.cibtp_id}")
    head = asked.beneficiary.get_full_name()
    assert f"donnés à {asked.firm.name} (Responsable\u00a0: {head}) sur {place(site)}" in mail.text


def test_a_change_and_an_end_say_who_did_it_and_whom_to_ask(site_and_owner):
    site, owner = site_and_owner
    held = given(owner, site, terms())
    watch = Watch()
    change(owner, held, terms(ends_on=day(9)))
    close(owner, held)
    changed, closed = (mail.text for mail in watch.mails)
    assert f"Anne Owner change vos droits sur {place(site)}" in changed
    assert "sans date de fin → 19/06/2026 inclus" in changed
    assert f"Anne Owner a mis fin aux droits qui vous avaient été donnés sur {place(site)}" in closed
    for text in (changed, closed):
        assert f"adressez-vous à Anne Owner ({owner.email})." in text


@pytest.mark.parametrize("ended", [close, renounce])
def test_who_loses_his_rights_with_his_firms_is_sent_to_its_head(site_and_owner, ended):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    given(firm.beneficiary, site, terms(), side=Side.FIRM)
    watch = Watch()
    close(owner, firm) if ended is close else renounce(firm)
    (mail,) = [mail for mail in watch.mails if mail.recipient == "eve@exemple.fr"]
    assert f"La délégation de {firm.firm.name} sur {place(site)} a pris fin" in mail.text
    assert "adressez-vous à " + firm.beneficiary.get_full_name() in mail.text


# --- the company changes its firm's delegation -----------------------------------------------------------


@pytest.fixture
def firm(site_and_owner):
    """A firm that may write for every collège, and three of its people."""
    site, owner = site_and_owner
    firm = firm_on(site, owner, WRITES)
    for email, what in (
        ("writer@exemple.fr", terms(levels=WRITES)),
        ("etam@exemple.fr", terms(levels=OF_ETAM, ends_on=day(2))),
        ("reader@exemple.fr", terms(levels=READS, ends_on=day(2))),
        ("deputy@exemple.fr", of_role(Role.DEPUTY)),
    ):
        given(firm.beneficiary, site, what, email, Side.FIRM)
    give(firm.beneficiary, site, terms(), "invited@exemple.fr", Side.FIRM)
    return firm


def told(watch):
    """What each of the firm's people was told."""
    return {mail.recipient: mail.text for mail in watch.mails if mail.recipient != "head@exemple.fr"}


def test_narrowing_tells_those_whose_rights_shrink_what_they_lose_and_nobody_else(site_and_owner, firm):
    _, owner = site_and_owner
    watch = Watch()
    change(owner, firm, to_firm(READS))
    found = told(watch)
    assert set(found) == {"writer@exemple.fr", "etam@exemple.fr", "deputy@exemple.fr"}
    lost = "Mise à jour de Gérer mes salariés retirée"
    assert f"{lost}, Consultation conservée" in found["writer@exemple.fr"]
    assert f"{lost} pour ETAM, Consultation conservée" in found["etam@exemple.fr"]
    assert f"Anne Owner change la délégation de {firm.firm.name}" in found["deputy@exemple.fr"]
    assert firm.beneficiary.get_full_name() in found["deputy@exemple.fr"]


def test_an_earlier_last_day_is_told_to_whom_it_reaches(site_and_owner, firm):
    _, owner = site_and_owner
    watch = Watch()
    change(owner, firm, to_firm(WRITES, ends_on=day(9)))
    found = told(watch)
    assert set(found) == {"writer@exemple.fr", "deputy@exemple.fr"}
    assert "Date de fin\u00a0: sans date de fin → 19/06/2026 inclus" in found["writer@exemple.fr"]


def test_widening_tells_none_of_them(site_and_owner, firm):
    _, owner = site_and_owner
    watch = Watch()
    change(owner, firm, to_firm(WRITES | {("employees.planning", None): READS[("employees.employee", None)]}))
    assert told(watch) == {}
