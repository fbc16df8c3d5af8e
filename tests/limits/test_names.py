"""The name of a limit is written in each of its rows: PostgreSQL refuses one that is too long."""

import accounts.limits
import adherents.limits
import delegations.limits
from portal.limits.counting import Limit
from portal.limits.models import Counter


def test_every_limit_s_name_fits_its_column():
    longest = Counter._meta.get_field("limit").max_length
    modules = (accounts.limits, adherents.limits, delegations.limits)
    named = [one for module in modules for one in vars(module).values() if isinstance(one, Limit)]
    assert len(named) > 5
    assert [one.name for one in named if len(one.name) > longest] == []
