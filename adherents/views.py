"""« Mon espace adhérent »."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView

from adherents.features import PROFILE
from adherents.models import Site
from portal.home.uses import CountedPage


class ProfilePage(CountedPage, TemplateView):
    """« Mes informations adhérent » (product.md 7.1), read."""

    rule = PROFILE
    template_name = "adherents/profile.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The company, and the site one stands on."""
        site: Site = self.site_request.site
        return super().get_context_data(adherent=site.adherent, **kwargs)
