"""Undoing an opening that was never activated (product.md 3.3)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from accounts.models import Opening, ProvisionalCode, User
from adherents.models import Site
from portal import clock
from portal.codes import posted
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import TASK


def undo_pending(site: Site) -> None:
    """Undo what waits for activation on a site: somebody proved a newer letter."""
    for replaced in Opening.objects.pending().filter(site=site).whole():
        undo(replaced)


def undo_waiting_at(address: str) -> list[Site]:
    """Undo the opening never activated that holds an address; returns its site, if there was one.

    Nobody proved that address yet, so the opening does not own it. Whoever calls holds other locks: the
    site's row is not waited for, and while another holds it the address counts as taken.
    """
    waiting = Opening.objects.pending().filter(user__email=address, user__is_active=False)
    sites = Site.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    held = list(sites.filter(pk__in=waiting.values("site")).values_list("pk", flat=True))
    undone = list(waiting.filter(site__in=held).whole())
    for opening in undone:
        undo(opening)
    return [opening.site for opening in undone]


def undo(opening: Opening, *, keep_days: bool = False) -> None:
    """Empty the account of an opening never activated; its code lives again for the days it had left.

    Seven days at least (product.md 3.3), or to its own last day with `keep_days`, when nobody waited. A
    code replaced by a newer letter stays dead.
    """
    now = clock.now()
    Opening.objects.filter(pk=opening.pk).update(undone_at=now)
    empty_account(opening.user)
    code = opening.code
    newer = ProvisionalCode.objects.live().filter(site=code.site_id).exists()
    if code.voided_at is None and newer:
        code.voided_at = now
    elif code.voided_at is None:
        code.used_at = None
        code.expires_at = code.expires_at if keep_days else _prolonged(code, opening)
    code.save(update_fields=["used_at", "expires_at", "voided_at"])
    record(
        "account.opening_undone",
        f"Ouverture de {opening.site.cibtp_id} annulée : jamais activée",
        kind=Kind.ACCOUNT,
        origin=TASK,
        site=opening.site,
    )


def _prolonged(code: ProvisionalCode, opening: Opening) -> dt.datetime:
    left = (clock.day_of(code.expires_at) - clock.day_of(opening.opened_at)).days - 1
    return posted.end_of_validity(clock.today(), max(left, settings.UNACTIVATED_OPENING_DAYS))


def empty_account(user: User) -> None:
    """Take everything personal out of an account that was never activated; the row stays."""
    user.email = None
    user.last_name = user.first_name = user.landline = user.mobile = ""
    user.certified_mobile, user.mobile_certified_at = "", None
    user.mailing_consent_at = None
    user.is_active = False
    user.emptied_at = clock.now()
    user.set_unusable_password()
    user.save()


def undo_stale_openings(*, site_id: int | None = None) -> int:
    """Undo the openings that waited longer than they may; returns how many. Safe to run twice."""
    stale = Opening.objects.stale(clock.now())
    if site_id is not None:
        stale = stale.filter(site_id=site_id)
    return sum(_undo_if_still_stale(*ids) for ids in list(stale.values_list("pk", "site")))


@transaction.atomic
def _undo_if_still_stale(opening_id: int, site_id: int) -> bool:
    Site.objects.locked().get(pk=site_id)
    opening = Opening.objects.stale(clock.now()).filter(pk=opening_id).whole().first()
    if opening is None:
        return False
    undo(opening)
    return True
