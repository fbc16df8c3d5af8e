"""The base of every page under /sites/<identifiant>/: it states one rule, and nothing else lets in."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from portal.access import features
from portal.access.levels import Access, Rule
from portal.access.site_access import SiteAccess

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RightMissing(PermissionDenied):
    """The person may enter the site but not this page: the refusal says whom to ask, or why nobody may."""

    def __init__(self, site: Any, what: str, *, closed: bool = False, reserved: bool = False) -> None:
        super().__init__(what)
        self.site = site
        self.what = what
        self.closed = closed
        self.reserved = reserved  # for the site's Administrateurs, whatever rights are given


class SiteRequest(HttpRequest):
    """A request whose site and rights the middleware has resolved."""

    site: Any
    access: SiteAccess


class SitePage(View):
    """A page of a site. `rule` is a feature's code or a `Rule`; `asks` overrides the level; `title` is
    how a refusal calls a page of the company's Administrateurs.

    By default GET and HEAD ask to read, everything else to write. A form page sets `asks` to WRITE
    for its GET too; a search by POST sets it to READ.
    """

    rule: ClassVar[str | Rule | None] = None
    asks: ClassVar[Access | None] = None
    title: ClassVar[str] = ""

    @property
    def site_request(self) -> SiteRequest:
        """The request, with the site and rights that the middleware resolved."""
        return cast(SiteRequest, self.request)

    def level_asked(self) -> Access:
        """The level that this request needs."""
        if self.asks is not None:
            return self.asks
        return Access.READ if self.request.method in SAFE_METHODS else Access.WRITE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse (403) whoever does not meet the rule. Raises ImproperlyConfigured without a rule."""
        if self.rule is None:
            raise ImproperlyConfigured(f"{type(self).__name__} states no rule")
        if not self.site_request.access.meets(self.rule, self.level_asked()):
            site = self.site_request.site
            reserved = self.rule is Rule.COMPANY
            what = (reserved and self.title) or rule_label(self.rule)
            raise RightMissing(site, what, closed=self.closed_to_writing(), reserved=reserved)
        return super().dispatch(request, *args, **kwargs)

    def closed_to_writing(self) -> bool:
        """Whether the site's end is why: who may read the page could not write it, whatever he holds."""
        readable = isinstance(self.rule, str) and self.site_request.access.meets(self.rule)
        return readable and self.level_asked() is Access.WRITE and self.site_request.site.is_closed()


def rule_label(rule: str | Rule) -> str:
    """What the refusal calls the page: the feature's label, or what administration is called."""
    if isinstance(rule, str):
        return features.get(rule).label
    return "Cet espace" if rule is Rule.MEMBER else "Gérer les droits d’accès"
