"""Opening a space with the two letters (product.md 3.2)."""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.activation import send_activation
from accounts.certifying import adopt_certification
from accounts.limits import OPENING_OVERALL, opening_claims
from accounts.models import Opening, ProvisionalCode, User
from accounts.undoing import undo, undo_pending, undo_stale_openings, undo_waiting_at
from adherents.models import Site
from portal import clock
from portal.codes import posted
from portal.identifiers import typed_cibtp_id, typed_siret
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import Blocked, succeeded, take
from portal.messaging.outbox import absolute, queue_mail
from portal.origin import Origin


def holder_of(attempt: UUID) -> str:
    """Under which name an opening holds the code that certifies its mobile."""
    return f"opening:{attempt}"


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
    if not reached:
        _tell_staff("opening.refused", "Ouverture refusée", cibtp_id, origin)
    else:
        _tell_staff(
            "opening.suspended", "Ouverture suspendue après plusieurs codes erronés", cibtp_id, origin
        )
    with suppress(Blocked):
        if take((OPENING_OVERALL, "")):
            _tell_staff("opening.spray", "Codes erronés en grand nombre, de tous côtés", "", origin)
    return None


def _proved(cibtp_id: str, siret: str, code: str) -> ProvisionalCode | None:
    site = Site.objects.filter(cibtp_id=_readable_id(cibtp_id)).first()
    site_id = site.pk if site else 0
    undo_stale_openings(site_id=site_id)
    row = ProvisionalCode.objects.live().filter(site_id=site_id).first()
    proofs = (
        posted.matches(code, row.digest if row else "0" * 64, site_id=site_id),
        hmac.compare_digest(typed_siret(siret), site.siret if site else "0" * 14),
        row is not None and row.is_usable(),
        site is not None and not site.is_closed(),
    )
    return row if all(proofs) else None


def _readable_id(text: str) -> str:
    try:
        return typed_cibtp_id(text)
    except ValidationError:
        return ""


def _tell_staff(action: str, sentence: str, cibtp_id: str, origin: Origin) -> None:
    site = Site.objects.select_related("adherent").filter(cibtp_id=_readable_id(cibtp_id)).first()
    record(action, sentence, kind=Kind.ACCOUNT, origin=origin, site=site)


@transaction.atomic
def open_space(
    *, code_id: int, person: Person, attempt: UUID, origin: Origin, by_firm: bool = False
) -> Opening | None:
    """Step 2: consume the code and send the activation link; the same attempt twice opens once.

    `by_firm`: an accounting firm opens in its client's stead, and everybody concerned will read so.

    An earlier opening with the same address, never activated, gives way: its password may be anybody's.
    Returns None when the address already has an account: nothing is created, the code stays live, and
    the holder is told by mail. Raises CodeJustUsed or CodeNoLongerUsable.
    """
    code = lock(code_id)
    if code.used_at is not None:
        mine = Opening.objects.pending().filter(code=code, attempt=attempt).first()
        if mine is None:
            raise CodeJustUsed
        return mine
    if not code.is_usable():
        raise CodeNoLongerUsable
    gave_way = undo_waiting_at(person.email)
    user = new_account(person)
    if user is None:
        _work_for_nothing(code, person, attempt, origin, by_firm)
        tell_holder(person.email, once=f"holder:{attempt}:{person.email}")
        return None
    undo_pending(code.site)
    opening = _begin(code, user, attempt, origin, by_firm)
    send_activation(opening, gave_way=gave_way)
    return opening


def lock(code_id: int) -> ProvisionalCode:
    """The code as it stands once nobody else can change who opens its site."""
    codes = ProvisionalCode.objects.filter(pk=code_id)
    Site.objects.locked().get(pk__in=codes.values("site"))
    return codes.select_related("site__adherent").get()


def _saved(user: User) -> bool:
    """Save an account unless its address has one, even one made at this instant."""
    if User.objects.filter(email=user.email).exclude(pk=user.pk).exists():
        return False
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return False
    return True


def _account(person: Person) -> User:
    return User(
        email=person.email,
        password=person.password_hash,
        last_name=person.last_name,
        first_name=person.first_name,
        landline=person.landline,
        mobile=person.mobile,
        mailing_consent_at=clock.now() if person.consent else None,
    )


