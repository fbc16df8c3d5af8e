"""The counters, read: which doors are suspended, never for what was typed."""

from django.contrib import admin

from portal.administration.reading import ReadOnlyAdmin
from portal.limits.models import Counter


@admin.register(Counter)
class CounterAdmin(ReadOnlyAdmin[Counter]):
    """Tries counted."""

    list_display = ("limit", "tries", "last_try_at", "blocked_until")
    list_filter = ("limit",)
    fields = ("limit", "tries", "since", "last_try_at", "blocked_until")
