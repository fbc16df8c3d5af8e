"""The table of radios as one field of a form: what is chosen in it, whatever table was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from delegations import choices

FORGED = "Choisissez chaque droit parmi les niveaux que le tableau propose."


class LevelsWidget(forms.Widget):
    """Reads the radios; `pages/_matrix.html` shows them."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """What is chosen, or None for what no radio offered."""
        try:
            return choices.read(data)
        except choices.UnknownLevel:
            return None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: no radio ticked is an answer."""
        return False

    def id_for_label(self, id_: str | None) -> str:
        """What a link in the summary of errors leads to."""
        return "tableau"


class LevelsField(forms.Field):
    """`{(code, collège or None): level}`."""

    widget = LevelsWidget

    def clean(self, value: Any) -> Any:
        """The choices. Raises ValidationError for a forged radio."""
        if value is None:
            raise ValidationError(FORGED)
        return value
