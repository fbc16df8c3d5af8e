"""Giving rights: to whom, how much, from when to when, and what is told (product.md 6.2, 6.3)."""

import datetime as dt

import pytest
import time_machine

from delegations import giving
from delegations.matrix import RightsMatrix, everything
from delegations.models import Delegation, Invitation, Outcome, Role, Side, Status
from delegations.refusals import (
    AlreadyGiven,
    NoFirmOnFile,
    NoLongerGiver,
    NothingGiven,
    OwnAddress,
    Refused,
    TooWide,
    WrongDays,
)
from delegations.terms import Terms
from portal.access.features import all_features
from portal.access.levels import Access, College
from portal.journal.models import Entry
from portal.messaging.models import Message
from tests.delegations.scenes import (
    OF_ETAM,
    ORIGIN,
    READS,
    TODAY,
    WRITES,
    Watch,
    accept,
    confirm,
    day,
    firm_on,
    fresh,
    give,
    given,
    of_role,
    refused,
    terms,
    to_firm,
)
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def test_a_gift_waits_for_the_person_with_what_was_asked(site_and_owner):
    site, owner = site_and_owner
    made = give(owner, site, terms(levels=OF_ETAM, starts_on=day(1), ends_on=day(5)), " Eve@Exemple.FR ")
    assert made.status_on() is Status.INVITED
    assert (made.email, made.beneficiary, made.given_by) == ("eve@exemple.fr", None, owner)
    assert (made.side, made.role, made.parent, made.firm) == (Side.COMPANY, Role.USER, None, None)
    assert made.cells == RightsMatrix.of(OF_ETAM)
    assert (made.starts_on, made.ends_on) == (day(1), day(5))
    assert made.invitation.email == "eve@exemple.fr"


def test_a_gift_writes_one_line_and_one_mail_to_the_person(site_and_owner):
    site, owner = site_and_owner
    watch = Watch()
    give(owner, site, terms(ends_on=day(5)))
    (line,) = watch.lines
    assert (line.action, line.actor_id, line.cibtp_id) == ("rights.given", owner.pk, site.cibtp_id)
    assert (line.channel, line.address) == ("web", "192.0.2.7")
    assert line.before is None
    assert line.after == {
        "Bénéficiaire": "eve@exemple.fr",
        "Rôle": "Utilisateur",
        "Date d’effet": "10/06/2026",
        "Date de fin": "15/06/2026 inclus",
        "Gérer mes salariés": "Consultation",
    }
    (mail,) = watch.mails
    assert mail.recipient == "eve@exemple.fr"
    assert site.cibtp_id in mail.text
    assert "du 10/06/2026 au 15/06/2026" in mail.text
    assert mail.secret in mail.text


def test_without_a_first_day_it_is_today(site_and_owner):
    site, owner = site_and_owner
    assert give(owner, site, terms()).starts_on == TODAY


def test_a_role_stores_no_levels_whatever_is_sent_with_it(site_and_owner):
    site, owner = site_and_owner
    made = give(owner, site, Terms(Role.ADMINISTRATOR, RightsMatrix.of(READS)))
    assert made.cells == RightsMatrix()
    assert made.matrix == everything()


@pytest.mark.parametrize("levels", [{}, {("employees.employee", None): Access.NONE}])
@pytest.mark.parametrize("role", [Role.USER, Role.HEAD])
def test_nothing_cannot_be_given(site_and_owner, role, levels):
    site, owner = site_and_owner
    with refused(NothingGiven, "Aucun droit n’est donné\u00a0: choisissez Consultation ou Mise à jour"):
        give(owner, site, Terms(role, RightsMatrix.of(levels)))


@pytest.mark.parametrize("role", ["user", "administrator", "head", "deputy"])
def test_a_role_of_the_other_side_cannot_be_given(site_and_owner, role):
    site, owner = site_and_owner
    head = firm_on(site, owner).beneficiary
    not_theirs = {"company": {"deputy"}, "firm": {"administrator", "head"}}
    for side, person in (("company", owner), ("firm", head)):
        if role in not_theirs[side]:
            with refused(TooWide, "Vous ne pouvez pas donner ce rôle."):
                give(person, site, Terms(role, everything()), side=side)


