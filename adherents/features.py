"""The rows of the rights matrix that belong to the company."""

from portal.access.features import Feature, Group

PROFILE = "adherents.profile"

FEATURES = (
    Feature(PROFILE, "Mes informations adhérent", Group.COMPANY, slot=0, writable=True, per_college=False),
    Feature(
        "adherents.bank_account",
        "Mes comptes bancaires",
        Group.COMPANY,
        slot=1,
        writable=True,
        per_college=False,
    ),
    Feature(
        "adherents.statement",
        "Ma situation de compte",
        Group.COMPANY,
        slot=2,
        writable=False,
        per_college=False,
    ),
    Feature(
        "adherents.telepayment", "Mes télépaiements", Group.COMPANY, slot=3, writable=True, per_college=False
    ),
    Feature(
        "adherents.pension_refund",
        "Mes remboursements retraite",
        Group.COMPANY,
        slot=6,
        writable=False,
        per_college=True,
    ),
    Feature(
        "adherents.wage_declaration",
        "Mes déclarations de salaires",
        Group.DECLARATIONS,
        slot=7,
        writable=True,
        per_college=False,
    ),
)
