"""How to reach the caisse."""

from django.views.generic import TemplateView

from portal.access.levels import Rule
from portal.access.pages import SitePage


class CaissePage(SitePage, TemplateView):
    """The caisse's phone, hours, addresses."""

    rule = Rule.MEMBER
    template_name = "contact/caisse.html"
