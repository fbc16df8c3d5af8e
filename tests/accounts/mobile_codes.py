"""What the tests of « Certifier » share: the page, two numbers, the codes sent."""

from __future__ import annotations

import re

from portal.messaging.models import Sms

PAGE = "/compte/mobile/"
NUMBER, OTHER = "+33612345612", "+33745123434"
SEND = {"mobile_step": "send"}


def check(code):
    """What the button that tries a code sends."""
    return {"mobile_step": "check", "mobile_code": code}


def latest_code():
    """The code of the latest SMS, before it leaves."""
    return Sms.objects.order_by("-pk")[0].secret


def wrong():
    """A code that is not the latest."""
    return f"{(int(latest_code()) + 1) % 10**6:06}"


def words(response):
    """What a person reads of a page, without its marks."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2])
    return re.sub(r"[ \n]+", " ", text).replace("\u00a0", " ")
