"""Passkeys (WebAuthn): what a page asks of the browser, and whether what comes back proves it.

The page bears the options as JSON; a script hands them to the browser and sends back a form.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.caisse import current_caisse
from portal.second_factor import challenges

ADD, PROVE = "add", "prove"
LONGEST = 20_000  # signs of what a browser may send back
TRANSPORTS = {transport.value for transport in AuthenticatorTransport}
# Whatever reading what a stranger sent may come upon.
BAD = (WebAuthnException, UnsupportedAlgorithm, ValueError, LookupError, TypeError, AttributeError)


class NotProved(Exception):
    """What the browser sent back proves nothing: altered, stale, or made for another page."""


@dataclass(frozen=True)
class Bound:
    """The session and the person that a challenge is for."""

    session: str
    user_id: int


@dataclass(frozen=True)
class Known:
    """A passkey as it is kept; ids and keys in base64url."""

    credential_id: str
    public_key: str = ""
    sign_count: int = 0
    transports: tuple[str, ...] = ()


def rp_id() -> str:
    """The host to which a passkey is bound."""
    return urlsplit(settings.PORTAL_ORIGIN).hostname or ""


def options_to_add(bound: Bound, *, account: str, name: str, known: Sequence[Known]) -> str:
    """What `navigator.credentials.create` is given, as JSON."""
    selection = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    options = webauthn.generate_registration_options(
        rp_id=rp_id(),
        rp_name=current_caisse().name,
        user_id=_handle(bound.user_id),
        user_name=account,
        user_display_name=name or account,
        challenge=challenges.make(ADD, session=bound.session, user_id=bound.user_id),
        authenticator_selection=selection,
        exclude_credentials=_described(known),
    )
    return webauthn.options_to_json(options)


def options_to_prove(bound: Bound, known: Sequence[Known]) -> str:
    """What `navigator.credentials.get` is given, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id(),
        challenge=challenges.make(PROVE, session=bound.session, user_id=bound.user_id),
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def added(sent: str, bound: Bound) -> Known:
    """The passkey that a browser made. Raises NotProved."""
    try:
        credential = _read(sent)
        found = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=_challenge(credential, ADD, bound),
            expected_rp_id=rp_id(),
            expected_origin=settings.PORTAL_ORIGIN,
        )
    except BAD:
        raise NotProved from None
    transports = credential["response"].get("transports") or ()
    return Known(
        bytes_to_base64url(found.credential_id),
        bytes_to_base64url(found.credential_public_key),
        found.sign_count,
        tuple(sorted(TRANSPORTS.intersection(map(str, transports)))),
    )


def credential_id(sent: str) -> str:
    """Which passkey a browser says that it used. Raises NotProved when it says nothing readable."""
    try:
        return str(_read(sent)["id"])
    except BAD:
        raise NotProved from None


def proved(sent: str, bound: Bound, known: Known) -> int:
    """The passkey's new count, when it signed what was asked. Raises NotProved."""
    try:
        credential = _read(sent)
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=_challenge(credential, PROVE, bound),
            expected_rp_id=rp_id(),
            expected_origin=settings.PORTAL_ORIGIN,
            credential_public_key=base64url_to_bytes(known.public_key),
            credential_current_sign_count=known.sign_count,
        )
    except BAD:
        raise NotProved from None
    return found.new_sign_count


def _read(sent: str) -> dict[str, Any]:
    if len(sent) > LONGEST:
        raise ValueError("too long")
    credential = json.loads(sent)
    if not isinstance(credential, dict) or not isinstance(credential.get("response"), dict):
        raise TypeError("not a credential")
    return credential


def _challenge(credential: dict[str, Any], purpose: str, bound: Bound) -> bytes:
    """The challenge that was signed, once it is known to be one of ours."""
    said = parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"])).challenge
    if not challenges.holds(said, purpose, session=bound.session, user_id=bound.user_id):
        raise ValueError("not a challenge of ours")
    return said


def _described(known: Sequence[Known]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(one.credential_id),
            transports=[AuthenticatorTransport(word) for word in one.transports if word in TRANSPORTS],
        )
        for one in known
    ]


def _handle(user_id: int) -> bytes:
    """How authenticators call the account: says nothing of who it is."""
    return hmac.new(settings.SECRET_KEY.encode(), f"passkey-user:{user_id}".encode(), hashlib.sha256).digest()
