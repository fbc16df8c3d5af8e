"""The portal itself: the start-up check that no page of a site goes without a rule."""

from django.apps import AppConfig
from django.core import checks


class PortalConfig(AppConfig):
    """Registers the checks that run before anything is served."""

    name = "portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        """Refuse a page of a site without a rule, at `check` and at start."""
        from portal.access.checks import site_pages_state_their_rule

        checks.register(site_pages_state_their_rule, checks.Tags.security)
