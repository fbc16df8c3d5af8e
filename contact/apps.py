"""Reaching the caisse, and the texts for everybody at the foot of every page."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate


class ContactConfig(AppConfig):
    """Registers the way to the caisse, the footer, and what a sign-in asks about the terms of use."""

    name = "contact"
    verbose_name = "Contact"

    def ready(self) -> None:
        """Tell the registries; Django's own signals say when a session begins and when tables are there."""
        from contact import entries, first_texts, terms

        entries.register()
        user_logged_in.connect(terms.on_sign_in, dispatch_uid="contact.terms")
        post_migrate.connect(first_texts.publish, sender=self, dispatch_uid="contact.first_texts")
