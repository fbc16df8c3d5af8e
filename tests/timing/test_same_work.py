"""Every kind of failure asks the database the same: what the watch measures, shown without one."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.timing.test_doors import (
    blocked_sign_ins,
    code_requests,
    opening_failures,
    resets,
    sign_in_failures,
)

pytestmark = pytest.mark.django_db


def work(path, form):
    """What is asked of the database: which table each statement reads or writes, in order."""
    with CaptureQueriesContext(connection) as asked:
        Client().post(path, form)
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
