"""Opening a space with the two letters (product.md 3.2), and undoing what was never activated (3.3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.activation import send_activation
from accounts.limits import opening_claims
from accounts.models import Opening, ProvisionalCode, User
from adherents.models import Site
from portal import clock
from portal.codes import posted
from portal.identifiers import ascii_digits, parse_cibtp_id
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import succeeded, take
from portal.messaging.outbox import absolute, queue_mail
from portal.origin import TASK, Origin


class CodeJustUsed(Exception):
    """Somebody who proved the same code opened the space a moment ago."""


class CodeNoLongerUsable(Exception):
    """The code was proved at step 1, then expired or was replaced by a newer letter."""


@dataclass(frozen=True)
class Person:
    """What step 2 asks. The password is hashed already; phones are E.164 or empty."""

    email: str
    password_hash: str
    last_name: str
    first_name: str
    landline: str = ""
    mobile: str = ""
    consent: bool = False


def identify(*, cibtp_id: str, siret: str, code: str, origin: Origin) -> ProvisionalCode | None:
    """Step 1: the usable code that the three values prove together, or None whichever is wrong.

    Raises Blocked (R16: per identifier, per address, overall); every try counts before it is compared.
    """
    claims = opening_claims(cibtp_id, origin)
    reached = take(*claims)
    found = _proved(cibtp_id, siret, code)
    if found is not None:
        succeeded(*claims)
        return found
    if reached:
        _tell_staff(cibtp_id, origin)
    return None


def _proved(cibtp_id: str, siret: str, code: str) -> ProvisionalCode | None:
    site = Site.objects.filter(cibtp_id=_readable_id(cibtp_id)).first()
    site_id = site.pk if site else 0
    undo_stale_openings(site_id=site_id)
    row = ProvisionalCode.objects.filter(site_id=site_id, used_at=None, voided_at=None).first()
    proofs = (
        posted.matches(code, row.digest if row else "0" * 64, site_id=site_id),
        hmac.compare_digest(ascii_digits(siret, 14) or "", site.siret if site else "0" * 14),
        row is not None and row.is_usable(),
    )
    return row if all(proofs) else None


def _readable_id(text: str) -> str:
    try:
        return parse_cibtp_id(text)
    except ValidationError:
        return ""


def _tell_staff(cibtp_id: str, origin: Origin) -> None:
    site = Site.objects.select_related("adherent").filter(cibtp_id=_readable_id(cibtp_id)).first()
    record(
        "opening.suspended",
        "Ouverture suspendue après plusieurs codes erronés",
        kind=Kind.ACCOUNT,
        origin=origin,
        site=site,
    )


@transaction.atomic
def open_space(*, code_id: int, person: Person, attempt: UUID, origin: Origin) -> Opening | None:
    """Step 2: consume the code and send the activation link; the same attempt twice opens once.

    Returns None when the address already has an account: nothing is created, the code stays live, and
    the holder is told by mail. Raises CodeJustUsed or CodeNoLongerUsable.
    """
    code = _lock(code_id)
    if code.used_at is not None:
        mine = Opening.objects.pending().filter(code=code, attempt=attempt).first()
        if mine is None:
            raise CodeJustUsed
        return mine
    if not code.is_usable():
        raise CodeNoLongerUsable
    user = _new_account(person)
    if user is None:
        tell_holder(person.email, once=f"holder:{attempt}:{person.email}")
        return None
    for replaced in Opening.objects.pending().filter(site=code.site):
        undo(replaced)
    return _begin(code, user, attempt, origin)


def _lock(code_id: int) -> ProvisionalCode:
    rows = ProvisionalCode.objects.select_for_update(of=("self",)).select_related("site__adherent")
    return rows.get(pk=code_id)


def _new_account(person: Person) -> User | None:
    if User.objects.filter(email=person.email).exists():
        return None
    user = User(
        email=person.email,
        password=person.password_hash,
        last_name=person.last_name,
        first_name=person.first_name,
        landline=person.landline,
        mobile=person.mobile,
        mailing_consent_at=clock.now() if person.consent else None,
    )
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # the same address, opened elsewhere at this instant
        return None
    return user


def _begin(code: ProvisionalCode, user: User, attempt: UUID, origin: Origin) -> Opening:
    code.used_at = clock.now()
    code.save(update_fields=["used_at"])
    opening = Opening.objects.create(site=code.site, code=code, user=user, attempt=attempt)
    record(
        "account.opened",
        f"{user.get_full_name()} ouvre l’espace de {code.site.cibtp_id} ; activation attendue",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
        site=code.site,
    )
    send_activation(opening)
    return opening


@transaction.atomic
def correct_address(*, code_id: int, person: Person, attempt: UUID, origin: Origin) -> None:
    """« Corriger mon adresse électronique », from the same browser session: the former link dies.

    Whatever the new address is, the person sees the same page. Raises like `open_space`.
    """
    code = _lock(code_id)
    opening = Opening.objects.pending().filter(code=code, attempt=attempt).select_related("user").first()
    if opening is None or opening.user.email == person.email:
        again = open_space(code_id=code_id, person=person, attempt=attempt, origin=origin)
        if opening is not None and again is not None:
            send_activation(again, replacing=True)
        return
    if User.objects.filter(email=person.email).exists():
        undo(opening)
        tell_holder(person.email, once=f"holder:{attempt}:{person.email}")
        return
    opening.user.email = person.email
    opening.user.save(update_fields=["email"])
    record(
        "account.address_corrected",
        f"{opening.user.get_full_name()} corrige son adresse avant l’activation",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=opening.user,
        site=code.site,
    )
    send_activation(opening, replacing=True)


def send_again(*, attempt: UUID, email: str) -> None:
    """The link again, or the holder's mail again: what the person sees is the same."""
    opening = (
        Opening.objects.pending().filter(attempt=attempt).select_related("user", "site__adherent").first()
    )
    if opening is not None:
        send_activation(opening, replacing=True)
    elif not Opening.objects.filter(attempt=attempt, activated_at__isnull=False).exists():
        tell_holder(email)


