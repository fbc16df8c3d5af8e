"""The rows of the matrix are those of the catalogue, in its order."""

import csv
from pathlib import Path

import pytest

from portal.access import features
from portal.access.features import Feature, FeatureClash, Group, UnknownFeature
from portal.access.levels import Access, College

TEXT = (Path(__file__).parent / "features.csv").read_text(encoding="utf-8")
CATALOGUE = list(csv.DictReader(TEXT.splitlines()))


def test_every_row_of_the_catalogue_is_registered_in_its_order():
    registered = [
        {
            "group": row.group.value,
            "label": row.label.replace("’", "'"),
            "code": row.code,
            "writable": "yes" if row.writable else "no",
            "per_college": "yes" if row.per_college else "no",
        }
        for row in features.all_features()
    ]
    assert registered == CATALOGUE
    assert len(registered) == 17


def test_no_two_rows_share_a_cell():
    masks = [row.mask for row in features.all_features()]
    assert sum(masks) == masks[0] | sum(masks[1:])
    for first in range(len(masks)):
        for second in range(first):
            assert not masks[first] & masks[second]


def test_a_row_has_one_cell_per_college_within_its_mask():
    for row in features.all_features():
        cells = [row.cell(college) for college in College]
        assert sum(cells) == row.mask


def test_a_slot_that_is_taken_is_refused():
    taken = features.all_features()[0].slot
    with pytest.raises(FeatureClash):
        features.register([Feature("x.y", "X", Group.COMPANY, taken, writable=True, per_college=False)])


def test_a_slot_beyond_the_bit_field_is_refused():
    with pytest.raises(FeatureClash):
        features.register([Feature("x.y", "X", Group.COMPANY, 21, writable=True, per_college=False)])


def test_an_unknown_code_raises_rather_than_answering():
    with pytest.raises(UnknownFeature):
        features.get("adherents.nothing")


def test_a_permission_name_leads_to_its_feature_and_level():
    found = features.asked_by("intemperies.write_stoppage")
    assert found is not None
    assert (found[0].code, found[1]) == ("intemperies.stoppage", Access.WRITE)
    assert features.asked_by("adherents.view_site") is None
