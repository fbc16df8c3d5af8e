"""Companies, sites and firms, as the extracts brought them."""

from django.contrib import admin

from adherents.models import AccountingFirm, Adherent, Site
from portal.administration.reading import ReadOnlyAdmin


@admin.register(Adherent)
class AdherentAdmin(ReadOnlyAdmin[Adherent]):
    """Companies."""

    list_display = ("number", "company_name", "siren", "town", "accounting_firm")
    list_select_related = ("accounting_firm",)
    search_fields = ("number", "company_name", "siren")


@admin.register(Site)
class SiteAdmin(ReadOnlyAdmin[Site]):
    """Sites."""

    list_display = ("cibtp_id", "adherent", "name", "siret", "town", "closed_on")
    list_select_related = ("adherent",)
    search_fields = ("cibtp_id", "siret", "name", "adherent__company_name")


@admin.register(AccountingFirm)
class AccountingFirmAdmin(ReadOnlyAdmin[AccountingFirm]):
    """Firms."""

    list_display = ("name", "siret", "email")
    search_fields = ("name", "siret")
