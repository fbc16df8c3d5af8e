"""The journal as a Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Label `journal`."""

    name = "portal.journal"
    label = "journal"
    verbose_name = "Journal"
