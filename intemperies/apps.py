"""Bad-weather stoppages: who may see and declare them."""

from django.apps import AppConfig


class IntemperiesConfig(AppConfig):
    """Registers the app's rows of the matrix."""

    name = "intemperies"
    verbose_name = "Chômage intempéries"

    def ready(self) -> None:
        """Tell the registry of features."""
        from intemperies.features import FEATURES
        from portal.access import features

        features.register(FEATURES)
