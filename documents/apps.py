"""Documents, transmissions and certificates: who may see and ask for them."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the app's rows of the matrix."""

    name = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        """Tell the registry of features."""
        from documents.features import FEATURES
        from portal.access import features

        features.register(FEATURES)
