"""The forms of the second factor: what proves it, and what adds one."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.core.exceptions import ValidationError

from portal.forms import back_link, helper_for
from portal.pasted import LONGEST
from portal.second_factor import typed

SIX_DIGITS = "Le code compte 6 chiffres\u00a0: saisissez celui que l’application affiche en ce moment."
TEN_SIGNS = "Un code de récupération compte 10 lettres et chiffres, par exemple ABCDE-23456."
NO_SCRIPT = (
    "Le navigateur n’a pas envoyé de clé d’accès. Elle demande JavaScript\u00a0; sans lui, utilisez un code."
)
ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class CodeField(forms.CharField):
    """The six digits that an app shows, typed as people type them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Code à 6 chiffres",
            max_length=LONGEST,
            widget=forms.TextInput(attrs=ONE_TIME),
            error_messages={"required": "Saisissez le code que l’application affiche."},
            **options,
        )

    def clean(self, value: Any) -> str:
        """The digits alone. Raises ValidationError."""
        found = typed.digits(super().clean(value))
        if found is None:
            raise ValidationError(SIX_DIGITS)
        return found


class NameField(forms.CharField):
    """How the person will recognise it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": "Donnez-lui un nom, par exemple «\u00a0Mon téléphone\u00a0»."},
            **options,
        )


# --- to prove it -----------------------------------------------------------------------------------


class AppForm(forms.Form):
    """The value of an app."""

    code = CodeField()

    @property
    def sent(self) -> str:
        """What is compared."""
        return str(self.cleaned_data["code"])


class RecoveryForm(forms.Form):
    """One of the printed codes."""

    recovery_code = forms.CharField(
        label="Code de récupération",
        help_text="10 lettres et chiffres, par exemple ABCDE-23456. Chaque code sert une seule fois.",
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": "Saisissez un de vos codes de récupération."},
    )

    def clean_recovery_code(self) -> str:
        """The signs alone. Raises ValidationError."""
        found = typed.recovery(self.cleaned_data["recovery_code"])
        if found is None:
            raise ValidationError(TEN_SIGNS)
        return found

    @property
    def sent(self) -> str:
        """What is compared."""
        return str(self.cleaned_data["recovery_code"])


class PasskeyForm(forms.Form):
    """What the browser sends back, as JSON."""

    credential = forms.CharField(
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Something was sent."""
        values = super().clean() or {}
        if not values.get("credential") and not self.errors:
            raise ValidationError(NO_SCRIPT)
        return values

    @property
    def sent(self) -> str:
        """What is verified."""
        return str(self.cleaned_data["credential"])


# --- to add one ------------------------------------------------------------------------------------


class AddAppForm(forms.Form):
    """A name, and a value that shows that the app has the key; `seed` is the key, sealed for the person."""

    seed = forms.CharField(max_length=1000, widget=forms.HiddenInput)
    name = NameField(label="Nom de l’application", help_text="Pour la reconnaître ensuite.")
    code = CodeField()

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_for(self, button="Ajouter l’application", back=back_link(back, "Annuler"))
        self.helper.layout.insert(0, HTML('{% include "accounts/second_factor/_offered_key.html" %}'))


class AddPasskeyForm(PasskeyForm):
    """A name, and what the browser made."""

    name = NameField(label="Nom de la clé", help_text="Pour la reconnaître ensuite.")
    field_order = ("name", "credential")
