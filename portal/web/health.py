"""/sante/: whether this process can serve, for a load balancer."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View


@method_decorator(login_not_required, name="dispatch")
class HealthPage(View):
    """200 when the database answers, 503 when it does not; says nothing else."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Ask the database the smallest question."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return JsonResponse({"database": "away"}, status=503)
        return JsonResponse({"database": "ok"})
