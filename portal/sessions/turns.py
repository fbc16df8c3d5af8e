"""One at a time: whatever begins, moves or ends a person's sessions holds the row of his account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from portal.prepared import Blank, Prepared


def _row() -> QuerySet[Any, tuple[Any, ...]]:
    people = get_user_model()._base_manager.select_for_update(of=("self",), no_key=True)
    here = people.filter(pk=Blank("person", get_user_model()._meta.pk))
    return here.values_list("is_active", "password")


ROW = Prepared(_row)


def wait_for_turn(user_id: Any) -> tuple[bool, str] | None:
    """Lock the account until the transaction ends: whether it is active, and its hash; None when it is gone.

    Whoever takes something as proved of all the person's sessions (a factor, a password) then ends those
    begun before, and whoever begins one afterwards reads what it has to prove. Raises
    TransactionManagementError outside of a transaction.
    """
    found = ROW.rows(person=user_id)
    return (bool(found[0][0]), str(found[0][1])) if found else None
