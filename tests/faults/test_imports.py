"""Ten `kill -9` at random moments of an import leave no file half kept, and the next run completes."""

import random
import sqlite3
import time
from contextlib import closing

import psycopg
import pytest
from django.db import connection

from tests.embedded_portal import EmbeddedPortal
from tests.faults.killed_import import finished, killed_after, start, write_extracts
from tests.imports.extract_files import COLUMNS, states_of
from tests.production_portal import database_of_this_run

COMPANIES = 3000
MARKS = ("AVANT", "APRÈS")
KILLS = 10
MARKED = {
    "adherents_accountingfirm": "name",
    "adherents_adherent": "company_name",
    "adherents_site": "name",
    "employees_employee": "last_name",
    "employees_contract": "classification",
}
WHOLE = dict.fromkeys(MARKED, COMPANIES) | {"adherents_accountingfirm": 20}
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def environment(tmp_path):
    """What makes the command write into a database that only this test has."""
    portal = EmbeddedPortal(tmp_path / "var")
    if connection.vendor == "postgresql":
        ours = {"DATABASE_URL": database_of_this_run(), "DJANGO_SETTINGS_MODULE": "portal.settings.testing"}
        return portal.environment | ours
    portal.manage("migrate", "-v0")
    return portal.environment


def read(environment, query):
    """Rows of a query, by a connection that has nothing to do with Django's."""
    address = environment.get("DATABASE_URL")
    opened = (
        psycopg.connect(address) if address else sqlite3.connect(f"{environment['VAR_DIR']}/portal.sqlite3")
    )
    with closing(opened) as database:
        return database.execute(query).fetchall()


def kept(environment):
    """For each table, the marks that its rows bear and how many bear each."""
    found = {}
    for table, column in MARKED.items():
        rows = read(environment, f"SELECT {column}, count(*) FROM {table} GROUP BY {column}")
        found[table] = {name.split()[-1]: count for name, count in rows}
    return found


def test_ten_kills_at_random_moments_leave_each_file_whole_or_untouched(environment, tmp_path):
    folders = {mark: write_extracts(tmp_path / mark, COMPANIES, mark) for mark in MARKS}
    trial = start(folders["AVANT"], environment, "--dry-run")
    began = time.monotonic()
    finished(trial)
    lasts = time.monotonic() - began
    seed = random.randrange(10**6)
    moments = random.Random(seed)
    hits = 0
    for turn in range(KILLS):
        process = start(folders[MARKS[turn % 2]], environment)
        hits += killed_after(process, moments.uniform(0, lasts))
        for table, marks in kept(environment).items():
            assert sum(marks.values()) in {0, WHOLE[table]}, f"{table}: {marks} (seed {seed}, {turn})"
            assert len(marks) <= 1, f"{table}: {marks} (seed {seed}, {turn})"
    assert hits >= KILLS / 2, f"the import was over before most kills (seed {seed})"
    finished(start(folders["APRÈS"], environment))
    assert kept(environment) == {table: {"APRÈS": rows} for table, rows in WHOLE.items()}
    finished(start(folders["APRÈS"], environment))
    written = [name for name in COLUMNS if (folders["APRÈS"] / name).exists()]
    assert len(written) == len(set(COLUMNS) - {"remboursements.csv"})
    for name in written:
        assert set(states_of(folders["APRÈS"], name).values()) == {"identique"}
