"""How often a company's file may be asked to change: each time, people are told by mail."""

from __future__ import annotations

import datetime as dt

from portal.limits.counting import Limit

DAY = dt.timedelta(days=1)
CHANGES_BY_COMPANY = Limit(
    "Demandes de modification, par entreprise", {10: DAY}, DAY, sliding=False, cleared_by_success=False
)
