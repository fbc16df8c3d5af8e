"""Any gateway that takes one SMS as a JSON object by POST over HTTPS, with a bearer token.

The names of the fields are settings. Its answer: 2xx with a JSON object takes the SMS (and may bear a
reference), 429 asks to come back, and so does 503 that says when (one that does not may be a proxy's, which
lost the answer), any other 4xx refuses; all else leaves us uncertain.
"""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from portal.messaging.models import SmsState
from portal.messaging.sms.gateway import PATIENCE, Accepted, NotSent, Refused, Uncertain

TOO_MANY, UNAVAILABLE = 429, 503
LONGEST_ANSWER = 64 * 1024  # bytes


class HttpsGateway:
    """The gateway at SMS_HTTPS_URL."""

    def send(self, *, number: str, text: str, row: int) -> Accepted:
        """One request, on a connection of its own: only what fails before it was sent is surely not taken."""
        parts = urlsplit(settings.SMS_HTTPS_URL)
        connection = _connected(parts)
        try:
            answer, body = _asked(connection, parts, _request(number, text), row)
        except (OSError, http.client.HTTPException) as error:
            raise Uncertain(type(error).__name__) from None
        finally:
            connection.close()
        return _understood(answer, body)

    def became(self, *, reference: str, number: str, row: int) -> SmsState | None:
        """Not asked: gateways agree on no address for it."""
        return None


def _connected(parts: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPConnection if parts.scheme == "http" else http.client.HTTPSConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.connect()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        raise NotSent(type(error).__name__) from None
    return connection


def _request(number: str, text: str) -> bytes:
    fields = {settings.SMS_HTTPS_NUMBER_FIELD: number, settings.SMS_HTTPS_TEXT_FIELD: text}
    if settings.SMS_SENDER:
        fields[settings.SMS_HTTPS_SENDER_FIELD] = settings.SMS_SENDER
    return json.dumps(fields).encode()


def _asked(
    connection: http.client.HTTPConnection, parts: SplitResult, body: bytes, row: int
) -> tuple[http.client.HTTPResponse, bytes]:
    headers = {
        "Authorization": f"Bearer {settings.SMS_HTTPS_TOKEN}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Idempotency-Key": f"sms-{row}",
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    return answer, answer.read(LONGEST_ANSWER)


def _understood(answer: http.client.HTTPResponse, body: bytes) -> Accepted:
    status = answer.status
    if status == TOO_MANY or (status == UNAVAILABLE and answer.headers["Retry-After"]):
        raise NotSent(str(status))
    if 400 <= status < 500:
        raise Refused(str(status))
    if not 200 <= status < 300:
        raise Uncertain(str(status))
    try:
        values: Any = json.loads(body)
    except ValueError:
        raise Uncertain("unreadable answer") from None
    if not isinstance(values, dict):
        raise Uncertain("unreadable answer")
    reference = values.get(settings.SMS_HTTPS_REFERENCE_FIELD, "")
    return Accepted(str(reference)[:100] if isinstance(reference, str | int) else "")
