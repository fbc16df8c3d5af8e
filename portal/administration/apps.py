"""Makes our site the default admin."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "portal.administration.site.CaisseAdminSite"

    def ready(self) -> None:
        """Take away Django's groups: nothing of rights is edited here."""
        super().ready()
        from django.contrib import admin
        from django.contrib.auth.models import Group

        admin.site.unregister(Group)
