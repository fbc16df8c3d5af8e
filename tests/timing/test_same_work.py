"""Every kind of failure asks the database the same: what the watch measures, shown without one."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import SiteFactory, letters_of
from tests.timing.test_doors import (
    addresses_for_step_two,
    blocked_sign_ins,
    code_requests,
    opening_failures,
    resets,
    sign_in_failures,
)

pytestmark = pytest.mark.django_db


def work(path, form, browser=None):
    """What is asked of the database: which table each statement reads or writes, in order."""
    with CaptureQueriesContext(connection) as asked:
        (browser or Client()).post(path, form)
    return [statement(query["sql"]) for query in asked]


def statement(sql):
    verb = "reads" if sql.startswith("SELECT") else "writes"
    table = re.search(r'(?:FROM|INTO|UPDATE) "(\w+)"', sql)
    return f"{verb} {table[1]}" if table else sql.split()[0]


@pytest.mark.parametrize(
    ("path", "failures"),
    [
        ("/connexion/", sign_in_failures),
        ("/connexion/", blocked_sign_ins),
        ("/ouverture/", opening_failures),
        ("/mot-de-passe/oublie/", resets),
        ("/code-confidentiel/nouveau/", code_requests),
    ],
)
def test_every_failure_asks_the_same_of_the_database(path, failures):
    works = {kind: work(path, form) for kind, (form,) in failures(1).items()}
    assert len(set(map(tuple, works.values()))) == 1, works


def test_step_two_writes_the_same_tables_whatever_the_address_and_asks_little_more():
    """R05: what an opening writes is written and undone when its address has an account."""
    works = {}
    for kind, (form,) in addresses_for_step_two(1).items():
        site, browser = SiteFactory(), Client()
        code, _ = letters_of(site)
        browser.post("/ouverture/", {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code})
        works[kind] = work("/ouverture/connexion/", form, browser)
    written = {kind: [one for one in done if one.startswith("writes")] for kind, done in works.items()}
    assert written["known"] == written["new"]
    assert 0 <= len(works["known"]) - len(works["new"]) <= 4, works
