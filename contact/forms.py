"""The forms of the pages for everybody."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.forms import helper_for


class AcceptTermsForm(forms.Form):
    """« J'accepte les Conditions Générales d'Utilisation »: the version that was shown, and no other."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label="J’accepte les Conditions Générales d’Utilisation",
        error_messages={"required": "Cochez la case pour accepter ces conditions, ou déconnectez-vous."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_for(self, button="Accepter et continuer")
