"""Rights: hands its answers to `portal.access` at start."""

from django.apps import AppConfig


class DelegationsConfig(AppConfig):
    """The keeper of the rights."""

    name = "delegations"
    verbose_name = "Droits d’accès"

    def ready(self) -> None:
        """Answer « who administers this site? »; add to the menus, to what waits, to the journal's words."""
        from delegations import entries, facts
        from delegations.deciding import administrators_of, has_several_sites, within_firm
        from delegations.middleware import enter
        from portal.access.answers import Answers, answer_with

        answer_with(Answers(administrators_of, has_several_sites, enter, within_firm))
        entries.register()
        facts.name_facts()
