"""Rights given."""

from django.contrib import admin

from delegations.models import Delegation
from portal.administration.reading import ReadOnlyAdmin


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin[Delegation]):
    """Delegations of every site."""

    list_display = ("site", "beneficiary", "role", "starts_on", "ends_on", "closed_at")
    list_select_related = ("site__adherent", "beneficiary")
    search_fields = ("site__cibtp_id", "beneficiary__last_name", "beneficiary__email")
