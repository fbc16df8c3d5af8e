"""Whether what was sent proves a person's second factor: counted before it is compared (R11, R46)."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Factor, FactorKind, RecoveryCode, User
from accounts.second_factor.limits import claims, own_reached
from accounts.second_factor.notices import tell
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import Blocked, succeeded, take
from portal.origin import Origin
from portal.second_factor import passkeys, recovery, seeds, totp

TOTP, PASSKEY, RECOVERY = "application", "cle", "secours"  # as addresses and forms name them

BLOCKED = (
    "Votre second facteur vient d’être bloqué après plusieurs échecs. Qui a fait ces essais connaît votre "
    "mot de passe."
)


def proves(request: HttpRequest, user: User, method: str, typed: str) -> bool:
    """Whether it is the person's: counts the try first. Raises Blocked, also when this one was the last."""
    origin = Origin.of(request)
    counted = claims(user.pk, origin)
    reached = take(*counted)
    if COMPARED[method](request, user, typed):
        succeeded(*counted)
        return True
    sentence = "Second facteur bloqué après plusieurs échecs" if reached else "Second facteur refusé"
    action = "sign_in.factor_blocked" if reached else "sign_in.factor_refused"
    with transaction.atomic():
        record(action, sentence, kind=Kind.SIGN_IN, origin=origin, actor=user)
        if own_reached(reached):
            tell(user, BLOCKED, blocked=True)
    if reached:
        raise Blocked(max(row.blocked_until for row in reached if row.blocked_until))
    return False


@transaction.atomic
def by_totp(request: HttpRequest, user: User, typed: str) -> bool:
    """A value of one of the person's apps, that did not serve yet: the last step is in a locked row.

    Every app that shows the value is past it: two that share a key do not let it serve twice.
    """
    now, found = clock.now(), False
    for factor in _locked(user, FactorKind.TOTP):
        step = _step(factor, typed)
        if step is None:
            continue
        factor.last_step, factor.last_used_at, found = step, now, True
        factor.seed = seeds.resealed(factor.seed)
        factor.save(update_fields=["last_step", "last_used_at", "seed"])
    return found


def _step(factor: Factor, typed: str) -> int | None:
    """The step whose value was typed; None too for a seed that no key of today opens."""
    try:
        return totp.step_of(typed, seeds.opened(factor.seed), at=clock.now(), after=factor.last_step)
    except seeds.Lost:
        return None


@transaction.atomic
def by_passkey(request: HttpRequest, user: User, sent: str) -> bool:
    """What one of the person's passkeys signed for this very session."""
    try:
        named = passkeys.credential_id(sent)
        factor = _locked(user, FactorKind.PASSKEY).filter(credential_id=named).first()
        if factor is None:
            return False
        count = passkeys.proved(sent, bound(request, user), factor.known)
    except passkeys.NotProved:
        return False
    factor.sign_count, factor.last_used_at = count, clock.now()
    factor.save(update_fields=["sign_count", "last_used_at"])
    return True


@transaction.atomic
def by_recovery(request: HttpRequest, user: User, typed: str) -> bool:
    """One of the codes that the person printed: it serves once, and he is told."""
    digest = recovery.digest(typed, user_id=user.pk)
    codes = RecoveryCode.objects.filter(user=user, used_at=None)
    if codes.filter(digest=digest).update(used_at=clock.now()) != 1:
        return False
    origin = Origin.of(request)
    record(
        "account.recovery_used", "Code de récupération utilisé", kind=Kind.ACCOUNT, origin=origin, actor=user
    )
    left = codes.count()
    served = "Un code de récupération vient de servir à la place de votre second facteur."
    tell(user, f"{served} Il en reste {left}.")
    return True


COMPARED: dict[str, Callable[[HttpRequest, User, str], bool]] = {
    TOTP: by_totp,
    PASSKEY: by_passkey,
    RECOVERY: by_recovery,
}


def bound(request: HttpRequest, user: User) -> passkeys.Bound:
    """What a challenge is bound to."""
    return passkeys.Bound(request.session.session_key or "", user.pk)


def _locked(user: User, kind: FactorKind) -> QuerySet[Factor]:
    return Factor.objects.select_for_update(of=("self",)).filter(user=user, kind=kind).order_by("pk")
