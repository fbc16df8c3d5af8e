"""The affiliated companies: their rows of the matrix, their extracts, their entries in the frame."""

from django.apps import AppConfig


class AdherentsConfig(AppConfig):
    """Registers what the app adds to the portal."""

    name = "adherents"
    verbose_name = "Adhérents"

    def ready(self) -> None:
        """Tell the registries."""
        from adherents import entries, facts, imports
        from adherents.features import FEATURES
        from portal.access import features

        features.register(FEATURES)
        entries.register()
        facts.name_facts()
        imports.register()
