"""« Modifier contact »: name, first name, phones, and whether one wants the caisse's mailings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.locking import locked
from accounts.mobile import change_mobile
from accounts.models import User
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.messaging.outbox import queue_mail
from portal.origin import Origin

LABELS = {
    "last_name": "nom",
    "first_name": "prénom",
    "landline": "téléphone fixe",
    "mobile": "téléphone mobile",
    "consent": "accord pour les envois d’information",
}
NAMES = ("last_name", "first_name")
WRITTEN = (*NAMES, "landline", "mailing_consent_at")


def contact_of(user: User) -> dict[str, Any]:
    """What « Modifier contact » shows and changes, under the names of its fields."""
    values: dict[str, Any] = {name: getattr(user, name) for name in LABELS if name != "consent"}
    return values | {"consent": user.mailing_consent_at is not None}


@transaction.atomic
def change_contact(*, person: User, values: Mapping[str, Any], origin: Origin) -> list[str]:
    """Write what differs and tell the person; the labels of what changed, in order.

    The journal names what changed; phones are not written there.
    """
    user = locked(person.pk)
    before = contact_of(user)
    changed = [name for name in LABELS if values[name] != before[name]]
    if not changed:
        return []
    for name in set(changed) & {"last_name", "first_name", "landline"}:
        setattr(user, name, values[name])
    if "consent" in changed:
        user.mailing_consent_at = clock.now() if values["consent"] else None
    user.save(update_fields=WRITTEN)
    if "mobile" in changed:
        change_mobile(user=user, number=values["mobile"], origin=origin)
    labels = [LABELS[name] for name in changed]
    _record(user, before, labels, origin)
    context = {"person": user, "labels": labels}
    queue_mail("accounts/mails/contact_changed", to=user.email or "", context=context)
    return labels


def _record(user: User, before: Mapping[str, Any], labels: list[str], origin: Origin) -> None:
    record(
        "account.contact_changed",
        f"{user.get_full_name()} modifie ses coordonnées\u00a0: {', '.join(labels)}",
        kind=Kind.ACCOUNT,
        origin=origin,
        actor=user,
        before={name: before[name] for name in NAMES},
        after={name: getattr(user, name) for name in NAMES},
    )
