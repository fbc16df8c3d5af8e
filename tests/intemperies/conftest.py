"""What most scenes of stops begin with: January, a site, its worksite, who administers it, an employee."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine

from tests.factories import AdherentFactory, SiteFactory, WorksiteFactory, employee_of, owner_of
from tests.intemperies.declaring import NOON, browser_of


@pytest.fixture
def now():
    with time_machine.travel(NOON, tick=False) as now:
        yield now


@pytest.fixture
def site():
    return SiteFactory(adherent=AdherentFactory(payroll=Decimal(480600)))


@pytest.fixture
def worksite(site):
    return WorksiteFactory(site=site, name="École Jules-Ferry")


@pytest.fixture
def owner(site):
    return owner_of(site, first_name="Anaïs", last_name="Lefèvre")


@pytest.fixture
def browser(owner):
    return browser_of(owner)


@pytest.fixture
def mason(site):
    return employee_of(site, last_name="MEYER", first_name="Zoé")
