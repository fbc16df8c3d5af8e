"""The permission backend: `user.has_perm("intemperies.write_stoppage", obj)` for everything."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend

from adherents.models import Site
from delegations.deciding import access_of
from portal.access.features import asked_by
from portal.access.levels import College
from portal.access.site_access import SiteAccess


class ObjectNeeded(TypeError):
    """A right was asked without a site, or of an object that belongs to no site or collège."""


class DelegationBackend(BaseBackend):
    """Answers for the registered features only; knows no superuser."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the right is held today. Raises ObjectNeeded without an object of a site."""
        asked = asked_by(perm)
        if asked is None:
            return False
        site = obj if isinstance(obj, Site) else site_of(obj)
        if not user_obj.is_active or user_obj.is_anonymous:
            return False
        feature, level = asked
        college = college_of(obj) if obj is not site and feature.per_college else None
        access = remembered(user_obj, site) or access_of(user_obj, site.cibtp_id)
        return access is not None and access.holds(feature, level, college)


def site_of(obj: Any) -> Site:
    """The site that an object belongs to. Raises ObjectNeeded."""
    site = getattr(obj, "site", None)
    if not isinstance(site, Site):
        raise ObjectNeeded(
            f"a right is asked of a site or of what belongs to one, not of {type(obj).__name__}"
        )
    return site


def college_of(obj: Any) -> College:
    """The collège of an object. Raises ObjectNeeded."""
    try:
        return College(obj.college)
    except (AttributeError, ValueError):
        raise ObjectNeeded(f"{type(obj).__name__} bears no collège") from None


def remember(user: Any, access: SiteAccess) -> None:
    """Keep for this request what the middleware found: `user` lives as long as the request."""
    user.access_in_request = access


def remembered(user: Any, site: Site) -> SiteAccess | None:
    """What the middleware found for that site in this request, or None."""
    access: SiteAccess | None = getattr(user, "access_in_request", None)
    return access if access is not None and access.site.cibtp_id == site.cibtp_id else None
