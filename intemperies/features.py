"""The rows of the rights matrix that belong to bad weather."""

from portal.access.features import Feature, Group

REFUND, STOPPAGE = "intemperies.refund", "intemperies.stoppage"

FEATURES = (
    Feature(
        REFUND,
        "Mes remboursements",
        Group.BAD_WEATHER,
        slot=13,
        writable=False,
        per_college=True,
    ),
    Feature(
        STOPPAGE,
        "Mes arrêts intempéries",
        Group.BAD_WEATHER,
        slot=14,
        writable=True,
        per_college=True,
    ),
)
