"""Sessions as a Django app."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Label `portal_sessions`: Django's own app is not installed."""

    name = "portal.sessions"
    label = "portal_sessions"
    verbose_name = "Sessions"
