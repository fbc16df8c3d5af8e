"""Rights given."""

from django.contrib import admin

from delegations.models import Delegation
from delegations.profile_admin import RightsProfileAdmin
from portal.administration.reading import ReadOnlyAdmin

__all__ = ["DelegationAdmin", "RightsProfileAdmin"]


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin[Delegation]):
    """Delegations of every site."""

    list_display = ("site", "beneficiary", "role", "opened_by_firm", "starts_on", "ends_on", "over_at")
    list_filter = ("opened_by_firm",)
    list_select_related = ("site__adherent", "beneficiary")
    search_fields = ("site__cibtp_id", "beneficiary__last_name", "beneficiary__email")
