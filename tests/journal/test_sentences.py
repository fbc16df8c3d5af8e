"""A line of the journal holds whole clauses, however long the act is to tell."""

from portal.journal.models import Kind
from portal.journal.recording import entry
from portal.origin import COMMAND


def kept(sentence: str) -> str:
    return entry("rights.given", sentence, kind=Kind.RIGHTS, origin=COMMAND).sentence


def test_a_sentence_of_five_hundred_characters_stays_whole():
    assert kept("a" * 500) == "a" * 500


def test_a_longer_one_loses_whole_clauses_and_says_so():
    clause = "Consultation de Mon planning accordée pour Ouvrier"  # 50 characters; 53 with its mark
    told = "\u00a0; ".join([clause] * 12)
    assert kept(told) == "\u00a0; ".join([clause] * 9) + "\u00a0; …"
    assert len(kept(told)) <= 500


def test_one_clause_too_long_is_cut_and_says_so():
    assert kept("a" * 600) == "a" * 496 + "\u00a0; …"
