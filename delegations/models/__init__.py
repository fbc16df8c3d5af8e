"""Rights given, the invitations that offer them, and the sites a person keeps at hand."""

from delegations.models.delegation import Delegation, DelegationQuerySet, Outcome, Role, Side, Status
from delegations.models.favourites import FavouriteSite
from delegations.models.invitation import Invitation
from delegations.models.profiles import RightsProfile

__all__ = [
    "Delegation",
    "DelegationQuerySet",
    "FavouriteSite",
    "Invitation",
    "Outcome",
    "RightsProfile",
    "Role",
    "Side",
    "Status",
]
