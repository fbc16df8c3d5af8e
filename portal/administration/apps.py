"""Makes our site the default admin."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "portal.administration.site.CaisseAdminSite"
