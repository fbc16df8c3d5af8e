"""Staff's answer to a change that a company asks for, in the admin."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from adherents import profile_changes
from adherents.models import ChangeRequest
from adherents.models.change_requests import Change
from portal.origin import Origin

READABLE = re.compile(r"[0-9]{1,18}")
PERMISSION = "adherents.change_changerequest"
TEMPLATE = "admin/adherents/changerequest/answer.html"


class AnswerForm(forms.Form):
    """« Accepter » or « Refuser », and why: a refusal always says."""

    decision = forms.ChoiceField(choices=[("accept", "Accepter"), ("refuse", "Refuser")])
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=1000,
        help_text="Obligatoire pour refuser. L’entreprise le lit sur sa page et dans le courriel.",
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal gives its reason."""
        values = super().clean() or {}
        if values.get("decision") == "refuse" and not values.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Dites à l’entreprise pourquoi sa demande est refusée.")
        return values


def answer_page(model_admin: admin.ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Show a waiting request beside what the file says today, and take the answer.

    Raises PermissionDenied for staff who may not answer, Http404 for a request that does not exist.
    """
    staff = cast(Any, request.user)
    if not staff.has_perm(PERMISSION):
        raise PermissionDenied
    asked = get_object_or_404(
        ChangeRequest.objects.whole(), pk=object_id if READABLE.fullmatch(object_id) else None
    )
    back = redirect("admin:adherents_changerequest_change", asked.pk)
    if not asked.is_waiting:
        lost = "Votre réponse n’est pas enregistrée. " if request.method == "POST" else ""
        state = asked.get_state_display().lower()
        messages.warning(request, f"{lost}Cette demande n’attend plus de réponse : elle est {state}.")
        return back
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, answer(asked, form.cleaned_data, staff, Origin.of(request)))
        except profile_changes.AlreadyAnswered:
            messages.warning(
                request,
                "Votre réponse n’est pas enregistrée : quelqu’un a répondu à cette demande, ou l’a retirée, "
                "entre-temps.",
            )
        return back
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Répondre à la demande n° {asked.pk}",
        "opts": model_admin.model._meta,
        "asked": asked,
        "changes": [
            (change, change.shown(getattr(asked.adherent, change.field))) for change in asked.changes
        ],
        "stale": any(_moved(asked, change) for change in asked.changes),
        "letters_follow": letters_follow(asked),
        "may_still_ask": asked.asked_by.has_perm("adherents.write_profile", asked.site),
        "form": form,
    }
    return TemplateResponse(request, TEMPLATE, context)


def letters_follow(asked: ChangeRequest) -> list[str]:
    """The sites, without an address of their own, whose letters and codes the new postal address gets."""
    if not any(field.startswith("mailing_") for field in asked.after):
        return []
    return [site.cibtp_id for site in asked.adherent.sites.all() if not (site.postal_code and site.town)]


def answer(asked: ChangeRequest, values: dict[str, str], staff: Any, origin: Origin) -> str:
    """Accept or refuse; returns what staff are told. Raises AlreadyAnswered."""
    verb = profile_changes.accept if values["decision"] == "accept" else profile_changes.refuse
    answered = verb(number=asked.pk, staff=staff, origin=origin, reason=values["reason"])
    return f"{answered} : {answered.get_state_display().lower()}. L’entreprise est prévenue par courriel."


def _moved(asked: ChangeRequest, change: Change) -> bool:
    """Whether the file changed since the request was made."""
    return bool(getattr(asked.adherent, change.field) != change.before)
