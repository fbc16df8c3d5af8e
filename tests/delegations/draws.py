"""What is drawn for a life: roles, levels, days, addresses."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.delegations.agreement import PEOPLE
from tests.delegations.oracle import COLLEGES, READ, ROWS, TOP, WRITE

ADDRESSES = [f"{name}@exemple.fr" for name in (*PEOPLE, "guy", "hugo")]
SIDES = ("company", "firm")
ROLES = ["user", "administrator", "head", "deputy"]
VARYING = {row["code"] for row in ROWS if row["per_college"] == "yes"}

only = {college: {cell: level for cell, level in TOP.items() if cell[1] == college} for college in COLLEGES}
PROFILES = [
    TOP,
    dict.fromkeys(TOP, READ),
    {cell: level for cell, level in TOP.items() if cell[0].startswith("employees")},
    {cell: level for cell, level in only["etam"].items() if cell[0] in VARYING},
    {("employees.employee", "etam"): WRITE, ("employees.employee", "cadre"): READ},
    {("adherents.profile", college): WRITE for college in COLLEGES},
    {},
]
RATHER = st.sampled_from([True] * 5 + [False])
days_from_today = st.sampled_from([-1, 0, 0, 0, 1, 3])
last_days = st.sampled_from([None, None, None, -1, 0, 1, 2, 5, 30])


@st.composite
def levels(draw):
    """One of the usual matrices, or a few rows at a few levels."""
    if draw(st.booleans()):
        return draw(st.sampled_from(PROFILES))
    made = {}
    for row in draw(
        st.lists(st.sampled_from(ROWS), min_size=1, max_size=4, unique_by=lambda row: row["code"])
    ):
        level = draw(st.sampled_from([READ, WRITE])) if row["writable"] == "yes" else READ
        varies = row["per_college"] == "yes"
        colleges = draw(st.sets(st.sampled_from(COLLEGES), min_size=1)) if varies else COLLEGES
        made |= {(row["code"], college): level for college in colleges}
    return made
