"""Reaching the caisse: its page in the right bar and among the tiles."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Registers the way to the caisse."""

    name = "contact"
    verbose_name = "Contact"

    def ready(self) -> None:
        """Tell the registries."""
        from contact import entries

        entries.register()
