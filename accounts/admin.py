"""Accounts, openings and letters: no password, no code, no link (R28)."""

import datetime as dt

from django.contrib import admin

from accounts.models import LetterBatch, Opening, ProvisionalCode, User
from portal.administration.reading import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin[User]):
    """People."""

    list_display = ("last_name", "first_name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("last_name", "first_name", "email")
    fields = (
        "email", "last_name", "first_name", "landline", "mobile", "mailing_consent_at", "email_certified_at",
        "is_active", "is_staff", "created_at", "last_login", "emptied_at",
    )  # fmt: skip


@admin.register(Opening)
class OpeningAdmin(ReadOnlyAdmin[Opening]):
    """Openings, activated or not."""

    list_display = ("site", "user", "opened_at", "activated_at", "undone_at")
    list_select_related = ("site__adherent", "user")
    search_fields = ("site__cibtp_id", "user__last_name", "user__email")


@admin.register(LetterBatch)
class LetterBatchAdmin(ReadOnlyAdmin[LetterBatch]):
    """Printings."""

    list_display = ("printed_at", "printed_by", "folder")


@admin.register(ProvisionalCode)
class ProvisionalCodeAdmin(ReadOnlyAdmin[ProvisionalCode]):
    """Letters: to whom, until when, used or not."""

    list_display = ("site", "batch", "page", "shown_last_day", "used_at", "voided_at")
    list_select_related = ("site__adherent", "batch")
    search_fields = ("site__cibtp_id", "site__adherent__company_name")
    fields = ("site", "batch", "page", "shown_last_day", "used_at", "voided_at")
    readonly_fields = ("shown_last_day",)

    @admin.display(description="dernier jour", ordering="expires_at")
    def shown_last_day(self, code: ProvisionalCode) -> dt.date:
        """The day that the letter says."""
        return code.last_day