def tell_holder(email: str, once: str | None = None) -> None:
    """Tell the holder of an address that somebody opened a space with it, and where to go instead."""
    holder = User.objects.filter(email=email).first()
    if holder is None or holder.email is None:
        return
    waiting = Opening.objects.pending().filter(user=holder).select_related("user", "site__adherent").first()
    if waiting is not None:
        send_activation(waiting, replacing=True)
        return
    context = {"person": holder, "url": absolute(reverse("accounts:association"))}
    queue_mail("accounts/mails/address_known", to=holder.email, context=context, once=once)


def undo(opening: Opening) -> None:
    """Empty the account of an opening never activated; its code lives again for the days it had left.

    Seven days at least (product.md 3.3); a code replaced by a newer letter stays dead.
    """
    now = clock.now()
    Opening.objects.filter(pk=opening.pk).update(undone_at=now)
    empty_account(opening.user)
    code = opening.code
    newer = ProvisionalCode.objects.filter(site_id=code.site_id, used_at=None, voided_at=None).exists()
    if code.voided_at is None and newer:
        code.voided_at = now
    elif code.voided_at is None:
        left = (clock.day_of(code.expires_at) - clock.day_of(opening.opened_at)).days - 1
        days = max(left, settings.UNACTIVATED_OPENING_DAYS)
        code.used_at, code.expires_at = None, posted.end_of_validity(clock.today(), days)
    code.save(update_fields=["used_at", "expires_at", "voided_at"])
    record(
        "account.opening_undone",
        f"Ouverture de {opening.site.cibtp_id} annulée : jamais activée",
        kind=Kind.ACCOUNT,
        origin=TASK,
        site=opening.site,
    )


def empty_account(user: User) -> None:
    """Take everything personal out of an account that was never activated; the row stays."""
    user.email = None
    user.last_name = user.first_name = user.landline = user.mobile = ""
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
    count = 0
    for opening_id in list(stale.values_list("pk", flat=True)):
        count += _undo_if_still_stale(opening_id)
    return count


@transaction.atomic
def _undo_if_still_stale(opening_id: int) -> bool:
    rows = Opening.objects.select_for_update(of=("self",)).select_related("user", "code", "site__adherent")
    opening = rows.get(pk=opening_id)
    if not opening.is_stale(clock.now()):
        return False
    undo(opening)
    return True


def prefilled_names(site: Site) -> dict[str, str]:
    """Name and first name as the adhérent's file has them (product.md 3.2)."""
    return {"last_name": site.adherent.manager_last_name, "first_name": site.adherent.manager_first_name}
