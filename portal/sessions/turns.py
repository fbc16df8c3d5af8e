"""One at a time: whatever begins, moves or ends a person's sessions holds the row of his account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model


def wait_for_turn(user_id: Any) -> None:
    """Lock the account until the transaction ends.

    Whoever takes something as proved of all the person's sessions (a factor, a password) then ends those
    begun before, and whoever begins one afterwards reads what it has to prove.
    """
    people = get_user_model()._base_manager.select_for_update(of=("self",), no_key=True)
    people.filter(pk=user_id).values_list("pk").first()
