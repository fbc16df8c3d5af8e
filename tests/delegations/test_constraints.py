"""What the database refuses whoever writes (R87): each constraint by its name, one broken row each."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from delegations.models import Delegation, FavouriteSite, Invitation, Outcome, Role, Side
from portal import clock
from tests.factories import (
    AccountingFirmFactory,
    SiteFactory,
    UserFactory,
    firm_of,
    letters_of,
    passed_on,
)

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 6, 1)


def refused_by(name, rows):
    """The database refuses, and by that constraint where it says which."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        rows[0].__class__.objects.bulk_create(rows)
    if connection.vendor == "postgresql" or "CHECK" in str(error.value):
        assert name in str(error.value)


def a_delegation(**fields):
    """A row as no verb would write it."""
    values = {"site": SiteFactory(), "beneficiary": UserFactory(), "role": Role.USER, "starts_on": FIRST}
    return Delegation(**values | fields)


def firms(**fields):
    return a_delegation(side=Side.FIRM, firm=AccountingFirmFactory(), **fields)


def hanging(**fields):
    firm = firm_of(SiteFactory(), {})
    return a_delegation(**{"site": firm.site, "side": Side.FIRM, "firm": firm.firm, "parent": firm} | fields)


NOBODY = {"beneficiary": None, "email": "eve@exemple.fr"}
BROKEN = [
    ("delegation_ends_after_it_starts", lambda: a_delegation(ends_on=FIRST - dt.timedelta(days=1))),
    ("delegation_writing_implies_reading", lambda: a_delegation(read_bits=1, write_bits=2)),
    ("delegation_writing_implies_reading", lambda: a_delegation(read_bits=0, write_bits=1)),
    ("delegation_role_is_not_cells", lambda: a_delegation(role=Role.ADMINISTRATOR, read_bits=1)),
    ("delegation_role_is_not_cells", lambda: hanging(role=Role.DEPUTY, read_bits=1, write_bits=1)),
    ("delegation_role_fits_its_side", lambda: firms(role=Role.ADMINISTRATOR)),
    ("delegation_role_fits_its_side", firms),  # a user of a firm from no firm's delegation
    ("delegation_role_fits_its_side", lambda: firms(role=Role.DEPUTY)),
    ("delegation_role_fits_its_side", lambda: hanging(role=Role.HEAD)),
    ("delegation_role_fits_its_side", lambda: hanging(firm=None)),
    ("delegation_role_fits_its_side", lambda: hanging(side=Side.COMPANY)),
    ("delegation_role_fits_its_side", lambda: hanging(side=Side.COMPANY, firm=None)),
    ("delegation_role_fits_its_side", lambda: a_delegation(side=Side.FIRM, role=Role.HEAD)),
    ("delegation_role_fits_its_side", lambda: a_delegation(firm=AccountingFirmFactory())),
    ("delegation_role_fits_its_side", lambda: a_delegation(role=Role.HEAD)),
    ("delegation_role_fits_its_side", lambda: a_delegation(role=Role.DEPUTY)),
    ("delegation_role_fits_its_side", lambda: a_delegation(role="invented")),
    ("delegation_role_fits_its_side", lambda: a_delegation(side="invented")),
    ("delegation_over_with_an_outcome", lambda: a_delegation(over_at=clock.now())),
    ("delegation_over_with_an_outcome", lambda: a_delegation(outcome=Outcome.CLOSED)),
    ("delegation_accepted_by_somebody", lambda: a_delegation(accepted_at=clock.now(), **NOBODY)),
    ("delegation_accepted_by_somebody", lambda: a_delegation(confirmed_at=clock.now())),
    ("delegation_address_is_canonical", lambda: a_delegation(email="Eve@exemple.fr")),
    ("invited_address_is_canonical", lambda: Invitation(email="Eve@exemple.fr")),
]


@pytest.mark.parametrize(("name", "row"), BROKEN)
def test_a_row_that_cannot_be_is_refused(name, row):
    refused_by(name, [row()])


@pytest.mark.parametrize(
    "row",
    [
        lambda: a_delegation(ends_on=FIRST),
        lambda: a_delegation(role=Role.ADMINISTRATOR),
        lambda: a_delegation(read_bits=3, write_bits=2),
        lambda: firms(role=Role.HEAD, read_bits=1),
        lambda: hanging(role=Role.DEPUTY),
        lambda: hanging(read_bits=1),
        lambda: a_delegation(**NOBODY),
        lambda: a_delegation(over_at=clock.now(), outcome=Outcome.REFUSED, **NOBODY),
        lambda: a_delegation(accepted_at=clock.now()),
    ],
)
def test_a_row_that_can_be_is_taken(row):
    Delegation.objects.bulk_create([row()])


def over():
    return {"over_at": clock.now(), "outcome": Outcome.CLOSED}


def test_one_person_has_one_open_delegation_per_site_and_side():
    first = firm_of(SiteFactory(), {})
    again = {"site": first.site, "beneficiary": first.beneficiary}
    refused_by(
        "one_open_delegation_per_person_site_side",
        [a_delegation(side=Side.FIRM, firm=first.firm, parent=first, **again)],
    )
    Delegation.objects.bulk_create([a_delegation(**again), a_delegation(**again, **over())])


def test_an_address_has_one_open_invitation_per_site_and_side():
    site = SiteFactory()
    firm = firm_of(site, {})
    Delegation.objects.bulk_create([a_delegation(site=site, **NOBODY)])
    refused_by("one_open_invitation_per_address_site_side", [a_delegation(site=site, **NOBODY)])
    others = [
        a_delegation(site=site, side=Side.FIRM, firm=firm.firm, parent=firm, **NOBODY),
        a_delegation(site=site, **NOBODY, **over()),
        a_delegation(**NOBODY),
    ]
    Delegation.objects.bulk_create(others)


def test_a_site_has_one_open_firm():
    site = SiteFactory()
    first = firm_of(site, {})
    refused_by("one_open_firm_per_site", [firms(site=site, role=Role.HEAD)])
    passed_on(first, {})
    Delegation.objects.bulk_create([firms(site=site, role=Role.HEAD, **over())])


def test_every_constraint_of_the_tables_is_tried_here():
    named = {one.name for model in (Delegation, Invitation) for one in model._meta.constraints}
    unique = {
        "one_open_delegation_per_person_site_side",
        "one_open_invitation_per_address_site_side",
        "one_open_firm_per_site",
    }
    assert named == unique | {name for name, _ in BROKEN}


def test_a_delegation_keeps_what_it_speaks_of():
    for kept in ("site", "beneficiary", "invitation", "firm", "parent", "given_by"):
        assert Delegation._meta.get_field(kept).remote_field.on_delete.__name__ == "PROTECT"


def test_a_favourite_is_kept_once():
    first = FavouriteSite.objects.create(user=UserFactory(), site=SiteFactory())
    refused_by("one_favourite_per_person_and_site", [FavouriteSite(user=first.user, site=first.site)])


def test_two_accounts_never_share_an_address():
    refused_by("", [User(email=UserFactory().email)])


def test_an_address_is_stored_in_lower_case_only():
    refused_by("", [User(email="Grand@exemple.fr")])


def test_a_site_has_one_live_code():
    """R15."""
    site = SiteFactory()
    letters_of(site)
    with pytest.raises(IntegrityError), transaction.atomic():
        letters_of(site)
