"""/compte/session/ and /admin/session/: how long is left, asked by the page's own script; prolonging it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View

from portal.sessions.left import left_of
from portal.sessions.store import SessionStore


@method_decorator(login_not_required, name="dispatch")
class SessionPage(View):
    """Answers whoever asks: that there is no session is an answer too."""

    asked_by_itself: ClassVar[bool] = True  # a browser that asks keeps nothing alive

    def get(self, request: HttpRequest) -> JsonResponse:
        """What is left."""
        left = left_of(request)
        if left is None:
            return JsonResponse({"open": False})
        return JsonResponse(
            {
                "open": True,
                "seconds": left.seconds,
                "extendable": left.extendable,
                "person": left.person,
            }
        )

    def post(self, request: HttpRequest) -> JsonResponse:
        """« Prolonger ma session »: a person asks, so that the idle time counts from now."""
        if isinstance(request.session, SessionStore) and request.user.is_authenticated:
            request.session.seen(every=dt.timedelta(0))
        return self.get(request)
