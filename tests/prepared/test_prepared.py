"""Queries compiled once give what plain ones give."""

import datetime as dt

import pytest
from django.db.models import CharField
from django.db.transaction import TransactionManagementError

from adherents.models import Adherent, Site
from delegations.choice import count_of, sites_of
from delegations.deciding import access_of, has_several_sites
from portal import clock
from portal.prepared import Blank, Prepared
from portal.sessions.turns import wait_for_turn
from tests.factories import AdherentFactory, DelegationFactory, SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_town():
    built = []

    def build():
        built.append(1)
        return Adherent.objects.filter(town=Blank("town", CharField())).values_list("number", "joined_on")

    return Prepared(build), built


def test_each_run_takes_its_own_values_and_the_query_is_built_once(by_town):
    prepared, built = by_town
    day = dt.date(2020, 2, 29)
    AdherentFactory(number="10001", town="METZ", joined_on=day)
    AdherentFactory(number="10002", town="TOUL")
    assert prepared.rows(town="METZ") == [("10001", day)]
    assert prepared.rows(town="TOUL") == [("10002", None)]
    assert prepared.rows(town="' OR 1=1 --") == []
    assert built == [1]


def test_a_value_that_is_not_given_is_an_error(by_town):
    with pytest.raises(KeyError):
        by_town[0].rows(place="METZ")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_lock_that_nothing_would_hold_is_an_error():
    with pytest.raises(TransactionManagementError):
        wait_for_turn(UserFactory().pk)


def test_the_site_of_an_access_is_whole():
    company = AdherentFactory(payroll="1234.50", joined_on="2001-03-04", phone="03 83 00 00 00")
    site = SiteFactory(adherent=company, closed_on="2020-01-01")
    access = access_of(owner_of(site), site.cibtp_id)
    stored = Site.objects.select_related("adherent").get(pk=site.pk)
    for row, expected in ((access.site, stored), (access.site.adherent, stored.adherent)):
        names = [field.attname for field in expected._meta.concrete_fields]
        assert [repr(getattr(row, name)) for name in names] == [
            repr(getattr(expected, name)) for name in names
        ]
        assert row == expected
        assert not row._state.adding


def test_an_access_says_whether_there_are_others_today():
    site, other = SiteFactory(), SiteFactory()
    user = owner_of(site)
    assert not access_of(user, site.cibtp_id).elsewhere
    elsewhere = DelegationFactory(site=other, beneficiary=user, starts_on=clock.today() + dt.timedelta(1))
    DelegationFactory(site=SiteFactory())
    assert not access_of(user, site.cibtp_id).elsewhere
    elsewhere.starts_on = clock.today()
    elsewhere.save()
    assert access_of(user, site.cibtp_id).elsewhere
    assert has_several_sites(user)


def test_a_person_who_is_not_activated_has_no_site_at_all():
    sites = [SiteFactory(), SiteFactory()]
    user = UserFactory(is_active=False)
    for site in sites:
        DelegationFactory(site=site, beneficiary=user)
    assert access_of(user, sites[0].cibtp_id) is None
    assert not sites_of(user).exists()
    assert count_of(user) == 0
    assert not has_several_sites(user)


def test_the_count_is_of_the_sites_listed():
    user = UserFactory()
    assert count_of(user) == 0
    for ends_on in (None, clock.today(), clock.today() - dt.timedelta(1)):
        DelegationFactory(beneficiary=user, starts_on=dt.date(2020, 1, 1), ends_on=ends_on)
    assert count_of(user) == sites_of(user).count() == 2
