"""How to reach the caisse."""

from typing import ClassVar

from django.views.generic import TemplateView

from portal.access.levels import Rule
from portal.access.pages import SitePage


class CaissePage(SitePage, TemplateView):
    """The caisse's phone, hours, addresses."""

    rule = Rule.MEMBER
    template_name = "contact/caisse.html"


class AnywherePage(TemplateView):
    """The same where one stands on no site: in one's account, before a site is chosen."""

    before_gates: ClassVar[bool] = True  # whoever is stopped by one may ask
    template_name = "contact/caisse.html"
