"""The outbox, read; links in mails are never shown, sent or not."""

from django.contrib import admin

from portal.administration.reading import ReadOnlyAdmin
from portal.messaging.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin[Message]):
    """Mails sent, waiting, abandoned."""

    list_display = ("created_at", "recipient", "subject", "shown_state", "tries", "last_error")
    search_fields = ("recipient", "subject")
    fields = (
        "recipient", "subject", "shown_text", "shown_state", "created_at", "sent_at", "tries", "next_try_at",
        "last_error",
    )  # fmt: skip
    readonly_fields = ("shown_text", "shown_state")

    @admin.display(description="état")
    def shown_state(self, message: Message) -> str:
        """What became of it."""
        return message.state

    @admin.display(description="texte")
    def shown_text(self, message: Message) -> str:
        """The text without its link."""
        return message.shown_text
