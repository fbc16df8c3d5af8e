"""What the database refuses whoever writes (R87)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from delegations.models import Delegation, Role, Side
from tests.factories import DelegationFactory, SiteFactory, UserFactory, letters_of

pytestmark = pytest.mark.django_db


def refused(rows):
    with pytest.raises(IntegrityError), transaction.atomic():
        rows[0].__class__.objects.bulk_create(rows)


def a_delegation(**fields):
    values = {"role": Role.USER, "starts_on": dt.date(2026, 6, 1)} | fields
    return Delegation(site=SiteFactory(), beneficiary=UserFactory(), **values)


def test_a_delegation_never_ends_before_it_starts():
    refused([a_delegation(ends_on=dt.date(2026, 5, 31))])


def test_a_delegation_never_writes_what_it_does_not_read():
    refused([a_delegation(read_bits=1, write_bits=2)])


def test_an_administrator_is_a_role_not_cells():
    refused([a_delegation(role=Role.ADMINISTRATOR, read_bits=1)])


def test_an_administrator_stands_on_the_companys_side():
    refused([a_delegation(role=Role.ADMINISTRATOR, side=Side.FIRM)])


def test_one_person_has_one_open_delegation_per_site_and_side():
    first = DelegationFactory()
    refused(
        [
            Delegation(
                site=first.site, beneficiary=first.beneficiary, role=Role.USER, starts_on=dt.date(2026, 6, 1)
            )
        ]
    )


def test_two_accounts_never_share_an_address():
    refused([User(email=UserFactory().email)])


def test_an_address_is_stored_in_lower_case_only():
    refused([User(email="Grand@exemple.fr")])


def test_a_site_has_one_live_code():
    site = SiteFactory()
    letters_of(site)
    with pytest.raises(IntegrityError), transaction.atomic():
        letters_of(site)
