"""Worksites, stoppages with their lost hours, and the dated figures by which they are reckoned."""

from intemperies.models.figures import CampaignFigures, HourlyCeiling, ReadingChoices, SeasonalExclusion
from intemperies.models.stoppages import Line, LostHours, Period, State, Stoppage
from intemperies.models.takings import Taking
from intemperies.models.worksites import Worksite

__all__ = [
    "CampaignFigures", "HourlyCeiling", "Line", "LostHours", "Period", "ReadingChoices", "SeasonalExclusion",
    "State", "Stoppage", "Taking", "Worksite",
]  # fmt: skip
