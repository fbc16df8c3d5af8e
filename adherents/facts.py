"""What the journal's lines about a company say beyond their sentence."""

from adherents.models.change_requests import CHANGEABLE, PHONES, label_of
from portal.journal.facts import Fact, register
from portal.templatetags.french import phone


def name_facts() -> None:
    """Name the fields that a company may ask to change, and the reason of an answer."""
    changes = {field: Fact(label_of(field), phone if field in PHONES else str) for field in CHANGEABLE}
    register("company", changes | {"motif": Fact("Motif")})
