"""The demo as a Django app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Label `demo`."""

    name = "portal.demo"
    label = "demo"
    verbose_name = "Démonstration"
