"""Signing in and out: one answer whatever is wrong, one hash whoever asks (R01, R02)."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest

from accounts.addresses import canonical
from accounts.limits import sign_in_claims
from accounts.models import User
from accounts.proof import forget_proofs
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import succeeded, take
from portal.origin import Origin


def prove(request: HttpRequest, *, email: str, password: str) -> User | None:
    """The activated account that the address and password prove, or None. Raises Blocked.

    Every door that takes a password goes through here: same counters, same journal (R13).
    """
    origin = Origin.of(request)
    address = canonical(email)  # once: what is counted is what is looked up
    claims = sign_in_claims(address, origin)
    reached = take(*claims)
    user = authenticate(request, username=address, password=password)
    known = User.objects.filter(email=address).first()
    if isinstance(user, User):
        succeeded(*claims)
        return user
    sentence = "Connexion bloquée après plusieurs échecs" if reached else "Connexion refusée"
    action = "sign_in.blocked" if reached else "sign_in.refused"
    record(
        action, sentence, kind=Kind.SIGN_IN, origin=origin, actor=known, actor_name="" if known else "Inconnu"
    )
    return None


def sign_in(request: HttpRequest, *, email: str, password: str) -> User | None:
    """Open a session for who proves the account, under a new session id. Raises Blocked."""
    user = prove(request, email=email, password=password)
    if user is not None:
        forget_proofs(request)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        record("sign_in.done", "Connexion", kind=Kind.SIGN_IN, origin=Origin.of(request), actor=user)
    return user


def sign_out(request: HttpRequest) -> None:
    """End the session on the server."""
    if isinstance(request.user, User):
        record(
            "sign_in.ended", "Déconnexion", kind=Kind.SIGN_IN, origin=Origin.of(request), actor=request.user
        )
    logout(request)
