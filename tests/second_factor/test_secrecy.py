"""No seed and no recovery code in a dump of the tables (R50)."""

from __future__ import annotations

from base64 import b64encode

import pytest
from django.db import connection
from django.test import Client

from accounts.second_factor import factors
from portal import clock
from portal.origin import COMMAND
from portal.second_factor import totp
from tests.factories import SiteFactory, owner_of
from tests.second_factor.apps import SEED, code, give_password, sign_in

pytestmark = pytest.mark.django_db


def dump() -> str:
    """Every cell of every table, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


def test_a_dump_holds_neither_a_seed_nor_a_code(client):
    """R50."""
    person = owner_of(SiteFactory())
    give_password(client, person)
    client.get("/compte/securite/application/")
    step = totp.step_at(clock.now()) - 3
    factors.add_totp(user=person, name="Mon téléphone", seed=SEED, step=step, origin=COMMAND, proved=True)
    codes = factors.new_recovery_codes(user=person, origin=COMMAND, proved=True)
    browser = Client()
    sign_in(browser, person)
    shown = dump()
    assert "Mon téléphone" in shown
    forms = [totp.base32(SEED), totp.grouped(SEED), SEED.decode(), SEED.hex(), b64encode(SEED).decode()]
    forms += [*codes, *(one.replace("-", "") for one in codes), code()]
    assert [form for form in forms if form.lower() in shown.lower()] == []
