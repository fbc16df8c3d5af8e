"""Adding and taking away one's own second factors, and staff's reset of another's."""

from __future__ import annotations

import hmac

from django.db import transaction

from accounts.locking import locked
from accounts.models import Factor, FactorKind, RecoveryCode, User
from accounts.second_factor import limits
from accounts.second_factor.notices import tell
from delegations.second_factor import required_of
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin
from portal.prepared import Blank, Prepared
from portal.second_factor import passkeys, recovery, seeds
from portal.sessions.closing import close_others, still_open

MOST = 8  # factors of one person
PROVE_FIRST = (
    "Un second facteur vient d’être ajouté à votre compte depuis un autre navigateur\u00a0: reconnectez-vous "
    "avec lui, puis recommencez."
)


class Refused(Exception):
    """Why it is not done, in a sentence for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


HELD = Prepared(
    lambda: Factor.objects.filter(user=Blank("person", User._meta.pk)).values_list("pk").order_by()
)


def has_any(user: User) -> bool:
    """Whether the person has a second factor."""
    return bool(HELD.rows(person=user.pk))


def of(user: User) -> list[Factor]:
    """The person's factors, the oldest first."""
    return list(Factor.objects.filter(user=user))


def codes_left(user: User) -> int:
    """How many recovery codes the person may still use."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def latest_code(user: User) -> int:
    """The key of the person's newest recovery code, 0 without one: tells a set from the one before."""
    newest = RecoveryCode.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def is_mandatory(user: User) -> bool:
    """Whether the person may not be without: staff, and whoever a site asks it of."""
    return user.is_staff or required_of(user)


@transaction.atomic
def add_totp(
    *,
    user: User,
    name: str,
    seed: bytes,
    step: int,
    origin: Origin,
    proved: bool,
    session: str | None = None,
) -> Factor:
    """Keep an app whose value of that step was typed. Raises Refused.

    `proved` says whether a second factor was proved in the session that adds it, whose key is `session`.
    """
    _take_turn(user, proved=proved, session=session)
    if any(_is_seed(factor, seed) for factor in Factor.objects.filter(user=user, kind=FactorKind.TOTP)):
        raise Refused("Cette application est déjà enregistrée avec cette clé.")
    made = Factor(user=user, kind=FactorKind.TOTP, name=name, seed=seeds.sealed(seed), last_step=step)
    return _added(made, origin, session)


@transaction.atomic
def add_passkey(
    *,
    user: User,
    name: str,
    known: passkeys.Known,
    origin: Origin,
    proved: bool,
    session: str | None = None,
) -> Factor:
    """Keep a passkey that the person's browser made. Raises Refused."""
    _take_turn(user, proved=proved, session=session)
    if Factor.objects.filter(credential_id=known.credential_id).exists():
        raise Refused("Cette clé d’accès est déjà enregistrée.")
    made = Factor(
        user=user,
        kind=FactorKind.PASSKEY,
        name=name,
        credential_id=known.credential_id,
        public_key=known.public_key,
        sign_count=known.sign_count,
        transports=list(known.transports),
    )
    return _added(made, origin, session)


def _is_seed(factor: Factor, seed: bytes) -> bool:
    """Whether the app has that very key: a value would serve once for each."""
    try:
        return hmac.compare_digest(seeds.opened(factor.seed), seed)
    except seeds.Lost:
        return False


def _added(factor: Factor, origin: Origin, session: str | None) -> Factor:
    """Write it; the person's other sessions end: nobody stays in one that never proved it."""
    user, former = factor.user, Factor.objects.filter(user=factor.user)
    if former.count() >= MOST:
        raise Refused(f"Vous avez déjà {MOST} seconds facteurs\u00a0: retirez-en un d’abord.")
    if former.filter(name=factor.name).exists():
        raise Refused("Un de vos seconds facteurs porte déjà ce nom\u00a0: choisissez-en un autre.")
    factor.save(force_insert=True)
    close_others(user, kept=session)
    _recorded("account.factor_added", f"Second facteur ajouté\u00a0: {factor}", user, origin)
    tell(user, f"{factor.as_subject} vient d’être ajoutée à votre compte, comme second facteur.")
    return factor


