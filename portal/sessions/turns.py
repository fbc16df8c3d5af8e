"""One at a time: whatever begins, moves or ends a person's sessions holds the row of his account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from portal.prepared import Blank, Prepared


def _row() -> QuerySet[Any, tuple[Any, ...]]:
    people = get_user_model()._base_manager.select_for_update(of=("self",), no_key=True)
    return people.filter(pk=Blank("person", get_user_model()._meta.pk)).values_list("pk")


ROW = Prepared(_row)


def wait_for_turn(user_id: Any) -> None:
    """Lock the account until the transaction ends. Raises TransactionManagementError outside of one.

    Whoever takes something as proved of all the person's sessions (a factor, a password) then ends those
    begun before, and whoever begins one afterwards reads what it has to prove.
    """
    ROW.rows(person=user_id)
