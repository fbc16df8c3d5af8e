"""Companies, sites and firms, as the extracts brought them; the changes that companies ask for."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from adherents.answering import PERMISSION, answer_page
from adherents.models import AccountingFirm, Adherent, ChangeRequest, Site
from adherents.models.change_requests import PHONES
from portal.administration.reading import ReadOnlyAdmin


@admin.register(Adherent)
class AdherentAdmin(ReadOnlyAdmin[Adherent]):
    """Companies."""

    list_display = ("number", "company_name", "siren", "town", "accounting_firm")
    list_select_related = ("accounting_firm",)
    search_fields = ("number", "company_name", "siren")
    phones: ClassVar = PHONES


@admin.register(Site)
class SiteAdmin(ReadOnlyAdmin[Site]):
    """Sites."""

    list_display = ("cibtp_id", "adherent", "name", "siret", "town", "closed_on")
    list_select_related = ("adherent",)
    search_fields = ("cibtp_id", "siret", "name", "adherent__company_name")


@admin.register(AccountingFirm)
class AccountingFirmAdmin(ReadOnlyAdmin[AccountingFirm]):
    """Firms."""

    list_display = ("name", "siret", "email")
    search_fields = ("name", "siret")


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReadOnlyAdmin[ChangeRequest]):
    """Changes asked for: those that wait first. Answering has a page of its own."""

    list_display = ("pk", "site", "asked_at", "asked_by", "state", "answered_at", "answered_by")
    list_select_related = ("site__adherent", "asked_by", "answered_by")
    list_filter = ("state",)
    search_fields = ("site__cibtp_id", "adherent__company_name", "adherent__number")
    ordering = (F("answered_at").desc(nulls_first=True), "-asked_at")
    fields = (
        "site", "adherent", "asked_by", "asked_at", "shown_changes", "state", "reason", "answered_by",
        "answered_at",
    )  # fmt: skip
    readonly_fields = ("shown_changes",)
    change_form_template = "admin/adherents/changerequest/change_form.html"

    @admin.display(description="modifications")
    def shown_changes(self, asked: ChangeRequest) -> SafeString:
        """Field by field, from what to what."""
        lines = (
            (change.label, *map(change.shown, (change.before, change.after))) for change in asked.changes
        )
        return format_html_join("", "<p>{} : {} → {}</p>", lines)

    def get_urls(self) -> list[URLPattern]:
        """The page of the answer, before the others."""
        view = self.admin_site.admin_view(partial(answer_page, self))
        name = "adherents_changerequest_answer"
        return [path("<path:object_id>/repondre/", view, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer to answer to whoever may."""
        may_answer = cast(Any, request.user).has_perm(PERMISSION)
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "may_answer": may_answer}
        )
