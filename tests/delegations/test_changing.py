"""Changing what was given: at once, told to the person, never one's own, never the last Administrateur."""

import pytest
import time_machine

from delegations.matrix import RightsMatrix, everything
from delegations.models import Delegation, Role, Side, Status
from delegations.refusals import (
    AlreadyOver,
    ChangedMeanwhile,
    LastAdministrator,
    NoLongerGiver,
    NothingGiven,
    OwnRights,
    Refused,
    TooWide,
    WrongDays,
)
from delegations.terms import Terms
from portal.access.levels import Access, College
from tests.delegations.scenes import (
    OF_ETAM,
    READS,
    WRITES,
    Watch,
    accept,
    change,
    close,
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
from tests.factories import SiteFactory, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
LAST = "Ce site n’aurait plus d’Administrateur\u00a0: nommez d’abord une autre personne"


@pytest.fixture
def held(site_and_owner):
    """What a user of the company may read."""
    site, owner = site_and_owner
    return given(owner, site, terms())


def test_other_levels_hold_at_once_without_a_new_acceptance(site_and_owner, held):
    site, owner = site_and_owner
    person = held.beneficiary
    assert not person.has_perm("employees.write_employee", site)
    change(owner, held, terms(levels=WRITES))
    assert person.has_perm("employees.write_employee", site)
    change(owner, held, terms(levels={("adherents.profile", None): Access.READ}))
    assert not person.has_perm("employees.read_employee", site)
    assert fresh(held).status_on() is Status.ACTIVE


def test_a_change_is_one_line_with_before_and_after_and_one_mail_to_the_person(site_and_owner, held):
    site, owner = site_and_owner
    watch = Watch()
    sentences = change(owner, held, terms(levels=OF_ETAM, ends_on=day(9)))
    (line,) = watch.lines
    assert (line.action, line.actor_id, line.cibtp_id) == ("rights.changed", owner.pk, site.cibtp_id)
    assert line.before == {
        "Date de fin": "sans date de fin",
        "Gérer mes salariés (Ouvrier et Cadre)": "Consultation",
        "Gérer mes salariés (ETAM)": "Consultation",
    }
    assert line.after == {
        "Date de fin": "19/06/2026 inclus",
        "Gérer mes salariés (Ouvrier et Cadre)": "Aucun droit",
        "Gérer mes salariés (ETAM)": "Mise à jour",
    }
    assert sentences == [
        "Date de fin\u00a0: sans date de fin → 19/06/2026 inclus",
        "Consultation de Gérer mes salariés retirée pour Ouvrier et Cadre",
        "Mise à jour de Gérer mes salariés accordée pour ETAM",
    ]
    (mail,) = watch.mails
    assert mail.recipient == held.address
    assert all(sentence in mail.text for sentence in sentences)


def test_a_change_of_nothing_writes_nothing(site_and_owner, held):
    _, owner = site_and_owner
    watch = Watch()
    assert change(owner, held, terms(starts_on=held.starts_on)) == []
    assert (watch.lines, watch.mails, fresh(held).version) == ([], [], held.version)


def test_whoever_has_not_answered_is_not_written_to(site_and_owner):
    site, owner = site_and_owner
    waiting = give(owner, site, terms())
    watch = Watch()
    change(owner, waiting, terms(levels=WRITES, starts_on=day(2)))
    assert watch.actions == ["rights.changed"]
    assert watch.mails == []
    assert fresh(waiting).status_on() is Status.INVITED


def test_a_user_raised_to_a_role_is_told_what_he_gains_and_never_that_he_loses(site_and_owner, held):
    _, owner = site_and_owner
    sentences = change(owner, held, of_role(Role.ADMINISTRATOR))
    assert sentences[0] == "Rôle\u00a0: Utilisateur → Administrateur"
    assert "Mise à jour de Gérer mes salariés accordée" in sentences
    assert not [sentence for sentence in sentences if "retirée" in sentence]
    assert fresh(held).cells == RightsMatrix()
    assert fresh(held).matrix == everything()


def test_an_administrator_lowered_to_a_user_is_told_what_he_loses(site_and_owner):
    site, owner = site_and_owner
    other = given(owner, site, of_role(Role.ADMINISTRATOR))
    sentences = change(owner, other, terms())
    assert "Mise à jour de Gérer mes salariés retirée, Consultation conservée" in sentences
    assert "Mise à jour de Mes comptes bancaires retirée" in sentences
    assert not [sentence for sentence in sentences if "accordée" in sentence]


def test_what_the_person_was_not_shown_is_not_overwritten(site_and_owner, held):
    _, owner = site_and_owner
    shown = held.version
    change(owner, held, terms(levels=WRITES))
    with refused(ChangedMeanwhile, "Ces droits ont été modifiés entre-temps"):
        change(owner, held, terms(levels=OF_ETAM), version=shown)
    assert fresh(held).cells == RightsMatrix.of(WRITES)


def test_the_companys_answer_counts_as_a_change(site_and_owner):
    site, owner = site_and_owner
    firm = given(owner, site, to_firm())
    shown = firm.version
    confirm(owner, firm)
    with pytest.raises(ChangedMeanwhile):
        change(owner, firm, to_firm(READS), version=shown)


def test_nobody_changes_what_is_over(site_and_owner, held):
    _, owner = site_and_owner
    close(owner, held)
    with refused(AlreadyOver, "Cette délégation est terminée\u00a0: ajoutez-en une nouvelle"):
        change(owner, held, terms(levels=WRITES))


def test_nor_what_ended_by_the_clock_alone(site_and_owner):
    site, owner = site_and_owner
    held = given(owner, site, terms(ends_on=day(1)))
    with time_machine.travel("2026-06-12T00:00:00+02:00", tick=False), pytest.raises(AlreadyOver):
        change(owner, held, terms(ends_on=day(9), starts_on=held.starts_on))


@pytest.mark.parametrize("what", [terms(), terms(levels=WRITES), of_role(Role.ADMINISTRATOR, ends_on=day(1))])
def test_nobody_changes_his_own(site_and_owner, what):
    site, owner = site_and_owner
    given(owner, site, of_role(Role.ADMINISTRATOR))
    with refused(OwnRights, "Vous ne pouvez pas modifier vos propres droits\u00a0: vous pouvez y renoncer."):
        change(owner, owner.delegations.get(), what)


def test_a_deputy_changes_neither_his_own_nor_the_firms(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner, OF_ETAM)
    deputy = given(firm.beneficiary, site, of_role(Role.DEPUTY, ends_on=day(3)), side=Side.FIRM)
    with pytest.raises(OwnRights):
        change(deputy.beneficiary, deputy, of_role(Role.DEPUTY), Side.FIRM)
    with pytest.raises(Delegation.DoesNotExist):
        change(deputy.beneficiary, firm, to_firm(), Side.FIRM)


def test_an_administrator_who_is_his_firms_head_does_not_prolong_himself_from_the_other_side(site_and_owner):
    site, owner = site_and_owner
    second = given(owner, site, of_role(Role.ADMINISTRATOR, ends_on=day(3)))
    person = second.beneficiary
    invited = give(owner, site, to_firm(READS, ends_on=day(3)), person.email)
    firm = confirm(owner, accept(invited, person))
    for what in (to_firm(READS), to_firm(ends_on=day(3))):
        with pytest.raises(OwnRights):
            change(person, firm, what)
    assert change(owner, firm, to_firm(READS))


def test_what_is_not_in_ones_list_does_not_exist(site_and_owner, held):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    staff = given(firm.beneficiary, site, terms(), "staff@exemple.fr", Side.FIRM)
    stranger = owner_of(SiteFactory())
    with pytest.raises(Delegation.DoesNotExist):  # a company reads its firm's people, and changes none
        change(owner, staff, terms(levels=WRITES))
    with pytest.raises(Delegation.DoesNotExist):
        change(firm.beneficiary, held, terms(levels=WRITES), Side.FIRM)
    for person, side in ((stranger, Side.COMPANY), (firm.beneficiary, Side.COMPANY), (owner, Side.FIRM)):
        with pytest.raises(NoLongerGiver):
            change(person, held, terms(levels=WRITES), side)


def test_a_firm_stays_a_firm_and_a_person_a_person(site_and_owner, held):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    for delegation, what in ((held, to_firm()), (firm, terms()), (firm, of_role(Role.ADMINISTRATOR))):
        with refused(Refused, "Une délégation au cabinet comptable le reste\u00a0: mettez-y fin"):
            change(owner, delegation, what)


def test_a_change_gives_no_more_than_the_firm_holds(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner, OF_ETAM, ends_on=day(5))
    head = firm.beneficiary
    staff = given(
        head, site, terms(levels={("employees.employee", College.ETAM): Access.READ}), side=Side.FIRM
    )
    with pytest.raises(TooWide):
        change(head, staff, terms(levels=READS), Side.FIRM)
    with pytest.raises(TooWide):
        change(head, staff, of_role(Role.ADMINISTRATOR), Side.FIRM)
    with pytest.raises(WrongDays):
        change(head, staff, terms(levels=OF_ETAM, ends_on=day(6)), Side.FIRM)
    with pytest.raises(NothingGiven):
        change(head, staff, Terms(Role.USER), Side.FIRM)
    assert change(head, staff, terms(levels=OF_ETAM, ends_on=day(5)), Side.FIRM)


# --- days --------------------------------------------------------------------------------------------


def test_what_has_begun_keeps_its_first_day(site_and_owner, held):
    _, owner = site_and_owner
    with refused(WrongDays, "Ces droits ont commencé\u00a0: leur date d’effet ne change plus."):
        change(owner, held, terms(starts_on=day(1)))


def test_what_has_not_begun_may_begin_another_day_but_not_in_the_past(site_and_owner):
    site, owner = site_and_owner
    coming = given(owner, site, terms(starts_on=day(5)))
    assert change(owner, coming, terms(starts_on=day(2)))
    with refused(WrongDays, "La date d’effet est passée\u00a0: choisissez aujourd’hui ou un jour à venir."):
        change(owner, coming, terms(starts_on=day(-1)))


def test_a_last_day_moves_but_not_into_the_past(site_and_owner, held):
    _, owner = site_and_owner
    with time_machine.travel("2026-06-15T12:00:00+02:00", tick=False):
        with refused(WrongDays, "La date de fin est passée"):
            change(owner, held, terms(starts_on=held.starts_on, ends_on=day(4)))
        assert change(owner, held, terms(starts_on=held.starts_on, ends_on=day(5)))
        assert held.beneficiary.has_perm("employees.read_employee", held.site)
    with time_machine.travel("2026-06-16T00:00:00+02:00", tick=False):
        assert not held.beneficiary.has_perm("employees.read_employee", held.site)


def test_a_new_last_day_is_warned_of_anew_unless_it_is_near(site_and_owner, held):
    _, owner = site_and_owner
    for last, warned in ((day(31), None), (day(30), 30), (day(8), 30), (day(7), 7), (day(60), None)):
        change(owner, held, terms(ends_on=last))
        assert fresh(held).days_warned == warned


# --- the last Administrateur ------------------------------------------------------------------------


@pytest.fixture
def two(site_and_owner):
    """Two Administrateurs: the first is about to be disabled, the second to be changed."""
    site, owner = site_and_owner
    return owner, given(owner, site, of_role(Role.ADMINISTRATOR))


LOWERED = [terms(), terms(levels=WRITES), of_role(Role.ADMINISTRATOR, ends_on=day(400))]


@pytest.mark.parametrize("what", LOWERED)
def test_one_of_two_administrators_can_be_lowered(two, what):
    owner, other = two
    assert change(owner, other, what)


@pytest.mark.parametrize("what", LOWERED)
def test_the_only_counted_administrator_cannot(two, what):
    owner, other = two
    change(other.beneficiary, owner.delegations.get(), of_role(Role.ADMINISTRATOR, ends_on=day(9)))
    with refused(LastAdministrator, LAST):
        change(owner, other, what)
    assert fresh(other).role == Role.ADMINISTRATOR


@pytest.mark.parametrize("state", ["invited", "coming", "with a last day", "disabled"])
def test_who_does_not_count_saves_nobody(site_and_owner, two, state):
    """The owner administers to a last day, the other counts, and the third is not counted."""
    site, owner = site_and_owner
    _, other = two
    change(other.beneficiary, owner.delegations.get(), of_role(Role.ADMINISTRATOR, ends_on=day(9)))
    days = {"coming": {"starts_on": day(1)}, "with a last day": {"ends_on": day(9)}}.get(state, {})
    third = (give if state == "invited" else given)(
        owner, site, of_role(Role.ADMINISTRATOR, **days), "third@exemple.fr"
    )
    if state == "disabled":
        third.beneficiary.is_active = False
        third.beneficiary.save()
    with pytest.raises(LastAdministrator):
        change(owner, other, terms())


def test_the_last_one_keeps_what_leaves_him_counted(two):
    owner, other = two
    change(other.beneficiary, owner.delegations.get(), of_role(Role.ADMINISTRATOR, ends_on=day(9)))
    assert change(owner, other, of_role(Role.ADMINISTRATOR, starts_on=other.starts_on)) == []


def test_the_first_day_of_the_last_one_does_not_move(two):
    owner, other = two
    change(other.beneficiary, owner.delegations.get(), of_role(Role.ADMINISTRATOR, ends_on=day(9)))
    with pytest.raises(WrongDays):
        change(owner, other, of_role(Role.ADMINISTRATOR, starts_on=day(1)))


def test_the_firms_people_are_not_counted_and_change_freely(site_and_owner):
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    deputy = given(firm.beneficiary, site, of_role(Role.DEPUTY), side=Side.FIRM)
    assert change(firm.beneficiary, deputy, terms(ends_on=day(1)), Side.FIRM)
    assert change(owner, firm, to_firm(READS, ends_on=day(1)))


# --- what hangs from a firm ---------------------------------------------------------------------------


@pytest.fixture
def staffed(site_and_owner):
    """A firm that holds everything, a deputy and a user who may write the employees."""
    site, owner = site_and_owner
    firm = firm_on(site, owner)
    deputy = given(firm.beneficiary, site, of_role(Role.DEPUTY), "deputy@exemple.fr", Side.FIRM)
    user = given(firm.beneficiary, site, terms(levels=WRITES), "user@exemple.fr", Side.FIRM)
    return firm, deputy, user


def test_narrowing_the_firm_narrows_its_people_at_once_and_widening_adds_nothing(site_and_owner, staffed):
    site, owner = site_and_owner
    firm, deputy, user = staffed
    change(owner, firm, to_firm(READS))
    for one in (firm, deputy, user):
        assert fresh(one).matrix == RightsMatrix.of(READS)
        assert one.beneficiary.has_perm("employees.read_employee", site)
        assert not one.beneficiary.has_perm("employees.write_employee", site)
        assert not one.beneficiary.has_perm("adherents.read_profile", site)
    change(owner, firm, to_firm())
    assert fresh(user).matrix == RightsMatrix.of(WRITES)
    assert fresh(deputy).matrix == everything()


def test_what_the_firm_took_back_meanwhile_stays_taken(site_and_owner, staffed):
    _, owner = site_and_owner
    firm, _, user = staffed
    change(owner, firm, to_firm(READS))
    change(firm.beneficiary, user, terms(), Side.FIRM)  # what its page now shows, saved
    change(owner, firm, to_firm())
    assert fresh(user).matrix == RightsMatrix.of(READS)


def test_shortening_the_firm_shortens_its_people(site_and_owner, staffed):
    site, owner = site_and_owner
    firm, deputy, user = staffed
    change(owner, firm, to_firm(ends_on=day(2)))
    for one in (deputy, user):
        assert fresh(one).last_day == day(2)
        assert fresh(one).status_on(day(3)) is Status.EXPIRED
    with time_machine.travel("2026-06-13T00:00:00+02:00", tick=False):
        assert not user.beneficiary.has_perm("employees.read_employee", site)


def test_a_person_on_both_sides_holds_the_union(site_and_owner):
    site, owner = site_and_owner
    company = given(owner, site, terms(levels={("adherents.profile", None): Access.READ}))
    person = company.beneficiary
    firm = confirm(owner, accept(give(owner, site, to_firm(OF_ETAM), person.email), person))
    assert person.has_perm("adherents.read_profile", site)
    assert person.has_perm("employees.write_employee", site)
    close(owner, company)
    assert not person.has_perm("adherents.read_profile", site)
    assert person.has_perm("employees.write_employee", site)
    assert fresh(firm).status_on() is Status.ACTIVE
