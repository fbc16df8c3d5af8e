"""The texts at the foot of every page, as staff write them, and who accepted the terms of use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contact.models import LegalText, TermsAcceptance
from contact.rendering import rendered
from portal import clock
from portal.administration.reading import ReadOnlyAdmin

MARKDOWN = (
    "En Markdown\u00a0: # Titre, ## Sous-titre, - liste, **gras**, [lien](https://…). Le HTML n’est pas "
    "interprété. Enregistrez et continuez pour relire le texte tel qu’il paraîtra."
)

BEGINS = (
    "Ce jour-là, la version remplace la précédente et ne change plus. Une nouvelle version des Conditions "
    "Générales d’Utilisation est acceptée par chacun à sa connexion suivante."
)


class LegalTextForm(forms.ModelForm[LegalText]):
    """A version that is still to come."""

    class Meta:
        model = LegalText
        fields = ("page", "starts_on", "body")
        help_texts = {"starts_on": BEGINS, "body": MARKDOWN}

    def clean_starts_on(self) -> Any:
        """Today or later: the past is not rewritten."""
        day = self.cleaned_data["starts_on"]
        if day < clock.today():
            raise forms.ValidationError(
                "Cette date est passée\u00a0: choisissez aujourd’hui ou un jour à venir."
            )
        return day


@admin.register(LegalText)
class LegalTextAdmin(admin.ModelAdmin[LegalText]):
    """Versions: one in effect, or that was, is read and never changed."""

    form = LegalTextForm
    list_display = ("page", "starts_on", "shown_state", "written_by", "written_at", "next_version")
    list_filter = ("page",)
    readonly_fields = ("shown_text", "written_by", "written_at")
    fields = ("page", "starts_on", "body", "shown_text", "written_by", "written_at")
    actions = None

    @admin.display(description="état")
    def shown_state(self, text: LegalText) -> str:
        """To come, or begun; the latest that began is the one in effect."""
        if not text.has_begun():
            return "À venir"
        latest = LegalText.objects.begun(text.page).first()
        return "En vigueur" if latest == text else "Remplacée"

    @admin.display(description="tel qu’il paraît")
    def shown_text(self, text: LegalText) -> SafeString | str:
        """The text as its page shows it."""
        return rendered(text.body) if text.body else "Enregistrez pour relire."

    @admin.display(description="et ensuite")
    def next_version(self, text: LegalText) -> SafeString | str:
        """From the version in effect, the way to write the following one."""
        if self.shown_state(text) != "En vigueur":
            return ""
        address = reverse("admin:contact_legaltext_add", query={"page": text.page})
        return format_html(
            '<a href="{}">Écrire la version suivante<span class="visually-hidden"> de {}</span></a>',
            address,
            text.get_page_display(),
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The latest text of that page, and tomorrow: until then it can be read again and corrected."""
        given: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        latest = LegalText.objects.filter(page=given.get("page", "")).order_by("-starts_on").first()
        body = latest.body if latest else ""
        return {"starts_on": clock.today() + dt.timedelta(days=1), "body": body} | given

    def has_change_permission(self, request: HttpRequest, obj: LegalText | None = None) -> bool:
        """Only a version that is still to come."""
        return (obj is None or not obj.has_begun()) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: LegalText | None = None) -> bool:
        """Only a version that is still to come."""
        return (obj is None or not obj.has_begun()) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: LegalText, form: Any, change: bool) -> None:
        """Note who wrote it, and when."""
        obj.written_by, obj.written_at = str(request.user), clock.now()
        super().save_model(request, obj, form, change)


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(ReadOnlyAdmin[TermsAcceptance]):
    """Who accepted which version, and when."""

    list_display = ("user", "text", "accepted_at")
    list_select_related = ("user", "text")
    search_fields = ("user__last_name", "user__email")
