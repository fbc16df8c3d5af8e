"""The outbox, read: links in mails and codes in SMS are never shown, sent or not; numbers are masked."""

from django.contrib import admin

from portal.administration.reading import ReadOnlyAdmin
from portal.messaging.models import Message, Sms
from portal.phones import masked


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


@admin.register(Sms)
class SmsAdmin(ReadOnlyAdmin[Sms]):
    """SMS sent, waiting, refused, uncertain."""

    list_display = ("created_at", "shown_number", "kind", "state", "tries", "last_error")
    list_filter = ("state",)
    fields = (
        "kind", "shown_number", "shown_text", "state", "created_at", "sent_at", "expires_at", "tries",
        "next_try_at", "last_error", "reference",
    )  # fmt: skip
    readonly_fields = ("shown_number", "shown_text")

    @admin.display(description="numéro")
    def shown_number(self, sms: Sms) -> str:
        """The number but for its middle."""
        return masked(sms.number)

    @admin.display(description="texte")
    def shown_text(self, sms: Sms) -> str:
        """The text without its code."""
        return sms.shown_text
