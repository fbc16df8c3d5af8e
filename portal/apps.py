"""The portal itself: what every app finds ready at start."""

from django.apps import AppConfig
from django.core import checks


class PortalConfig(AppConfig):
    """Registers the checks that run before anything is served, the folding of searches, the broker."""

    name = "portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        """Refuse a page of a site without a rule; teach the database to fold; know our broker.

        A command that queued a mail without it would speak to Celery's default, whatever listens there.
        """
        from portal import celery, folding
        from portal.access.checks import site_pages_state_their_rule

        celery.app.set_default()
        folding.connect()
        checks.register(site_pages_state_their_rule, checks.Tags.security)
