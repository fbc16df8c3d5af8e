"""The journal, read."""

from django.contrib import admin

from portal.administration.reading import ReadOnlyAdmin
from portal.journal.models import Entry


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin[Entry]):
    """Who did what."""

    list_display = ("at", "kind", "actor_name", "sentence", "cibtp_id", "address")
    list_filter = ("kind",)
    search_fields = ("actor_name", "cibtp_id", "company_name", "sentence")