@transaction.atomic
def remove(*, user: User, number: int, origin: Origin, session: str | None = None) -> Factor | None:
    """Take one of the person's own away; with the last, the recovery codes. None when it is gone already.

    Raises Refused for the last one of whoever may not be without.
    """
    locked(user.pk)
    still_open(session)
    factor = Factor.objects.filter(user=user, pk=number).first()
    if factor is None:
        return None
    last = not Factor.objects.filter(user=user).exclude(pk=number).exists()
    if last and is_mandatory(user):
        raise Refused(
            "C’est votre dernier second facteur, et vous ne pouvez pas vous en passer\u00a0: ajoutez-en un "
            "autre d’abord."
        )
    factor.delete()
    if last:
        RecoveryCode.objects.filter(user=user).delete()
    close_others(user, kept=session)
    _recorded("account.factor_removed", f"Second facteur retiré\u00a0: {factor}", user, origin)
    tell(
        user,
        f"{factor.as_subject} vient d’être retirée de votre compte\u00a0: elle n’y sert plus.",
    )
    return factor


@transaction.atomic
def new_recovery_codes(*, user: User, origin: Origin, proved: bool) -> list[str]:
    """Ten codes to print, and the former ones void. Raises Refused without a second factor."""
    _take_turn(user, proved=proved)
    if not has_any(user):
        raise Refused("Ajoutez d’abord un second facteur\u00a0: ces codes servent quand on ne l’a plus.")
    voided, _ = RecoveryCode.objects.filter(user=user).delete()
    codes = recovery.draw()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=recovery.digest(code, user_id=user.pk)) for code in codes
    )
    _recorded("account.recovery_made", "Codes de récupération créés", user, origin)
    former = " Les précédents ne servent plus." if voided else ""
    tell(user, f"De nouveaux codes de récupération viennent d’être créés.{former}")
    return codes


def refuse_reset(person: User, staff: User) -> None:
    """Nobody resets his own, a superviseur's without being one, nor that of staff who may more than he.

    Raises Refused.
    """
    if person.pk == staff.pk:
        raise Refused(
            "Vous ne pouvez pas réinitialiser votre propre second facteur\u00a0: demandez à un collègue."
        )
    if person.is_superuser and not staff.is_superuser:
        raise Refused("Le second facteur de cette personne n’est réinitialisé que par un superviseur.")
    if is_above(person, staff):
        raise Refused(
            "Cette personne a des droits que vous n’avez pas\u00a0: son second facteur n’est réinitialisé "
            "que par un superviseur."
        )
    if not has_any(person):
        raise Refused("Cette personne n’a pas de second facteur.")


def is_above(person: User, staff: User) -> bool:
    """Whether somebody of the staff may something that these staff may not."""
    if staff.is_superuser or not (person.is_staff or person.is_superuser):
        return False
    return person.is_superuser or not may_all(staff, person)


def may_all(staff: User, person: User) -> bool:
    """Whether staff hold every permission of the person, whose account is active: else Django tells none."""
    return person.is_active and person.get_all_permissions() <= staff.get_all_permissions()


@transaction.atomic
def reset(*, person: User, staff: User, reason: str, origin: Origin) -> None:
    """Take all of another's away, after his identity was checked; his sessions end (R47). Raises Refused."""
    locked(person.pk)
    refuse_reset(person, staff)
    Factor.objects.filter(user=person).delete()
    RecoveryCode.objects.filter(user=person).delete()
    limits.forgive(person.pk)
    close_others(person)
    before = {"personne": person.get_full_name(), "compte": person.pk}
    after = {"identité vérifiée": reason}
    sentence = f"Second facteur de {person.get_full_name()} (compte n° {person.pk}) réinitialisé"
    record(
        "account.factor_reset",
        sentence,
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=staff,
        before=before,
        after=after,
    )
    tell(
        person,
        f"Votre second facteur vient d’être réinitialisé par {staff.get_full_name()}, de votre caisse.",
        reset=True,
    )


def _take_turn(user: User, *, proved: bool, session: str | None = None) -> None:
    """One change at a time, and none by a session that did not prove what the person has by then.

    A page is shown before: a first factor may have been added meanwhile, from elsewhere, or the session of
    that key ended. Raises Refused, and SessionInterrupted.
    """
    locked(user.pk)
    if not proved and has_any(user):
        raise Refused(PROVE_FIRST)
    still_open(session)


def _recorded(action: str, sentence: str, user: User, origin: Origin) -> None:
    record(action, sentence, kind=Kind.ACCOUNT, origin=origin, actor=user)
