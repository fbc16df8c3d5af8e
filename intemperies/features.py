"""The rows of the rights matrix that belong to bad weather."""

from portal.access.features import Feature, Group

FEATURES = (
    Feature(
        "intemperies.refund",
        "Mes remboursements",
        Group.BAD_WEATHER,
        slot=13,
        writable=False,
        per_college=True,
    ),
    Feature(
        "intemperies.stoppage",
        "Mes arrêts intempéries",
        Group.BAD_WEATHER,
        slot=14,
        writable=True,
        per_college=True,
    ),
)
