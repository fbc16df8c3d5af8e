"""« Conditions Générales d'Utilisation »: accepted once, then again when a new version is in effect.

A session remembers that its person accepted the version in effect when it began: no request asks the
database, and nobody is interrupted before the next sign-in (product.md 3.7).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, QuerySet
from django.http import HttpRequest

from contact.models import LegalPage, LegalText, TermsAcceptance
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin
from portal.prepared import Blank, Prepared

ACCEPTED = "terms"  # in the session: the key of the version accepted, or NONE
NONE = 0  # no version was in effect


def in_effect() -> LegalText | None:
    """The version in effect today."""
    return LegalText.objects.begun(LegalPage.TERMS).first()


@transaction.atomic
def accept(*, user: Any, text: LegalText, origin: Origin) -> None:
    """The person accepts that version; twice is the same as once."""
    _, made = TermsAcceptance.objects.get_or_create(user=user, text=text)
    if made:
        record(
            "account.terms_accepted",
            f"{user.get_full_name()} accepte les Conditions Générales d’Utilisation, version du "
            f"{text.starts_on:%d/%m/%Y}",
            kind=Kind.ACCOUNT,
            origin=origin,
            actor=user,
        )


def _versions() -> QuerySet[LegalText, tuple[Any, ...]]:
    """The versions that began, the one in effect first, each with whether somebody accepted it."""
    accepted = TermsAcceptance.objects.filter(
        user_id=Blank("user", TermsAcceptance._meta.get_field("user").target_field), text=OuterRef("pk")
    )
    begun = LegalText.objects.begun(LegalPage.TERMS, Blank("day", DateField()))
    return begun.values_list("pk", Exists(accepted))


VERSIONS = Prepared(_versions)


def accepted_by(user: Any) -> int | None:
    """The key of the version in effect when that person accepted it, NONE when there is none; else None."""
    versions = VERSIONS.rows(user=user.pk, day=clock.today())
    key, done = versions[0] if versions else (NONE, True)
    return key if done else None


def has_accepted(request: HttpRequest) -> bool:
    """Whether this session's person accepted."""
    return ACCEPTED in request.session


def remember(request: HttpRequest, key: int) -> None:
    """Let the session through from now on."""
    request.session[ACCEPTED] = key


def on_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """A session that begins knows whether its person accepted."""
    key = accepted_by(user)
    if key is not None:
        remember(request, key)
