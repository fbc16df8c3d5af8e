"""The database itself refuses to change a line of the journal, or to delete one before its term."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from portal import clock
from portal.journal.models import AppendOnly, Entry, Kind
from portal.journal.terms import TERMS
from tests.journal.lines import a_line

MINUTE = dt.timedelta(minutes=1)
CHANGED, KEPT = "never changed", "kept until its term"


def refused(statement, *parameters, why):
    with (
        pytest.raises(IntegrityError, match=why),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("age", [dt.timedelta(), 2000 * dt.timedelta(days=1)], ids=["young", "past its term"])
def test_no_line_is_ever_changed(db, kind, age):
    line = a_line(kind=kind, at=clock.now() - age)
    for column, value in (("sentence", "Autre chose"), ("at", "2001-01-01"), ("kind", "sign_in"), ("id", 9)):
        refused(f"UPDATE journal_entry SET {column} = %s WHERE id = %s", value, line.pk, why=CHANGED)
    refused("UPDATE journal_entry SET sentence = sentence", why=CHANGED)
    line.refresh_from_db()
    assert line.sentence == "Une ligne"


@pytest.mark.parametrize("kind", Kind)
def test_a_line_is_kept_to_the_minute_of_its_term_and_no_longer(db, kind):
    ended = a_line(kind=kind, at=clock.now() - TERMS[kind] - MINUTE)
    kept = a_line(kind=kind, at=clock.now() - TERMS[kind] + MINUTE)
    refused("DELETE FROM journal_entry WHERE id = %s", kept.pk, why=KEPT)
    refused("DELETE FROM journal_entry", why=KEPT)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE id = %s", [ended.pk])
    assert list(Entry.objects.all()) == [kept]


def test_a_kind_that_the_database_does_not_know_is_kept_the_longest(db):
    kept = a_line(kind="later", at=clock.now() - max(TERMS.values()) + MINUTE)
    refused("DELETE FROM journal_entry WHERE id = %s", kept.pk, why=KEPT)


def test_every_kind_has_its_term():
    assert set(TERMS) == set(Kind)
    assert TERMS[Kind.SIGN_IN] >= dt.timedelta(days=366)
    assert TERMS[Kind.RIGHTS] >= dt.timedelta(days=365 + 365 + 366)


def test_a_line_is_not_changed_by_adding_it_again(db):
    line = a_line()
    columns = "id, at, kind, action, sentence, actor_name, cibtp_id, company_name, channel"
    again = f"INSERT INTO journal_entry ({columns})"
    values = "VALUES (%s, '2001-01-01', 'rights', 'x', 'Autre chose', '', '', '', 'web')"
    how = {
        "sqlite": (again.replace("INSERT", "INSERT OR REPLACE"), values),
        "postgresql": (again, f"{values} ON CONFLICT (id) DO UPDATE SET sentence = EXCLUDED.sentence"),
    }
    refused(" ".join(how[connection.vendor]), line.pk, why=CHANGED)
    line.refresh_from_db()
    assert line.sentence == "Une ligne"


def test_python_refuses_before_the_database_has_to(db):
    line = a_line()
    for change in (
        line.save,
        line.delete,
        lambda: Entry.objects.update(sentence="x"),
        Entry.objects.all().delete,
    ):
        with pytest.raises(AppendOnly):
            change()
    for change in (
        lambda: Entry._base_manager.update(sentence="x"),
        Entry._base_manager.all().delete,
        lambda: Entry.objects.bulk_update([line], ["sentence"]),
    ):
        with pytest.raises((IntegrityError, AppendOnly)), transaction.atomic():
            change()
    assert Entry.objects.get().sentence == "Une ligne"


@pytest.mark.django_db(transaction=True)
def test_the_triggers_go_and_come_back_with_their_migration():
    line = a_line()
    call_command("migrate", "journal", "0003", verbosity=0)
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE journal_entry SET sentence = 'Autre chose'")
    finally:
        call_command("migrate", "journal", verbosity=0)
    refused("UPDATE journal_entry SET sentence = 'Une ligne'", why=CHANGED)
    refused("DELETE FROM journal_entry", why=KEPT)
    line.refresh_from_db()
    assert line.sentence == "Autre chose"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_emptying_the_tables_between_tests_leaves_the_triggers_in_place(turn):
    assert Entry.objects.count() == 0
    a_line()
    refused("DELETE FROM journal_entry", why=KEPT)
