"""« Je les associe à un espace existant »: a site joins an account that exists (product.md 3.4)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import CodeRequest, ProvisionalCode, User
from accounts.opening import CodeJustUsed, CodeNoLongerUsable, lock
from accounts.undoing import undo_pending
from delegations.giving import name_administrator
from delegations.models import Delegation
from portal import clock
from portal.origin import Origin


@transaction.atomic
def associate(*, code_id: int, user: User, origin: Origin) -> Delegation:
    """Consume the code and make the person an Administrateur of its site.

    Raises CodeJustUsed when another consumed it meanwhile, CodeNoLongerUsable when it expired or was
    replaced.
    """
    code = lock(code_id)
    if code.used_at is not None:
        raise CodeJustUsed
    if not code.is_usable():
        raise CodeNoLongerUsable
    undo_pending(code.site)
    now = clock.now()
    code.used_at = now
    code.save(update_fields=["used_at"])
    ProvisionalCode.objects.filter(site=code.site).void(now)
    CodeRequest.objects.pending().filter(site=code.site).update(answered_at=now)
    return name_administrator(site=code.site, user=user, origin=origin)