def new_account(person: Person) -> User | None:
    """An account not activated yet, or None when the address has one, even made at this instant."""
    user = _account(person)
    return user if _saved(user) else None


def _work_for_nothing(
    code: ProvisionalCode, person: Person, attempt: UUID, origin: Origin, by_firm: bool
) -> None:
    """All that an opening writes, undone at once: how long an answer takes must not name a known address."""
    with transaction.atomic():
        user = _account(replace(person, email=f"{uuid4().hex}@personne.invalid"))
        user.save()
        undo_pending(code.site)
        _begin(code, user, attempt, origin, by_firm)
        transaction.set_rollback(True)


def _begin(code: ProvisionalCode, user: User, attempt: UUID, origin: Origin, by_firm: bool) -> Opening:
    code.used_at = clock.now()
    code.save(update_fields=["used_at"])
    opening = Opening.objects.create(site=code.site, code=code, user=user, attempt=attempt, by_firm=by_firm)
    whom = ", ouvert par un cabinet comptable" if by_firm else ""
    adopt_certification(user=user, holder=holder_of(attempt), origin=origin)
    record(
        "account.opened",
        f"{user.get_full_name()} ouvre l’espace de {code.site.cibtp_id}{whom}\u00a0; activation attendue",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
        site=code.site,
    )
    return opening


@transaction.atomic
def correct_address(
    *, code_id: int, person: Person, attempt: UUID, origin: Origin, by_firm: bool = False
) -> None:
    """« Corriger mon adresse électronique », from the same browser session: the former link dies.

    Whatever the new address is, the person sees the same page. Raises like `open_space`.
    """
    code = lock(code_id)
    opening = Opening.objects.pending().filter(code=code, attempt=attempt).whole().first()
    if opening is None or opening.user.email == person.email:
        again = open_space(code_id=code_id, person=person, attempt=attempt, origin=origin, by_firm=by_firm)
        if opening is not None and again is not None:
            send_activation(again, replacing=True)
        return
    gave_way = undo_waiting_at(person.email)
    opening.user.email = person.email
    if not _saved(opening.user):
        undo(opening, keep_days=True)
        tell_holder(person.email, once=f"holder:{attempt}:{person.email}")
        return
    record(
        "account.address_corrected",
        f"{opening.user.get_full_name()} corrige son adresse avant l’activation",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=opening.user,
        site=code.site,
    )
    send_activation(opening, replacing=True, gave_way=gave_way)


def send_again(*, attempt: UUID, email: str) -> None:
    """The link again, or the holder's mail again: what the person sees is the same."""
    opening = (
        Opening.objects.pending().filter(attempt=attempt).select_related("user", "site__adherent").first()
    )
    if opening is not None:
        send_activation(opening, replacing=True)
    elif not is_activated(attempt):
        tell_holder(email)


def tell_holder(email: str, once: str | None = None) -> None:
    """Tell the holder of an address that somebody opened a space with it, and where to go instead.

    Of an opening that waits there he is told too, but never sent its link: another may have chosen its
    password.
    """
    holder = User.objects.filter(email=email).first()
    if holder is None or holder.email is None:
        return
    waiting = Opening.objects.pending().filter(user=holder).select_related("user", "site__adherent").first()
    if waiting is not None:
        told = {"person": holder, "site": waiting.site}
        queue_mail("accounts/mails/opening_waiting", to=holder.email, context=told, once=once)
        return
    context = {"person": holder, "url": absolute(reverse("accounts:association"))}
    queue_mail("accounts/mails/address_known", to=holder.email, context=context, once=once)


def is_activated(attempt: UUID) -> bool:
    """Whether the opening of that attempt was activated since."""
    return Opening.objects.filter(attempt=attempt, activated_at__isnull=False).exists()


def prefilled_names(site: Site) -> dict[str, str]:
    """Name and first name as the adhérent's file has them (product.md 3.2)."""
    return {"last_name": site.adherent.manager_last_name, "first_name": site.adherent.manager_first_name}
