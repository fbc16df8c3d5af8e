"""The one lock of an account: whatever its password, address, factors or sessions depend on waits for it."""

from __future__ import annotations

from accounts.models import User


def locked(user_id: int) -> User:
    """The account as it stands, its row locked until the transaction ends. Raises User.DoesNotExist."""
    return User.objects.select_for_update(of=("self",)).get(pk=user_id)
