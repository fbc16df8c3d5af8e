"""Accounts as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and the doors by which they come in."""

    name = "accounts"
    verbose_name = "Comptes"
