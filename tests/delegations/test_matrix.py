"""The algebra of rights: laws that hold for every matrix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
