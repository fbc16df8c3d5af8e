"""Small tables within the admin's pages, and what they link to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> SafeString:
    """Rows under their heads; every cell is escaped. Empty when there is no row."""
    body = format_html_join("", "<tr>" + "<td>{}</td>" * len(heads) + "</tr>", rows)
    if not body:
        return body
    head = format_html_join("", '<th scope="col">{}</th>', ((each,) for each in heads))
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


def linker(site: AdminSite, request: HttpRequest, model: type[Model]) -> Callable[[Model], SafeString | str]:
    """What writes a row of that model: its name, a link to its page for whoever may view it."""
    if not site.get_model_admin(model).has_view_permission(request):
        return str
    name = f"{site.name}:{model._meta.app_label}_{model._meta.model_name}_change"
    return lambda row: format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), row)
