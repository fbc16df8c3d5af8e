"""The table of the rights: role × level × collège × days, against everything that answers (R55, R88).

What a row of `STATES` opens is written here, once; the tests hold has_perm for all 17 features, the pages'
rules and what `visible_to` lists to it.
"""

import datetime as dt
import itertools
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse

from adherents import profile_changes
from adherents.models import ChangeRequest
from delegations.deciding import access_of
from delegations.matrix import RightsMatrix, everything
from delegations.models import Role, Side
from portal.access.features import all_features
from portal.access.levels import Access, College
from portal.origin import COMMAND
from tests.factories import AccountingFirmFactory, DelegationFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 10)
AGREED = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
WHOLE = (*College,)
COLLEGES = [*((college,) for college in College), WHOLE]


def days(first, last):
    return {"starts_on": TODAY + dt.timedelta(days=first), "ends_on": TODAY + dt.timedelta(days=last)}


# What a delegation opens today, by where it stands.
STATES = {
    # state         opens   how the row is then
    "coming": (False, days(1, 5)),
    "first day": (True, days(0, 5)),
    "without end": (True, {"starts_on": TODAY}),
    "last day": (True, days(-5, 0)),
    "only day": (True, days(0, 0)),
    "day after": (False, days(-5, -1)),
    "invited": (False, days(0, 5) | {"beneficiary": None, "accepted_at": None, "confirmed_at": None}),
    "to confirm": (False, days(0, 5) | {"confirmed_at": None}),
    "unanswered": (False, days(-40, 5) | {"confirmed_at": None, "answer_by": TODAY - dt.timedelta(days=1)}),
    "closed": (False, days(-5, 5) | {"over_at": AGREED, "outcome": "closed"}),
    "renounced": (False, days(-5, 5) | {"over_at": AGREED, "outcome": "renounced"}),
    "refused": (False, days(-5, 5) | {"over_at": AGREED, "outcome": "refused"}),
}
# Whose levels are stored, and whose are computed.
HOLDERS = {
    "Administrateur": (Role.ADMINISTRATOR, Side.COMPANY),
    "Utilisateur": (Role.USER, Side.COMPANY),
    "Responsable": (Role.HEAD, Side.FIRM),
    "Responsable adjoint": (Role.DEPUTY, Side.FIRM),
    "Utilisateur du cabinet": (Role.USER, Side.FIRM),
}
COMPUTED = {Role.ADMINISTRATOR, Role.DEPUTY}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel("2026-06-10T12:00:00+02:00", tick=False):
        yield


def matrix_of(level, colleges=WHOLE):
    """Every row at that level or its highest, those that vary for those collèges only."""
    wanted = {}
    for row in all_features():
        for college in colleges if row.per_college else [None]:
            wanted[row.code, college] = min(level, row.highest)
    return RightsMatrix.of(wanted)


def held(site, holder, matrix, state, *, above="first day", firm_holds=None):
    """A person who holds that on the site; for a firm's people the firm stands as `above` says."""
    role, side = HOLDERS[holder]
    fields = {"accepted_at": AGREED, "confirmed_at": AGREED, "side": side, "role": role} | STATES[state][1]
    person = UserFactory()
    fields = {"beneficiary": person, "email": person.email} | fields
    if side == Side.FIRM and role != Role.HEAD:
        _, firm = held(site, "Responsable", everything() if firm_holds is None else firm_holds, above)
        fields |= {"parent": firm, "firm": firm.firm}
    elif side == Side.FIRM:
        fields["firm"] = AccountingFirmFactory()
    if role not in COMPUTED:
        fields |= {"read_bits": matrix.read_bits, "write_bits": matrix.write_bits}
    return person, DelegationFactory(site=site, **fields)


def answers(person, site):
    """What has_perm answers for each feature, of the site and of an object of each collège."""
    found = {}
    for row in all_features():
        for college in (None, *College):
            asked = SimpleNamespace(site=site, college=college) if college else site
            for level in (Access.READ, Access.WRITE):
                found[row.code, college, level] = person.has_perm(row.permission(level), asked)
    return found


def wanted(level, colleges):
    """The same, from the words of the rule: a row that does not vary holds for the company as a whole."""
    found = {}
    for row in all_features():
        for college in (None, *College):
            there = college is None or not row.per_college or college in colleges
            for asked in (Access.READ, Access.WRITE):
                found[row.code, college, asked] = there and min(level, row.highest) >= asked
    return found


def stored_by(holder, opens):
    """The matrices to store: each level of each collège where they can be seen, else the highest of all."""
    if HOLDERS[holder][0] in COMPUTED or not opens:
        return [(Access.WRITE, WHOLE)]
    return [(Access.NONE, WHOLE), *itertools.product((Access.READ, Access.WRITE), COLLEGES)]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("holder", HOLDERS)
def test_what_is_held_today(holder, state):
    opens, _ = STATES[state]
    for level, colleges in stored_by(holder, opens):
        site = SiteFactory()
        person, _ = held(site, holder, matrix_of(level, colleges), state)
        assert answers(person, site) == wanted(level if opens else Access.NONE, colleges)
        assert (access_of(person, site.cibtp_id) is not None) == opens


@pytest.mark.parametrize("above", STATES)
@pytest.mark.parametrize("holder", ["Responsable adjoint", "Utilisateur du cabinet"])
def test_what_is_passed_on_stands_as_its_firm_does(holder, above):
    opens, _ = STATES[above]
    site = SiteFactory()
    person, _ = held(site, holder, matrix_of(Access.WRITE), "without end", above=above)
    assert answers(person, site) == wanted(Access.WRITE if opens else Access.NONE, WHOLE)


@pytest.mark.parametrize("firms", Access)
@pytest.mark.parametrize("given", Access)
@pytest.mark.parametrize("holder", ["Responsable adjoint", "Utilisateur du cabinet"])
def test_what_is_passed_on_is_the_lower_of_the_two(holder, given, firms):
    site = SiteFactory()
    firm_holds = matrix_of(firms, [College.ETAM])
    person, _ = held(site, holder, matrix_of(given), "first day", firm_holds=firm_holds)
    lower = firms if HOLDERS[holder][0] in COMPUTED else min(given, firms)
    assert answers(person, site) == wanted(lower, [College.ETAM])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("holder", HOLDERS)
def test_pages_and_rows_answer_as_the_backend_does(client, holder, state):
    opens, _ = STATES[state]
    for level in [Access.WRITE] if HOLDERS[holder][0] in COMPUTED else list(Access):
        site = SiteFactory()
        person, _ = held(site, holder, matrix_of(level), state)
        values = profile_changes.current_values(site.adherent) | {"phone": "+33329112233"}
        asked = profile_changes.ask_change(site=site, person=person, values=values, origin=COMMAND)
        client.force_login(person)
        place = {"cibtp_id": site.cibtp_id}
        reads = client.get(reverse("adherents:profile", kwargs=place)).status_code
        writes = client.get(reverse("adherents:profile_change", kwargs=place)).status_code
        inside = (200 if level >= Access.READ else 403, 302 if level >= Access.WRITE else 403)
        assert (reads, writes) == (inside if opens else (404, 404))
        access = access_of(person, site.cibtp_id)
        listed = list(ChangeRequest.objects.visible_to(access)) if access else []
        assert listed == ([asked] if opens else [])
