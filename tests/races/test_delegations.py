"""Rights given, changed, answered and ended at one instant: one order, whichever comes first (R58)."""

import contextlib
import threading

import pytest

from delegations import administrators, closing, giving
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role, Side, Status
from delegations.refusals import AlreadyAnswered, AlreadyGiven, LastAdministrator, NoLongerGiver, Refused
from portal.journal.models import Entry
from tests.delegations.scenes import (
    ORIGIN,
    READS,
    WRITES,
    accept,
    change,
    close,
    confirm,
    firm_on,
    fresh,
    give,
    given,
    of_role,
    opened_site,
    renounce,
    terms,
    to_firm,
)
from tests.factories import UserFactory

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def two():
    """A site, and the delegations of its two Administrateurs."""
    site, owner = opened_site()
    second = given(owner, site, of_role(Role.ADMINISTRATOR), "second@exemple.fr")
    return site, fresh(owner.delegations.get()), second


def counted(site):
    return Delegation.objects.lasting_administrators().filter(site=site)


def done(results):
    """How many acts were done; anything but a refusal in words is a fault."""
    faults = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert faults == []
    return len([one for one in results if not isinstance(one, Refused)])


def each_other(first, second, act):
    """Two people who do the same to one another."""
    return [lambda: act(first.beneficiary, second), lambda: act(second.beneficiary, first)]


def test_of_two_administrators_who_remove_each_other_one_stays(two, at_once):
    site, first, second = two
    results = at_once(*each_other(first, second, close))
    assert done(results) == 1
    assert [type(one) for one in results if isinstance(one, Refused)] == [NoLongerGiver]
    assert counted(site).count() == 1
    assert Entry.objects.filter(action="rights.closed").count() == 1


def test_of_two_administrators_who_lower_each_other_one_stays(two, at_once):
    site, first, second = two
    results = at_once(*each_other(first, second, lambda person, other: change(person, other, terms())))
    assert done(results) == 1
    assert counted(site).count() == 1


def test_of_two_administrators_who_both_renounce_one_stays(two, at_once):
    site, first, second = two
    results = at_once(lambda: renounce(first), lambda: renounce(second))
    assert done(results) == 1
    assert [type(one) for one in results if isinstance(one, Refused)] == [LastAdministrator]
    assert counted(site).count() == 1


def test_one_renounces_while_the_other_is_closed_and_one_stays(two, at_once):
    site, first, second = two
    results = at_once(lambda: renounce(first), lambda: close(first.beneficiary, second))
    assert done(results) == 1
    assert counted(site).count() == 1


@pytest.mark.parametrize("locked", [True, False])
def test_without_the_lock_of_the_site_nobody_would_stay(two, at_once, monkeypatch, locked):
    """Both wait for each other once the count is checked, if they can: the lock is what forbids it."""
    site, first, second = two
    meeting, checked = threading.Barrier(2), administrators.keep_one

    def slowly(delegation):
        checked(delegation)
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(1.5)

    monkeypatch.setattr(closing, "keep_one", slowly)
    if not locked:
        monkeypatch.setattr(closing, "locked", lambda site: site)
    at_once(lambda: renounce(first), lambda: renounce(second))
    assert counted(site).count() == (1 if locked else 0)


def test_a_right_narrowed_while_it_is_passed_on_is_within_what_the_firm_holds(at_once):
    site, owner = opened_site()
    firm = firm_on(site, owner)
    head = firm.beneficiary
    results = at_once(
        lambda: change(owner, firm, to_firm(READS)),
        lambda: give(head, site, terms(levels=WRITES), side=Side.FIRM),
    )
    assert done(results) >= 1
    assert not isinstance(results[0], Exception)
    assert fresh(firm).matrix == RightsMatrix.of(READS)
    for passed_on in Delegation.objects.filter(parent=firm).select_related("parent"):
        assert passed_on.matrix <= RightsMatrix.of(READS)


def test_a_firm_closed_while_it_passes_on_leaves_nothing_open(at_once):
    site, owner = opened_site()
    firm = firm_on(site, owner)
    results = at_once(
        lambda: close(owner, firm), lambda: give(firm.beneficiary, site, terms(), side=Side.FIRM)
    )
    assert done(results) >= 1
    assert not Delegation.objects.filter(side=Side.FIRM, over_at=None).exists()


def test_one_invitation_accepted_twice_is_accepted_once(at_once):
    site, owner = opened_site()
    offered, eve = give(owner, site, terms()), UserFactory(email="eve@exemple.fr")
    results = at_once(*[lambda: accept(offered, eve)] * 2)
    assert done(results) == 1
    assert [type(one) for one in results if isinstance(one, Refused)] == [AlreadyAnswered]
    assert Entry.objects.filter(action="rights.accepted").count() == 1


def test_of_two_answers_to_one_firm_the_first_holds(two, at_once):
    site, first, second = two
    asked = given(first.beneficiary, site, to_firm(), "head@exemple.fr")
    results = at_once(
        lambda: confirm(first.beneficiary, asked), lambda: confirm(second.beneficiary, asked, confirmed=False)
    )
    assert done(results) == 1
    said = Status.REFUSED if isinstance(results[0], AlreadyAnswered) else Status.ACTIVE
    assert fresh(asked).status_on() is said
    assert Entry.objects.filter(action__in=["rights.confirmed", "rights.refused"]).count() == 1


def test_an_address_invited_by_two_at_once_has_one_line(two, at_once):
    site, first, second = two
    results = at_once(*(lambda one=one: give(one.beneficiary, site, terms()) for one in (first, second)))
    assert done(results) == 1
    assert [type(one) for one in results if isinstance(one, Refused)] == [AlreadyGiven]
    assert Delegation.objects.filter(email="eve@exemple.fr").count() == 1


def test_two_firms_named_at_once_are_one(two, at_once):
    site, first, second = two
    acts = [(first, "head@exemple.fr"), (second, "other@exemple.fr")]
    results = at_once(
        *(lambda pair=pair: give(pair[0].beneficiary, site, to_firm(), pair[1]) for pair in acts)
    )
    assert done(results) == 1
    assert Delegation.objects.filter(role=Role.HEAD).count() == 1


def test_an_invitation_accepted_while_it_is_closed_ends_closed(at_once):
    site, owner = opened_site()
    offered, eve = give(owner, site, terms()), UserFactory(email="eve@exemple.fr")
    results = at_once(lambda: accept(offered, eve), lambda: close(owner, offered))
    assert done(results) >= 1
    assert not isinstance(results[1], Exception)
    assert fresh(offered).status_on() is Status.CLOSED
    assert not eve.has_perm("employees.read_employee", site)


def test_gifts_on_several_sites_in_opposite_orders_do_not_stop_each_other(two, at_once):
    site, first, second = two
    other, _ = opened_site()
    for person in (first.beneficiary, second.beneficiary):
        giving.name_administrator(site=other, user=person, origin=ORIGIN)

    def gives(person, sites, email):
        facts = {"side": Side.COMPANY, "email": email, "terms": terms(), "origin": ORIGIN}
        return lambda: giving.give_on(person=person, sites=sites, **facts)

    results = at_once(
        gives(first.beneficiary, [site, other], "one@exemple.fr"),
        gives(second.beneficiary, [other, site], "two@exemple.fr"),
    )
    assert done(results) == 2
    assert all(one.delegation for report in results for one in report)
