"""The limits as a Django app."""

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    """Label `limits`."""

    name = "portal.limits"
    label = "limits"
    verbose_name = "Limites"
