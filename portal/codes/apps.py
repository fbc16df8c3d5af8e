"""One-time codes as a Django app."""

from django.apps import AppConfig


class CodesConfig(AppConfig):
    """Label `codes`."""

    name = "portal.codes"
    label = "codes"
    verbose_name = "Codes"
