"""The portal's addresses, and the small page inside its frame."""

from django.urls import path
from django.views.generic import TemplateView

from portal.access.levels import Rule
from portal.access.pages import SitePage
from portal.urls import urlpatterns as portal_patterns


class FramedPage(SitePage, TemplateView):
    """The bare server's page on a site: what the frame, the site and the rights cost."""

    rule = Rule.MEMBER
    template_name = "bench/framed.html"


urlpatterns = [*portal_patterns, path("sites/<cibtp:cibtp_id>/petite-page/", FramedPage.as_view())]
