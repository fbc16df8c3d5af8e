"""One id for each request: in its lines of the log, in its tasks', in its answer and on the 500 page."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import empty

HEADER = "X-Request-ID"
# A UUID, dashes or not: what proxies write. Anything longer or odder could carry something else.
BELIEVED = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}(?:\1[0-9a-f]{4}){2}\1[0-9a-f]{12}")
STATIC = "static files"

logger = logging.getLogger("portal.requests")
current: ContextVar[str | None] = ContextVar("request_id", default=None)


def id_of(request: HttpRequest) -> str:
    """The id that our own proxy gave the request, in the shape of a UUID; else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXY_COUNT else ""
    return given if BELIEVED.fullmatch(given) else uuid.uuid4().hex


class RequestIdMiddleware:
    """Outermost: the id covers every line and every answer, and the time is the whole time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request its id, and write its one line."""
        request_id = id_of(request)
        current.set(request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        logger.info("request", extra={"fields": line_of(request, response, started)})
        return response


@receiver(request_finished)
def forget(**kwargs: Any) -> None:
    """Not sooner: Django and gunicorn have their say of a request after its last middleware."""
    current.set(None)


def line_of(request: HttpRequest, response: HttpResponse, started: float) -> dict[str, Any]:
    """What the line says: never the address itself, which may hold a token, nor its query."""
    return {
        "method": request.method,
        "route": route_of(request),
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - started) * 1000, 1),
        "user": user_of(request),
        "site": getattr(getattr(request, "site", None), "cibtp_id", None),
    }


def route_of(request: HttpRequest) -> str | None:
    """The pattern of the address, as urls.py writes it; None when no page answers there."""
    if request.resolver_match is not None:
        return request.resolver_match.route
    return STATIC if request.path_info.startswith(settings.STATIC_URL) else None


def user_of(request: HttpRequest) -> int | None:
    """The person's key when the request has found out who it is; the log alone never asks."""
    user = getattr(request, "user", None)
    if user is None or getattr(user, "_wrapped", user) is empty:
        return None
    key: int | None = getattr(user, "pk", None)
    return key
