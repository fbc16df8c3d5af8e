"""OVHcloud's SMS, through its own client: POST /sms/{service}/jobs, GET /sms/{service}/outgoing/{id}."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import ovh
from django.conf import settings
from ovh.exceptions import (
    APIError,
    BadParametersError,
    Forbidden,
    HTTPError,
    InvalidCredential,
    InvalidKey,
    NotCredential,
    NotGrantedCall,
    ResourceNotFoundError,
)

from portal.messaging.models import SmsState
from portal.messaging.sms.gateway import PATIENCE, Accepted, NotSent, Refused, Uncertain

REFUSALS = (
    BadParametersError, Forbidden, InvalidCredential, InvalidKey, NotCredential, NotGrantedCall,
    ResourceNotFoundError,
)  # fmt: skip
PATH = "/sms/{}/jobs"
MINUTES_WORTH_SENDING = 10  # a code that comes later serves nobody
# What OVHcloud's « deliveryReceipt » says: 1 delivered; 2 and 16 not, for good; the others do not know yet.
RECEIPTS = {1: SmsState.DELIVERED, 2: SmsState.REFUSED, 16: SmsState.REFUSED}


class OvhGateway:
    """The SMS account SMS_OVH_SERVICE."""

    def __init__(self) -> None:
        self.client = ovh.Client(
            endpoint=settings.SMS_OVH_ENDPOINT,
            application_key=settings.SMS_OVH_APPLICATION_KEY,
            application_secret=settings.SMS_OVH_APPLICATION_SECRET,
            consumer_key=settings.SMS_OVH_CONSUMER_KEY,
            timeout=PATIENCE,
        )

    def send(self, *, number: str, text: str, row: int) -> Accepted:
        """One job for one receiver. Only what fails while the clock is asked is surely not taken."""
        try:
            _ = self.client.time_delta  # the client would ask it within the job's own request
        except Exception as error:
            raise NotSent(type(error).__name__) from None
        job = {
            "message": text,
            "receivers": [number],
            "noStopClause": True,
            "priority": "high",
            "validityPeriod": MINUTES_WORTH_SENDING,
            "tag": _tag(row),
        }
        job |= {"sender": settings.SMS_SENDER} if settings.SMS_SENDER else {"senderForResponse": True}
        try:
            answer = self.client.post(PATH.format(_service()), **job)
        except REFUSALS as error:
            raise Refused(type(error).__name__) from None
        except (APIError, HTTPError) as error:
            raise Uncertain(type(error).__name__) from None
        return _understood(answer, number)

    def became(self, *, reference: str, number: str, row: int) -> SmsState | None:
        """What its delivery receipt says; None as long as it says nothing, or speaks of another SMS."""
        try:
            sent = self.client.get(f"/sms/{_service()}/outgoing/{quote(reference, safe='')}")
        except ResourceNotFoundError:
            return None
        if not isinstance(sent, dict):
            return None
        ours = {"id": reference, "receiver": number, "tag": _tag(row)}
        if any(str(sent.get(name, own)) != own for name, own in ours.items()):
            return None
        receipt: Any = sent.get("deliveryReceipt")
        return RECEIPTS.get(receipt) if type(receipt) is int else None


def _tag(row: int) -> str:
    """By which its answers name one of ours."""
    return f"sms-{row}"


def _service() -> str:
    return quote(settings.SMS_OVH_SERVICE, safe="")


def _understood(answer: Any, number: str) -> Accepted:
    if not isinstance(answer, dict):
        raise Uncertain("unreadable answer")
    if number in (answer.get("invalidReceivers") or []):
        raise Refused("invalidReceivers")
    ids = answer.get("ids")
    if not isinstance(ids, list) or len(ids) != 1:
        raise Uncertain("unreadable answer")
    return Accepted(str(ids[0])[:100])
