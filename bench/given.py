"""People and delegations by the hundred thousand, on sites that the importer brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import User
    from delegations.models import Delegation

LEVELS = (("employees.employee", "WRITE"), ("documents.document", "READ"))


def people(count: int, name: str) -> list[User]:
    """So many activated people; none has a password."""
    from accounts.models import User
    from portal import clock

    made = [
        User(
            email=f"{name}{number}@bench.example",
            first_name="Loïc",
            last_name=f"Perrin{number}",
            is_active=True,
            email_certified_at=clock.now(),
        )
        for number in range(count)
    ]
    return User.objects.bulk_create(made, batch_size=1000)


def delegation(**fields: Any) -> Delegation:
    """One delegation, of some levels since last month; not saved."""
    import datetime as dt

    from delegations.matrix import RightsMatrix
    from delegations.models import Delegation, Role
    from portal import clock
    from portal.access.levels import Access

    matrix = RightsMatrix.of({(code, None): Access[level] for code, level in LEVELS})
    facts = {
        "role": Role.USER,
        "read_bits": matrix.read_bits,
        "write_bits": matrix.write_bits,
        "starts_on": clock.today() - dt.timedelta(days=30),
        "accepted_at": clock.now(),
        "confirmed_at": clock.now(),
    }
    return Delegation(**(facts | fields))


def spread(like: Delegation, holders: Sequence[User], sites: Sequence[Any], each: int) -> None:
    """Give each person the same as `like` (a saved row) on so many sites, which are dealt out in turn.

    By the database itself: a million rows in Python take minutes.
    """
    from django.db import connection

    columns = [str(field.column) for field in like._meta.concrete_fields if not field.primary_key]
    dealt = {
        "beneficiary_id": "(%s::bigint[])[person + 1]",
        "site_id": "(%s::bigint[])[1 + (person * %s + turn) %% %s]",
    }
    values = ", ".join(dealt.get(column, f"one.{column}") for column in columns)
    parameters: dict[str, list[Any]] = {
        "beneficiary_id": [[person.pk for person in holders]],
        "site_id": [[site.pk for site in sites], each, len(sites)],
    }
    given = [value for column in columns for value in parameters.get(column, [])]
    statement = f"""
        INSERT INTO {like._meta.db_table} ({", ".join(columns)}) SELECT {values}
        FROM {like._meta.db_table} one, generate_series(0, %s) person, generate_series(0, %s) turn
        WHERE one.id = %s"""  # noqa: S608  the names of our own table and columns
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, len(holders) - 1, each - 1, like.pk])
        cursor.execute(f"ANALYZE {like._meta.db_table}")
