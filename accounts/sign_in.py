"""Signing in and out: one answer whatever is wrong, one hash whoever asks (R01, R02)."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY, authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest

from accounts.limits import SIGN_IN_BY_ACCOUNT, sign_in_claims
from accounts.locking import locked
from accounts.models import User
from accounts.proof import forget_proofs
from accounts.second_factor import pending
from accounts.second_factor.factors import has_any
from portal.email_addresses import canonical
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import Claim, clear, give_back, succeeded, take
from portal.origin import Origin
from portal.reauth.freshness import signed_in_now
from portal.second_factor.verified import mark
from portal.sessions import closing, devices
from portal.sessions.store import SessionStore
from portal.sessions.turns import wait_for_turn
from portal.web.sessions import STAFF_SESSION


def prove(request: HttpRequest, *, email: str, password: str) -> User | None:
    """The employer's activated account that the address and password prove, or None. Raises Blocked.

    Every door that takes a password goes through here: same counters, same journal (R13).
    """
    user, claims = _compared(request, email, password, staff=False)
    if user is not None:
        succeeded(*claims)
    return user


def _compared(
    request: HttpRequest, email: str, password: str, *, staff: bool = True
) -> tuple[User | None, tuple[Claim, ...]]:
    """Who is proved, and what the try counted against: the caller gives it back to who is.

    Without `staff`, the caisse's own people are refused like a wrong password.
    """
    origin = Origin.of(request)
    address = canonical(email)  # once: what is counted is what is looked up
    claims = sign_in_claims(address, origin)
    reached = take(*claims)
    user = authenticate(request, username=address, password=password)
    if isinstance(user, User) and (staff or not user.is_staff):
        return user, claims
    known = User.objects.filter(email=address).first()
    sentence = "Connexion bloquée après plusieurs échecs" if reached else "Connexion refusée"
    action = "sign_in.blocked" if reached else "sign_in.refused"
    record(
        action, sentence, kind=Kind.SIGN_IN, origin=origin, actor=known, actor_name="" if known else "Inconnu"
    )
    return None, claims


def sign_in(request: HttpRequest, *, email: str, password: str) -> User | None:
    """Open a session for who proves the account, under a new session id. Raises Blocked.

    Whoever has a second factor is not signed in yet: `pending.person` says that he waits to prove it.
    """
    user, claims = _compared(request, email, password)
    if user is None:
        return None
    with transaction.atomic():  # one commit: each waits for the disk
        # From here on: a first factor is either there already, or ends the session that begins here.
        if wait_for_turn(user.pk) != (True, user.password):
            _overtaken(request, user)
            return None
        if has_any(user):
            _wait_for_factor(request, user)
            give_back(*claims)  # the wrong ones stay counted until all is proved
            return user
        open_session(request, user, "Connexion")
        succeeded(*claims)  # last: whoever changes the password locks the account first, its counter next
    return user


def _overtaken(request: HttpRequest, user: User) -> None:
    """Put to sleep, or given another password, after the comparison: a wrong try, and counted as one."""
    record("sign_in.refused", "Connexion refusée", kind=Kind.SIGN_IN, origin=Origin.of(request), actor=user)


def _wait_for_factor(request: HttpRequest, user: User) -> None:
    """Leave a trace: whoever is stopped here knew the password."""
    pending.begin(request, user)
    sentence, origin = "Mot de passe exact, second facteur attendu", Origin.of(request)
    record("sign_in.password_proved", sentence, kind=Kind.SIGN_IN, origin=origin, actor=user)


def open_session(request: HttpRequest, user: User, sentence: str) -> None:
    """Sign in who has proved all that he has, under a new session id. The account's row is locked.

    The session is written before the lock goes, with whose it is: whoever ends his sessions finds it.
    """
    pending.forget(request)
    if user.is_staff:  # whose session is another one, in a cookie of its own
        left, request.session = request.session, type(request.session)()
        if SESSION_KEY in left:
            left.save()
        else:
            left.flush()
    forget_proofs(request)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if user.is_staff:
        request.session[STAFF_SESSION] = True
    begin_session(request)
    request.session.save()
    record("sign_in.done", sentence, kind=Kind.SIGN_IN, origin=Origin.of(request), actor=user)


@transaction.atomic
def finish_sign_in(request: HttpRequest, user: User) -> bool:
    """The second factor of a sign-in that waited is proved: open its session, forget the wrong passwords.

    False, and no session, when the account was put to sleep or given another password meanwhile.
    """
    if wait_for_turn(user.pk) != (True, user.password):
        _overtaken(request, user)
        return False
    open_session(request, user, "Connexion, second facteur vérifié")
    _mark(request, user)
    clear(SIGN_IN_BY_ACCOUNT, user.email or "")
    return True


@transaction.atomic
def rise(request: HttpRequest, user: User) -> None:
    """A session that was opened by the password alone has proved a second factor: a new id (R29)."""
    locked(user.pk)
    request.session.cycle_key()
    _mark(request, user)
    record(
        "sign_in.factor_proved",
        "Second facteur vérifié",
        kind=Kind.SIGN_IN,
        origin=Origin.of(request),
        actor=user,
    )


def _mark(request: HttpRequest, user: User) -> None:
    """The session proved a second factor, unless the person's were all taken away at this instant."""
    if has_any(user):
        mark(request.session)


def begin_session(request: HttpRequest) -> None:
    """A session's age counts from now, and it says in which browser it is."""
    origin = Origin.of(request)
    device = devices.named(request.headers.get("User-Agent", ""))
    if isinstance(request.session, SessionStore):
        request.session.begin(device=device, address=origin.address or "")
        closing.keep_to_the_most(request.user, request.session.session_key)
    signed_in_now(request)


def prove_again(request: HttpRequest, password: str) -> bool:
    """Whether that is the password of who is signed in, counted as a sign-in is. Raises Blocked."""
    person = request.user
    assert isinstance(person, User)
    user, claims = _compared(request, person.email or "", password)
    if user is None or user.pk != person.pk:
        return False
    succeeded(*claims)
    return True


def sign_out(request: HttpRequest) -> None:
    """End the session on the server."""
    if isinstance(request.user, User):
        record(
            "sign_in.ended", "Déconnexion", kind=Kind.SIGN_IN, origin=Origin.of(request), actor=request.user
        )
    logout(request)
