"""The algebra of rights: laws that hold for every matrix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delegations import choices
from delegations.matrix import LevelNotAllowed, RightsMatrix, everything
from portal.access.features import UnknownFeature, all_features
from portal.access.levels import Access, College


@st.composite
def matrices(draw):
    levels = {}
    for row in all_features():
        colleges = list(College) if row.per_college else [None]
        for college in colleges:
            levels[row.code, college] = draw(
                st.sampled_from([level for level in Access if level <= row.highest])
            )
    return RightsMatrix.of(levels)


@given(matrices(), matrices(), matrices())
def test_meet_is_commutative_associative_and_idempotent(a, b, c):
    assert a.meet(b) == b.meet(a)
    assert a.meet(b).meet(c) == a.meet(b.meet(c))
    assert a.meet(a) == a


@given(matrices(), matrices())
def test_meet_is_the_greatest_matrix_below_both(a, b):
    met = a.meet(b)
    assert met <= a
    assert met <= b
    assert (a <= b) == (met == a)


@given(matrices(), matrices())
def test_join_is_above_both_and_absorbs(a, b):
    assert a <= a.join(b)
    assert b <= a.join(b)
    assert a.meet(a.join(b)) == a


@given(matrices(), matrices())
def test_the_level_of_a_met_cell_is_the_lower_of_the_two(a, b):
    met = a.meet(b)
    for row in all_features():
        for college in College:
            assert met.level(row, college) == min(a.level(row, college), b.level(row, college))


@given(matrices())
def test_everything_is_above_every_matrix_and_nothing_below(a):
    assert a <= everything()
    assert RightsMatrix() <= a
    assert a.read_only() <= a


@given(matrices(), matrices(), matrices())
def test_join_is_commutative_associative_and_idempotent(a, b, c):
    assert a.join(b) == b.join(a)
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(a) == a


@given(matrices(), matrices(), matrices())
def test_each_absorbs_and_distributes_over_the_other(a, b, c):
    assert a.meet(a.join(b)) == a == a.join(a.meet(b))
    assert a.meet(b.join(c)) == a.meet(b).join(a.meet(c))
    assert a.join(b.meet(c)) == a.join(b).meet(a.join(c))


@given(matrices(), matrices(), matrices())
def test_the_order_is_antisymmetric_and_transitive(a, b, c):
    assert a <= a
    assert a == b or not (a <= b and b <= a)
    low, high = a.meet(b).meet(c), a.join(b)
    assert low <= a <= high
    assert low <= high


colleges = st.frozensets(st.sampled_from(College))


@given(matrices(), colleges, colleges)
def test_restricting_is_meeting_with_a_mask(a, some, others):
    mask = everything().restricted_to(some)
    assert a.restricted_to(some) == a.meet(mask)
    assert a.restricted_to(some).restricted_to(others) == a.restricted_to(some & others)
    assert a.restricted_to(College) == a
    assert a.restricted_to(some).colleges() == a.colleges() & some
    for row in all_features():
        if not row.per_college:
            assert all(a.restricted_to(some).level(row, one) == a.level(row, one) for one in College)


@given(matrices(), matrices())
def test_reading_only_takes_writing_away_and_nothing_else(a, b):
    low = a.read_only()
    for row, college, level in a.cells():
        assert low.level(row, college) == min(level, Access.READ)
    assert low.read_only() == low
    assert a.meet(b).read_only() == low.meet(b.read_only())


@given(matrices(), st.booleans())
def test_the_radios_say_the_matrix_and_the_matrix_comes_back(a, apart):
    distinguished = apart or a.distinguishes()
    told = choices.of_matrix(a, distinguished=distinguished)
    back = choices.matrix_of(told, a.colleges(), everything(), distinguished=distinguished)
    assert back == a


@given(matrices(), matrices())
def test_whatever_the_radios_offer_within_a_firm_it_holds(offered, asked):
    told = choices.of_matrix(asked.meet(offered), distinguished=False)
    given_on = choices.matrix_of(told, offered.colleges(), offered, distinguished=False)
    assert given_on <= offered


def test_a_row_that_cannot_be_written_refuses_writing():
    with pytest.raises(LevelNotAllowed):
        RightsMatrix.of({("adherents.statement", None): Access.WRITE})


def test_a_row_that_does_not_vary_refuses_a_college():
    with pytest.raises(LevelNotAllowed):
        RightsMatrix.of({("adherents.profile", College.ETAM): Access.READ})


def test_writing_without_reading_cannot_be_made():
    with pytest.raises(LevelNotAllowed):
        RightsMatrix(read_bits=0, write_bits=1)


def test_an_unknown_row_raises():
    with pytest.raises(UnknownFeature):
        RightsMatrix.of({("adherents.nothing", None): Access.READ})
