"""Companies, sites, accounting firms, and the changes that companies ask for."""

from adherents.models.change_requests import ChangeRequest, ChangeState
from adherents.models.companies import AccountingFirm, Activity, Adherent, PaymentMode, Site, SiteQuerySet

__all__ = [
    "AccountingFirm", "Activity", "Adherent", "ChangeRequest", "ChangeState", "PaymentMode", "Site",
    "SiteQuerySet",
]  # fmt: skip
