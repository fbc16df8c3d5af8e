"""The app that reads the back office's extracts."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """No model of its own: each app registers the files it takes."""

    name = "portal.imports"
    label = "imports"
    verbose_name = "reprise des extraits"
