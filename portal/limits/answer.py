"""The one page that says « too many tries »: the same for whatever was typed (R06)."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal import clock
from portal.limits.counting import UNTIL_STAFF, Blocked


def wait_in_words(seconds: int) -> str:
    """« dans 5 minutes », « dans 2 heures »: rounded up, never a promise too short."""
    if seconds <= 90:
        return "dans une minute"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"dans {minutes} minutes"
    hours = math.ceil(minutes / 60)
    return "dans une heure" if hours == 1 else f"dans {hours} heures"


def too_many_tries(request: HttpRequest, blocked: Blocked, *, password: bool = False) -> HttpResponse:
    """429, with Retry-After in seconds and the same in words.

    `password`: passwords were tried, and the page leads to the mail that lets their owner in at once (R08).
    """
    seconds = max(1, math.ceil((blocked.until - clock.now()).total_seconds()))
    forever = blocked.until == UNTIL_STAFF
    words = "" if forever else wait_in_words(seconds)
    context = {"retry_after_text": words, "password": password}
    response = render(request, "429.html", context, status=429)
    if not forever:
        response["Retry-After"] = str(seconds)
    return response
