"""Admin pages that show and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db.models import Model
from django.http import HttpRequest

from portal.phones import written_phone

M = TypeVar("M", bound=Model)


def verb(label: str, permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An action of the list that runs one of the portal's verbs; whoever lacks the permission has it not."""

    def marked(function: Callable[..., Any]) -> Callable[..., Any]:
        function.short_description = label  # type: ignore[attr-defined]
        function.own_permission = permission  # type: ignore[attr-defined]
        return function

    return marked


class ReadOnlyAdmin(admin.ModelAdmin[M]):
    """What the back office's extracts or the portal's own verbs write, staff read here."""

    phones: ClassVar[tuple[str, ...]] = ()  # the fields that hold a phone number

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, a phone number written as everywhere."""
        fields = super().get_fields(request, obj)
        return [self.shown_phone(name) if name in self.phones else name for name in fields]

    def shown_phone(self, name: str) -> Callable[[M], str]:
        """What shows a field that holds a phone number."""
        label = str(label_for_field(name, self.model))
        return admin.display(description=label)(lambda row: written_phone(getattr(row, name)))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What staff may do with the rows chosen: verbs of ours, each with its own permission."""
        offered: dict[str, Any] = super().get_actions(request)
        may = request.user.has_perm
        return {
            name: (function, name, words)
            for name, (function, _, words) in offered.items()
            if getattr(function, "own_permission", "") and may(function.own_permission)
        }

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only the filters offered: any other lookup would tell hidden fields letter by letter."""
        offered = {
            name if isinstance(name, str) else getattr(name, "parameter_name", "")
            for name in self.list_filter
        }
        return lookup.removesuffix("__exact") in offered

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted."""
        return False
