"""What the journal's lines about rights say beyond their sentence."""

from portal.journal.facts import Fact, day, register

FIRST = ("Bénéficiaire", "Rôle", "Date d’effet", "Date de fin")


def name_facts() -> None:
    """Whom, which role and which days first, then the rows of the matrix, which are kept by their labels."""
    named = {"role": Fact("Rôle"), "starts_on": Fact("Date d’effet", day)}
    register("rights", named | {name: Fact(name) for name in FIRST}, spoken=True)
