"""What the bench makes of what it measured."""

import datetime as dt

import pytest

from bench import importing, night, pages, report, rights, signing_in
from bench.figures import Aim, Figure, Section, ratio_of_rounds
from bench.importing import Run
from bench.weight import Files, Weight

DAY = dt.date(2026, 3, 1)
LEAST = Aim("≥ 0.3", at_least=0.3)


def page_of(*figures):
    return report.written([Section("Pages", "How.", figures)], {"Python": "3.11"}, DAY)


def missed(figures):
    return [figure.name for figure in figures if figure.missed]


@pytest.mark.parametrize(
    ("aim", "met", "not_met"),
    [
        (Aim("≥ 0.3", at_least=0.3), 0.3, 0.299),
        (Aim("≤ 8", at_most=8), 8, 9),
        (Aim("< 30 kB", under=30_000), 29_999, 30_000),
    ],
)
def test_an_aim_is_met_up_to_its_bound(aim, met, not_met):
    assert aim.met_by(met)
    assert not aim.met_by(not_met)


def test_the_report_says_beside_each_figure_whether_its_aim_is_met():
    text = page_of(Figure("home / bare page", 0.4, "0.40", LEAST), Figure("slow / bare", 0.2, "0.20", LEAST))
    assert "| home / bare page | 0.40 | ≥ 0.3 | met |" in text
    assert "| slow / bare | 0.20 | ≥ 0.3 | **NOT MET** |" in text
    assert "1 of 2 aims NOT MET" in text


def test_the_report_says_its_day_and_its_machine_and_that_all_is_well():
    text = page_of(Figure("home / bare page", 0.4, "0.40", LEAST), Figure("home", 200, "200 rps"))
    assert "Aims met: 1 of 1." in text
    assert "2026-03-01" in text
    assert "- Python: 3.11" in text


def test_a_figure_without_an_aim_misses_none():
    assert report.missed([Section("Pages", "How.", [Figure("home", 1, "1 rps")])]) == []


def test_a_ratio_is_of_the_same_round_so_that_a_slow_machine_does_not_tell():
    quiet, busy = [100.0, 100.0, 10.0, 10.0], [200.0, 200.0, 20.0, 20.0]
    assert ratio_of_rounds(quiet, busy) == 0.5
    with pytest.raises(ValueError, match="zip"):
        ratio_of_rounds(quiet, busy[:3])


def test_pages_are_held_against_the_bare_and_the_framed_page():
    rates = {
        pages.BARE: [1000.0], pages.FRAMED: [500.0], pages.HOME: [340.0], pages.FEW: [200.0],
        pages.MANY: [150.0], pages.PROFILE: [300.0],
    }  # fmt: skip
    assert missed(pages.speeds(rates)) == ["home / framed page", f"{pages.MANY} / {pages.FEW}"]


def test_a_page_may_make_eight_queries():
    assert missed(pages.counts({"home": 8, "list": 9})) == ["list"]


def test_a_first_view_counts_static_files_and_the_next_ones_do_not():
    light, heavy = Weight(90_000, 29_000, 100_000), Weight(90_000, 31_000, 130_000)
    assert missed(pages.heaviness({"light": light})) == []
    assert missed(pages.heaviness({"heavy": heavy})) == ["heavy, first view", "heavy, then"]


def test_a_sign_in_may_take_five_milliseconds_more_than_djangos():
    assert missed(signing_in.figures([35.0, 84.9, 99.0], [30.0, 80.1, 29.0])) == []
    assert missed(signing_in.figures([35.1], [30.0])) == ["more than Django's"]


def test_an_import_is_fast_and_its_memory_does_not_grow_with_its_lines():
    small = [Run(6000, 70e6)]
    assert missed(importing.figures(small, [Run(6000, 75e6)])) == []
    assert len(missed(importing.figures(small, [Run(4999, 90e6)]))) == 2


def test_the_files_of_a_page_are_counted_once_and_data_addresses_never():
    files = Files()
    files.feed(
        '<link rel="icon" href="data:image/svg+xml,x"><link rel="stylesheet" href="/static/a.css">'
        '<script src="/static/b.js" defer></script><img src="/static/c.png"><a href="/page/">'
        '<link rel="stylesheet" href="/static/a.css">'
    )
    assert files.found == ["/static/a.css", "/static/b.js", "/static/c.png"]


def decided(**changes):
    told = {
        "ours": "the portal", "queries": {"the portal": 1}, "plan": ["Index Scan using delegation_held"],
        "allows": [0.5, 0.6], "has_perm": [4.0, 4.0], "empty": [3.0, 3.0], "load": 1.2,
        "first": {"the portal": [500.0, 600.0], "rules": [900.0, 800.0]},
        "again": {"the portal": [1.0, 1.0], "rules": [5.0, 4.0]},
    }  # fmt: skip
    return told | changes


def test_a_right_is_decided_by_one_indexed_query_faster_than_by_any_library():
    assert missed(rights.figures(decided())) == []
    slow = {"the portal": [1000.0, 1000.0], "rules": [900.0, 800.0]}
    assert missed(rights.figures(decided(first=slow))) == [f"the portal / rules, {rights.NAMES['first']}"]
    assert missed(rights.figures(decided(again=slow))) == [f"the portal / rules, {rights.NAMES['again']}"]
    assert missed(rights.figures(decided(queries={"the portal": 2}))) == ["SQL queries, first decision"]
    plan = ["Hash Join", "->  Seq Scan on delegations_delegation"]
    assert missed(rights.figures(decided(plan=plan))) == ["tables read from end to end"]


def test_asking_through_django_costs_half_as_much_again_as_an_empty_backend_at_most():
    dear = rights.figures(decided(has_perm=[4.6, 4.6], allows=[2.0]))
    assert missed(dear) == ["`request.access.allows`", "`user.has_perm` / empty backend"]


def test_a_night_takes_less_than_half_a_minute_and_no_more_memory_for_more_ends():
    few, many, none = ({"seconds": seconds, "peak": 90e6} for seconds in (3, 11, 0.1))
    assert missed(night.figures([few, many, none])) == []
    assert missed(night.figures([few, many | {"seconds": 30}, none])) == [
        "10,000 ends among 1,000,000 delegations"
    ]
    assert missed(night.figures([few, many | {"peak": 120e6}, none])) == ["peak for 10,000 / peak for 2,500"]