def test_no_firm_gives_one_cell_more_than_it_holds(site_and_owner):
    """Each cell of the matrix forged in turn, above what a firm holds: reading, then writing."""
    site, owner = site_and_owner
    head = firm_on(site, owner, OF_ETAM).beneficiary
    held = RightsMatrix.of(OF_ETAM)
    for row in all_features():
        for college in College:
            cell = row.cell(college)
            for forged in (RightsMatrix(cell, 0), RightsMatrix(cell, cell)):
                if forged <= held:
                    continue
                with refused(TooWide, "Vous ne pouvez pas donner plus que ce que votre cabinet a reçu."):
                    give(head, site, Terms(Role.USER, held.join(forged)), side=Side.FIRM)
    assert give(head, site, Terms(Role.USER, held), side=Side.FIRM).matrix == held


def test_bits_outside_the_catalogue_are_refused_to_a_company_too(site_and_owner):
    site, owner = site_and_owner
    outside = 1 << 62
    writing_what_is_only_read = next(row for row in all_features() if not row.writable).mask
    for forged in (
        RightsMatrix(outside, 0),
        RightsMatrix(writing_what_is_only_read, writing_what_is_only_read),
    ):
        with pytest.raises(TooWide):
            give(owner, site, Terms(Role.USER, forged))


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"starts_on": day(-1)}, "La date d’effet est passée\u00a0: choisissez aujourd’hui"),
        ({"ends_on": day(-1)}, "La date de fin est passée"),
        ({"starts_on": day(3), "ends_on": day(2)}, "La date de fin vient avant la date d’effet"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(site_and_owner, days, sentence):
    site, owner = site_and_owner
    with refused(WrongDays, sentence):
        give(owner, site, terms(**days))


def test_one_day_only_can_be_given(site_and_owner):
    site, owner = site_and_owner
    assert given(owner, site, terms(starts_on=TODAY, ends_on=TODAY)).status_on() is Status.ACTIVE


@pytest.mark.parametrize(
    ("days", "which"),
    [
        ({"ends_on": day(5)}, ""),
        ({}, ""),
        ({"ends_on": day(6)}, "La date de fin"),
        ({"starts_on": day(6)}, "La date d’effet"),
        ({"starts_on": day(6), "ends_on": day(7)}, "La date d’effet"),
    ],
)
def test_nobody_is_given_more_days_than_the_firm_holds(site_and_owner, days, which):
    site, owner = site_and_owner
    head = firm_on(site, owner, ends_on=day(5)).beneficiary
    if which:
        late = f"{which} vient trop tard\u00a0: votre cabinet tient ces droits jusqu’au 15/06/2026."
        with refused(WrongDays, late):
            give(head, site, terms(**days), side=Side.FIRM)
        return
    made = give(head, site, terms(**days), side=Side.FIRM)
    assert made.last_day == day(5)
    assert made.status_on(day(5)) is Status.INVITED
    assert made.status_on(day(6)) is Status.EXPIRED


def persons_who_give_nothing(site, owner):
    """Everybody but an Administrateur in force."""
    yield "nobody", UserFactory()
    yield "administers another site", owner_of(SiteFactory())
    yield "a user", given(owner, site, terms(levels=WRITES), "user@exemple.fr").beneficiary
    coming = given(owner, site, of_role(Role.ADMINISTRATOR, starts_on=day(1)), "coming@exemple.fr")
    yield "coming", coming.beneficiary
    yield "head", firm_on(site, owner).beneficiary
    disabled = given(owner, site, of_role(Role.ADMINISTRATOR), "disabled@exemple.fr").beneficiary
    disabled.is_active = False
    disabled.save()
    yield "disabled", disabled
    closed = given(owner, site, of_role(Role.ADMINISTRATOR), "closed@exemple.fr")
    Delegation.objects.filter(pk=closed.pk).update(over_at=dt.datetime.now(dt.UTC), outcome=Outcome.CLOSED)
    yield "closed", closed.beneficiary


def test_only_administrators_in_force_give_for_the_company(site_and_owner):
    site, owner = site_and_owner
    for who, person in persons_who_give_nothing(site, owner):
        with refused(NoLongerGiver, "Vous ne gérez plus les droits d’accès de ce site."):
            give(person, site, terms(), f"{who.replace(' ', '.')}-2@exemple.fr")


def test_a_firm_not_confirmed_gives_nothing(site_and_owner):
    site, owner = site_and_owner
    head = given(owner, site, to_firm(), "head@exemple.fr")
    with pytest.raises(NoLongerGiver):
        give(head.beneficiary, site, terms(), side=Side.FIRM)
    confirm(owner, head)
    give(head.beneficiary, site, terms(), side=Side.FIRM)


def test_a_deputy_gives_from_the_firms_own_delegation(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner, OF_ETAM)
    deputy = given(firm.beneficiary, site, of_role(Role.DEPUTY), "deputy@exemple.fr", Side.FIRM)
    assert (deputy.cells, deputy.matrix) == (RightsMatrix(), firm.matrix)
    made = give(deputy.beneficiary, site, terms(levels=OF_ETAM), side=Side.FIRM)
    assert (made.parent, made.firm) == (firm, firm.firm)
    with pytest.raises(TooWide):
        give(deputy.beneficiary, site, terms(levels=READS), "other@exemple.fr", Side.FIRM)


def test_an_address_has_one_line_per_site_and_side(site_and_owner):
    site, owner = site_and_owner
    give(owner, site, terms())
    with refused(AlreadyGiven, "eve@exemple.fr a déjà une délégation sur ce site"):
        give(owner, site, terms())
    person = UserFactory()
    accept(give(owner, site, terms(), person.email), person)
    with pytest.raises(AlreadyGiven):
        give(owner, site, terms(), person.email)
    give(owner, site, to_firm(), person.email)  # the other side


def test_nobody_gives_himself_anything_on_his_own_side(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner, OF_ETAM)
    for person, side in ((owner, Side.COMPANY), (firm.beneficiary, Side.FIRM)):
        with pytest.raises(OwnAddress):
            give(person, site, terms(levels=OF_ETAM), person.email, side)


def test_a_line_past_its_last_day_bars_no_new_one_and_is_recorded(site_and_owner):
    site, owner = site_and_owner
    person = UserFactory()
    former = accept(give(owner, site, terms(ends_on=day(2)), person.email), person)
    with time_machine.travel("2026-06-12T23:59:59+02:00", tick=False), pytest.raises(AlreadyGiven):
        give(owner, site, terms(), person.email)
    with time_machine.travel("2026-06-13T00:00:00+02:00", tick=False):
        accept(give(owner, site, terms(), person.email), person)
        assert fresh(former).outcome == Outcome.EXPIRED
        assert fresh(former).status_on() is Status.EXPIRED


def test_no_firm_on_file_no_delegation_to_it():
    site = SiteFactory()
    with refused(NoFirmOnFile, "Aucun cabinet comptable n’est identifié\u00a0: contactez votre caisse."):
        give(owner_of(site), site, to_firm())


def test_a_site_has_one_firm_at_a_time(site_and_owner):
    site, owner = site_and_owner
    first = give(owner, site, to_firm(ends_on=day(1)))
    assert (first.side, first.firm) == (Side.FIRM, site.adherent.accounting_firm)
    with refused(Refused, "Une délégation est déjà donnée à votre cabinet comptable"):
        give(owner, site, to_firm(), "other@exemple.fr")
    with time_machine.travel("2026-06-12T00:00:00+02:00", tick=False):
        give(owner, site, to_firm(), "other@exemple.fr")


def test_a_new_delegation_to_the_same_firm_revives_nothing(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner, ends_on=day(3))
    staff = given(firm.beneficiary, site, terms(), "staff@exemple.fr", Side.FIRM)
    with time_machine.travel("2026-06-14T08:00:00+02:00", tick=False):
        second = accept(give(owner, site, to_firm(), "head@exemple.fr"), firm.beneficiary)
        confirm(owner, second)
        assert fresh(staff).status_on() is Status.EXPIRED
        assert not staff.beneficiary.has_perm("employees.read_employee", site)
        assert firm.beneficiary.has_perm("employees.read_employee", site)


def test_a_refused_gift_leaves_no_row_no_line_and_no_mail(site_and_owner):
    site, owner = site_and_owner
    watch = Watch()
    with pytest.raises(NothingGiven):
        give(owner, site, Terms(Role.USER))
    assert not Invitation.objects.exists()
    assert (watch.lines, watch.mails) == ([], [])


# --- several sites at once ---------------------------------------------------------------------------


def give_on(person, sites, what, email="eve@exemple.fr", side=Side.COMPANY):
    return giving.give_on(person=person, sites=sites, side=side, email=email, terms=what, origin=ORIGIN)


def test_several_sites_are_one_invitation_and_one_line_each(site_and_owner):
    site, owner = site_and_owner
    second = SiteFactory(adherent=site.adherent)
    giving.name_administrator(site=second, user=owner, origin=ORIGIN)
    watch = Watch()
    report = give_on(owner, [second, site], terms())
    assert [one.site for one in report] == [site, second]
    assert len({one.delegation.invitation_id for one in report}) == 1
    assert watch.actions == ["rights.given"] * 2
    (mail,) = watch.mails
    assert site.cibtp_id in mail.text
    assert second.cibtp_id in mail.text


def test_a_site_refused_keeps_no_other_back(site_and_owner):
    site, owner = site_and_owner
    foreign, taken = SiteFactory(), SiteFactory(adherent=site.adherent)
    giving.name_administrator(site=taken, user=owner, origin=ORIGIN)
    give(owner, taken, terms())
    watch = Watch()
    report = give_on(owner, [taken, foreign, site], terms())
    said = {one.site: (bool(one.delegation), one.refusal) for one in report}
    assert said[site] == (True, "")
    assert said[foreign] == (False, "Vous ne gérez plus les droits d’accès de ce site.")
    assert said[taken][1].startswith("eve@exemple.fr a déjà une délégation sur ce site")
    assert len(watch.lines) == len(watch.mails) == 1
    assert foreign.cibtp_id not in watch.mails[0].text


def test_all_refused_leaves_nothing(site_and_owner):
    _, owner = site_and_owner
    report = give_on(owner, [SiteFactory(), SiteFactory()], terms())
    assert [one.delegation for one in report] == [None, None]
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


# --- whoever proved two letters ----------------------------------------------------------------------


def test_whoever_proved_the_letters_administers_without_end(site_and_owner):
    site, _ = site_and_owner
    person = UserFactory()
    watch = Watch()
    made = giving.name_administrator(site=site, user=person, origin=ORIGIN)
    assert (made.role, made.starts_on, made.ends_on) == (Role.ADMINISTRATOR, TODAY, None)
    assert made.status_on() is Status.ACTIVE
    assert watch.actions == ["rights.administrator_named"]


def test_he_keeps_no_other_line_on_his_side_open(site_and_owner):
    site, owner = site_and_owner
    held = given(owner, site, terms(), "eve@exemple.fr")
    eve = held.beneficiary
    watch = Watch()
    giving.name_administrator(site=site, user=eve, origin=ORIGIN)
    assert watch.actions == ["rights.closed", "rights.administrator_named"]
    assert fresh(held).status_on() is Status.CLOSED
    assert eve.delegations.open().get().role == Role.ADMINISTRATOR


def test_an_invitation_to_his_address_dies(site_and_owner):
    site, owner = site_and_owner
    waiting = give(owner, site, terms())
    giving.name_administrator(site=site, user=UserFactory(email="eve@exemple.fr"), origin=ORIGIN)
    assert fresh(waiting).status_on() is Status.CLOSED


def test_what_had_expired_stays_expired(site_and_owner):
    site, owner = site_and_owner
    former = given(owner, site, terms(ends_on=day(1)))
    with time_machine.travel("2026-06-12T00:00:00+02:00", tick=False):
        giving.name_administrator(site=site, user=former.beneficiary, origin=ORIGIN)
        assert fresh(former).status_on() is Status.EXPIRED


def test_his_rights_for_the_firm_are_left_alone(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    giving.name_administrator(site=site, user=firm.beneficiary, origin=ORIGIN)
    assert fresh(firm).status_on() is Status.ACTIVE
    assert Entry.objects.filter(action="rights.closed").count() == 0
