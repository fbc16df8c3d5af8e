"""Accounts, openings and letters: no password, no code, no link (R28)."""

import datetime as dt
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts.models import (
    CodeRequest,
    EmailChange,
    LetterBatch,
    Opening,
    ProvisionalCode,
    Recertification,
    User,
)
from accounts.second_factor import factors
from accounts.second_factor.resetting import PERMISSION, ResetFactorPage
from accounts.staff_verbs import end_sessions, unlock_opening, unlock_sign_in
from adherents.admin import SiteAdmin
from portal.administration.reading import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin[User]):
    """People."""

    list_display = ("last_name", "first_name", "email", "shown_state", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("last_name", "first_name", "email")
    actions = (unlock_sign_in, end_sessions)
    phones: ClassVar = ("landline", "mobile")
    fields = (
        "email", "last_name", "first_name", "landline", "mobile", "mobile_certified_at", "mailing_consent_at",
        "email_certified_at", "is_active", "address_changing", "is_staff", "created_at", "last_login",
        "emptied_at", "second_factors",
    )  # fmt: skip
    readonly_fields = ("second_factors",)
    change_form_template = "admin/accounts/user/change_form.html"

    @admin.display(description="état", ordering="is_active")
    def shown_state(self, user: User) -> str:
        """What staff are asked on the phone: may this person sign in, and else why not."""
        if user.is_active:
            return "Actif"
        if user.emptied_at:
            return "Vidé, jamais activé"
        if user.address_changing:
            return "Attend la confirmation de sa nouvelle adresse"
        return "Désactivé" if user.email_certified_at else "Attend son activation"

    @admin.display(description="seconds facteurs")
    def second_factors(self, user: User) -> str:
        """Which ones the person has; never what they hold."""
        return ", ".join(map(str, factors.of(user))) or "Aucun"

    def get_urls(self) -> list[URLPattern]:
        """The page of the reset, before the others."""
        view = self.admin_site.admin_view(ResetFactorPage.as_view(model_admin=self))
        return [
            path("<path:object_id>/second-facteur/", view, name="accounts_user_second_factor"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer the reset to whoever may, of whoever has something to lose."""
        person = self.get_object(request, object_id)
        offered = {
            "may_reset": cast(User, request.user).has_perm(PERMISSION),
            "has_factor": person is not None and bool(factors.of(person)),
        }
        return super().change_view(request, object_id, form_url, (extra_context or {}) | offered)


@admin.register(Opening)
class OpeningAdmin(ReadOnlyAdmin[Opening]):
    """Openings, activated or not."""

    list_display = ("site", "user", "by_firm", "opened_at", "activated_at", "undone_at")
    list_filter = ("by_firm",)
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


# Sites have their own page in the admin, which knows nothing of their letters.
SiteAdmin.actions = (unlock_opening,)  # type: ignore[misc]


@admin.register(CodeRequest)
class CodeRequestAdmin(ReadOnlyAdmin[CodeRequest]):
    """Codes asked for: those that wait for a printing first."""

    list_display = ("site", "asked_at", "answered_at", "batch")
    list_select_related = ("site__adherent", "batch")
    search_fields = ("site__cibtp_id", "site__adherent__company_name")
    ordering = (F("answered_at").desc(nulls_first=True), "-asked_at")


@admin.register(EmailChange)
class EmailChangeAdmin(ReadOnlyAdmin[EmailChange]):
    """Changes of address: asked, confirmed, cancelled."""

    list_display = ("user", "former", "address", "asked_at", "confirmed_at", "cancelled_at")
    list_select_related = ("user",)
    search_fields = ("user__last_name", "former", "address")


@admin.register(Recertification)
class RecertificationAdmin(ReadOnlyAdmin[Recertification]):
    """Who was written to so that a certification does not lapse."""

    list_display = ("user", "address", "certified_at", "days_warned", "sent_at")
    list_select_related = ("user",)
    search_fields = ("user__last_name", "address")
