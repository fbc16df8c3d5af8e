"""Worksites, stoppages with their lost hours, what the caisse refunds, and the regime’s dated figures."""

from intemperies.models.figures import CampaignFigures, HourlyCeiling, ReadingChoices, SeasonalExclusion
from intemperies.models.refunds import RefundLine, RefundState
from intemperies.models.stoppages import Line, LostHours, Period, State, Stoppage
from intemperies.models.takings import TakenDeclaration, Taking
from intemperies.models.worksites import Worksite

__all__ = [
    "CampaignFigures", "HourlyCeiling", "Line", "LostHours", "Period", "ReadingChoices", "RefundLine",
    "RefundState", "SeasonalExclusion", "State", "Stoppage", "TakenDeclaration", "Taking", "Worksite",
]  # fmt: skip
