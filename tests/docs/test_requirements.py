"""The page of requirements says what the tests show, and no requirement is forgotten."""

from tests.requirements_table import PAGE, numbers_in, requirements, shown, written


def test_the_page_is_what_the_tests_say():
    assert PAGE.read_text(encoding="utf-8") == written(), "run python -m tests.requirements_table"


def test_every_requirement_has_a_test_or_a_reason():
    found = shown()
    assert [one.number for one in requirements() if not one.left and one.number not in found] == []


def test_a_reason_goes_when_a_test_comes_unless_it_says_what_the_test_does_not_show():
    found = shown()
    told = [one for one in requirements() if one.left]
    assert [one.number for one in told if one.is_partly_shown is not (one.number in found)] == []


def test_a_range_names_each():
    assert list(numbers_in("(R06–R08, R12)")) == ["R06", "R07", "R08", "R12"]
    assert list(numbers_in("R01-R02 and R200, PR12")) == ["R01", "R02"]
