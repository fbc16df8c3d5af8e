"""What the back office takes of the declarations: a button, the batches, and each one's file again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from intemperies.models import Stoppage, Taking
from intemperies.taking import PERMISSION, NothingToTake, download, take
from portal.administration.reading import ReadOnlyAdmin
from portal.administration.tables import linker, table
from portal.origin import Origin
from portal.templatetags.french import pluralize_fr

NOTHING = "Rien à prendre\u00a0: le logiciel de la caisse a déjà toutes les déclarations."
NOT_KEPT = "Non conservé"  # of a batch that was made before they were


@admin.register(Taking)
class TakingAdmin(ReadOnlyAdmin[Taking]):
    """Batches: the latest first."""

    list_display = ("__str__", "at", "by", "declarations", "lines")
    search_fields = ("by",)
    fields = ("at", "by", "declarations", "lines")
    change_list_template = "admin/intemperies/taking/change_list.html"
    change_form_template = "admin/intemperies/taking/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Taking]:
        """Without their files."""
        return super().get_queryset(request).defer("content")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The facts, then the declarations, linked for whoever may view them."""
        return [*super().get_fields(request, obj), self._shown_taken(request)]

    def _shown_taken(self, request: HttpRequest) -> Callable[[Taking], SafeString | str]:
        linked = linker(self.admin_site, request, Stoppage)

        @admin.display(description="ce qui a été pris")
        def shown_taken(taking: Taking) -> SafeString | str:
            taken = taking.taken.select_related("stoppage").only("taking", "state", "stoppage__number")
            rows = ((linked(one.stoppage), one.get_state_display()) for one in taken)
            return table(("Déclaration", "État pris"), rows) or NOT_KEPT

        return shown_taken

    def get_urls(self) -> list[URLPattern]:
        """The two buttons, before the other pages."""
        taken, had = (
            self.admin_site.admin_view(require_POST(partial(view, self)))
            for view in (take_button, download_button)
        )
        return [
            path("prendre/", taken, name="intemperies_taking_take"),
            path("<path:object_id>/fichier/", had, name="intemperies_taking_download"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say how many declarations wait, and offer to take them to whoever may."""
        offered = {"may_take": may_take(request), "waiting": Stoppage.objects.to_take().count()}
        return super().changelist_view(request, (extra_context or {}) | offered)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer the file to whoever may take."""
        offered = {"may_take": may_take(request)}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | offered)


def may_take(request: HttpRequest) -> bool:
    """Whether the person may take declarations, and have the files again."""
    return bool(cast(Any, request.user).has_perm(PERMISSION))


def take_button(model_admin: TakingAdmin, request: HttpRequest) -> HttpResponse:
    """Take a batch, then show it. Raises PermissionDenied."""
    if not may_take(request):
        raise PermissionDenied
    try:
        taking = take(request.user, Origin.of(request))
    except NothingToTake:
        messages.warning(request, NOTHING)
        return _back_to_the_list(model_admin, request)
    plural = pluralize_fr(taking.declarations)
    messages.success(request, f"{taking}\u00a0: {taking.declarations} déclaration{plural} prise{plural}.")
    if model_admin.has_view_permission(request):
        return redirect("admin:intemperies_taking_change", taking.pk)
    return redirect("admin:index")


def _back_to_the_list(model_admin: TakingAdmin, request: HttpRequest) -> HttpResponse:
    seen = model_admin.has_view_permission(request)
    return redirect("admin:intemperies_taking_changelist" if seen else "admin:index")


def download_button(model_admin: TakingAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """The file of a batch. Raises PermissionDenied, Http404."""
    if not may_take(request):
        raise PermissionDenied
    taking = model_admin.get_object(request, unquote(object_id))
    if taking is None:
        raise Http404
    content = download(taking, request.user, Origin.of(request))
    answer = HttpResponse(content, content_type="text/csv; charset=windows-1252")
    answer["Content-Disposition"] = content_disposition_header(True, taking.file_name)
    return answer
