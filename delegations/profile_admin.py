"""The ready-made profiles, as staff edit them: a level for each row of the matrix (product.md 6.1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from delegations.matrix import RightsMatrix
from delegations.models import RightsProfile
from portal.access.features import Feature, Group, all_features
from portal.access.levels import Access, College


def field_of(feature: Feature) -> str:
    """The name of a row's field."""
    return feature.code.replace(".", "_")


class ProfileForm(forms.ModelForm[RightsProfile]):
    """A name, a rank, and one select for each row; a row holds for every collège."""

    class Meta:
        model = RightsProfile
        fields = ("name", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for feature in all_features():
            field = self.fields[field_of(feature)]
            field.initial = self.instance.matrix.level(feature, College.OUVRIER).value

    def clean(self) -> dict[str, Any]:
        """One row at least."""
        values = super().clean() or {}
        if not self.errors and not self.levels():
            self.add_error(None, "Un profil donne au moins un droit.")
        return values

    def levels(self) -> RightsMatrix:
        """What the selects say."""
        return RightsMatrix.of(
            {
                (feature.code, None): Access(int(self.cleaned_data[field_of(feature)]))
                for feature in all_features()
            }
        )

    def save(self, commit: bool = True) -> RightsProfile:
        """Keep the levels with the name."""
        self.instance.matrix = self.levels()
        return super().save(commit)


def select_for(feature: Feature) -> forms.ChoiceField:
    """The levels that the row offers."""
    offered = [(str(level.value), level.label) for level in Access if level <= feature.highest]
    return forms.ChoiceField(label=feature.label, choices=offered)


@admin.register(RightsProfile)
class RightsProfileAdmin(admin.ModelAdmin[RightsProfile]):
    """Profiles: what fills the form. Changing one changes no right that was given."""

    list_display = ("name", "order")
    list_editable = ("order",)
    search_fields = ("name",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with its selects: the rows are known once every app has registered its own."""
        selects = {field_of(feature): select_for(feature) for feature in all_features()}
        return type("ProfileForm", (ProfileForm,), selects)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The rows under their group, as in the matrix."""
        rows = [
            (group.value, {"fields": [field_of(one) for one in all_features() if one.group is group]})
            for group in Group
        ]
        return [(None, {"fields": ("name", "order")}), *rows]
