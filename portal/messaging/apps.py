"""The outbox as a Django app."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Label `messaging`."""

    name = "portal.messaging"
    label = "messaging"
    verbose_name = "Messages"
