"""Home as a Django app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Label `home`."""

    name = "portal.home"
    label = "home"
    verbose_name = "Accueil"
