"""Every address of the portal (product.md 11)."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from portal.messaging.outbox_pages import OutboxMailPage, OutboxPage
from portal.web.health import HealthPage


class CibtpIdConverter:
    """An identifier as it is printed, `29209-001-12`."""

    regex = r"[0-9]{5}-[0-9]{3}-[0-9]{2}"

    def to_python(self, value: str) -> str:
        """The identifier itself."""
        return value

    def to_url(self, value: str) -> str:
        """The identifier itself."""
        return value


register_converter(CibtpIdConverter, "cibtp")

site_pages = [
    path("", include("portal.home.urls")),
    path("adherent/", include("adherents.urls")),
    path("salaries/", include("employees.urls")),
    path("intemperies/", include("intemperies.urls")),
    path("contact/", include("contact.urls")),
    path("droits/", include("delegations.site_urls")),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="delegations:choice"), name="root"),
    path("", include("accounts.urls")),
    path("", include("contact.legal_urls")),
    path("", include("contact.support_urls")),
    path("sites/", include("delegations.urls")),
    path("sites/<cibtp:cibtp_id>/", include(site_pages)),
    path("admin/", admin.site.urls),
    path("sante/", HealthPage.as_view(), name="health"),
]
if settings.EMBEDDED:
    urlpatterns += [
        path("boite-d-envoi/", OutboxPage.as_view(), name="outbox"),
        path("composants/", include("portal.components.urls")),
        path("boite-d-envoi/<str:name>/", OutboxMailPage.as_view(), name="outbox_mail"),
    ]

handler403 = "portal.web.errors.permission_denied"
handler404 = "portal.web.errors.page_not_found"
handler500 = "portal.web.errors.server_error"
