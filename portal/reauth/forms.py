"""The form that asks for the password again, and carries what was already typed."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.forms import back_link, helper_for

FIELD = "reauth_password"
RESUMED = "reauth_resumed"  # what was sent besides the password is to be taken as if it came now
WRONG = "Ce mot de passe n’est pas le vôtre\u00a0: saisissez celui avec lequel vous vous connectez."
# Typed again rather than written back into a page.
NEVER_CARRIED = frozenset({"code", "mobile_code", "recovery_code", "csrfmiddlewaretoken", FIELD, RESUMED})


class ConfirmForm(forms.Form):
    """« Mot de passe actuel »."""

    reauth_password = forms.CharField(
        label="Mot de passe actuel",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Saisissez votre mot de passe."},
    )

    def __init__(self, *args: Any, request: HttpRequest, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_for(self, button="Continuer", back=back_link(back, "Annuler"))
        self.helper.form_action = request.get_full_path()
        # A variable, for crispy compiles its HTML: what was typed is never a template.
        self.helper.layout.insert(0, HTML("{{ form.carried }}"))
        self.carried = carried(request)


def carried(request: HttpRequest) -> SafeString:
    """The fields of a form that was sent too late, hidden, so that nothing typed is lost but its files."""
    if request.method != "POST" or (FIELD in request.POST and RESUMED not in request.POST):
        return SafeString("")
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NEVER_CARRIED and "password" not in name
    ]
    kept.append((RESUMED, "1"))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', kept)
