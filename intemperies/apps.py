"""Bad-weather stoppages: who may see and declare them."""

from django.apps import AppConfig


class IntemperiesConfig(AppConfig):
    """Registers what the app adds to the portal."""

    name = "intemperies"
    verbose_name = "Chômage intempéries"

    def ready(self) -> None:
        """Tell the registries."""
        from intemperies import absences, entries, facts, imports
        from intemperies.features import FEATURES
        from portal.access import features

        features.register(FEATURES)
        entries.register()
        facts.name_facts()
        imports.register()
        absences.register()
