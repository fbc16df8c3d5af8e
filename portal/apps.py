"""The portal itself: what every app finds ready at start."""

from django.apps import AppConfig
from django.core import checks


class PortalConfig(AppConfig):
    """Registers the checks that run before anything is served, and the folding of searches."""

    name = "portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        """Refuse a page of a site without a rule; teach the database to fold."""
        from portal import folding
        from portal.access.checks import site_pages_state_their_rule

        folding.connect()
        checks.register(site_pages_state_their_rule, checks.Tags.security)
