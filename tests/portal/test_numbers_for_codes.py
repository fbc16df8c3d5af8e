"""Codes go to mobiles of the countries that the caisse allows, and to nothing else (R43)."""

import pytest

from portal.phones import masked, takes_codes

NUMBERS = {
    # mobiles of France and its overseas lands
    "+33612345678": True,
    "+33698765432": True,
    "+33712345678": False,  # 07 1x is not given out
    "+33744123456": True,
    "+33756123456": True,
    "+33783123456": True,
    "+262692123456": True,  # Réunion
    "+262693123456": True,
    "+590690123456": True,  # Guadeloupe
    "+594694123456": True,  # Guyane
    "+596696123456": True,  # Martinique
    "+508551234": True,  # Saint-Pierre-et-Miquelon
    "+681821234": True,  # Wallis-et-Futuna
    "+687751234": True,  # Nouvelle-Calédonie
    "+68987123456": True,  # Polynésie
    # kept for fiction: given to nobody
    "+33639981234": False,
    "+33639980000": False,
    # landlines
    "+33383123456": False,
    "+33142345678": False,
    "+262262123456": False,
    "+590590123456": False,
    "+68940412345": False,
    # VoIP, premium, shared cost, free of charge, short
    "+33970123456": False,
    "+33912345678": False,
    "+33899123456": False,
    "+33892123456": False,
    "+33811123456": False,
    "+33805123456": False,
    "+333949": False,
    # machines
    "+33700012345678": False,
    # countries that are not on the list
    "+32470123456": False,
    "+352621123456": False,
    "+41781234567": False,
    "+491512345678": False,
    "+447911123456": False,
    "+12025550123": False,
    "+37060112345": False,
    "+2250701234567": False,
    "+21261234567": False,
    # what is no number
    "+33": False,
    "": False,
}


def test_forty_numbers_and_more():
    """R43."""
    assert len(NUMBERS) >= 40
    assert {number: takes_codes(number) for number in NUMBERS} == NUMBERS


def test_a_caisse_may_allow_other_countries_and_only_their_mobiles(settings):
    """R43."""
    settings.SMS_COUNTRIES = [33, 352, 1]
    assert takes_codes("+352621123456")
    assert not takes_codes("+35226123456")
    assert not takes_codes("+12025550123")  # nobody knows whether it is a mobile
    assert not takes_codes("+262692123456")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+33612345612", "06 •• •• •• 12"),
        ("+33783123498", "07 •• •• •• 98"),
        ("+262692123456", "+262 •• •• •• 56"),
        ("+352621123456", "+352 •• •• •• 56"),
        ("", ""),
        ("x", "••"),
    ],
)
def test_a_number_is_masked_but_for_what_its_holder_recognises(number, shown):
    assert masked(number) == shown.replace(" ", "\u00a0")
