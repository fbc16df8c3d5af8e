"""Every address × every persona × GET and POST, as `policy.txt` says (R51, R52, R71)."""

from __future__ import annotations

import pytest

from tests.access import policy
from tests.access.world import PERSONAS, routes

ROUTES = list(routes())
NEVER = ("PUT", "PATCH", "DELETE", "PROPFIND")
HIGHEST = ("owner", "superuser")


def test_every_address_has_its_lines_in_the_policy_and_no_line_outlives_its_address():
    assert sorted(policy.written()) == ROUTES


@pytest.mark.parametrize("route", ROUTES)
def test_an_address_answers_each_persona_as_the_policy_says(world, route):
    """R49."""
    told = []
    for method in policy.METHODS:
        answers = tuple(policy.observed(world, route, method, one) for one in PERSONAS)
        told.append(policy.Line(route, method, answers))
    expected = policy.written().get(route, [])
    shown = "\n".join(map(str, told))
    assert told == expected, f"policy.txt says otherwise; if this is right, write:\n/{route}\n{shown}"


def test_no_other_method_is_taken_anywhere(world):
    for route in ROUTES:
        for method in NEVER:
            assert policy.observed(world, route, method, "superuser") == "405", (route, method)


@pytest.mark.parametrize("persona", HIGHEST)
def test_asking_for_the_heads_alone_answers_as_getting_does(world, persona):
    for route in ROUTES:
        heads, page = (policy.observed(world, route, method, persona) for method in ("HEAD", "GET"))
        assert heads == page, route
