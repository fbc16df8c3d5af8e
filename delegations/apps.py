"""Rights: hands its answers to `portal.access` at start."""

from django.apps import AppConfig


class DelegationsConfig(AppConfig):
    """The keeper of the rights."""

    name = "delegations"
    verbose_name = "Droits d’accès"

    def ready(self) -> None:
        """Answer « who administers this site? »."""
        from delegations.deciding import administrators_of, has_several_sites
        from delegations.middleware import enter
        from portal.access.answers import Answers, answer_with

        answer_with(Answers(administrators_of, has_several_sites, enter))
