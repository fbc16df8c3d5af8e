"""A stop of more than four weeks is typed four weeks at a time, and no hour of it is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from intemperies.models import LostHours, Stoppage
from intemperies.views import steps
from portal import clock
from tests.factories import employee_of, line_of, owner_of, stoppage_of
from tests.intemperies.declaring import address, browser_of, lost, read, stop, version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

FIRST, LAST = dt.date(2025, 12, 3), dt.date(2026, 1, 11)  # forty days, a Wednesday to a Sunday
OF_ONE, OF_TWO = dt.date(2025, 12, 28), dt.date(2025, 12, 29)  # a Sunday, a Monday


def instant(day, hour=8):
    return clock.at(day, dt.time(hour))


@pytest.fixture
def draft(site, worksite, mason):
    """Of the mason and of KELLER, who lost five hours on the first day and on the last."""
    made = stoppage_of(site, worksite=worksite, periods=[(instant(FIRST), instant(LAST, 17))])
    for employee in (mason, employee_of(site, last_name="KELLER")):
        line_of(made, employee, {FIRST: Decimal(5), LAST: Decimal(5)})
    return made


def part(draft, number):
    return address(draft.site, "heures/", draft.pk) + (f"?semaines={number}" if number > 1 else "")


def recorded(draft):
    """By day, the hours of its lines."""
    found = {}
    for row in LostHours.objects.filter(line__stoppage=draft).order_by("day", "line"):
        found.setdefault(row.day, []).append(int(row.hours))
    return found


def days_shown(page):
    """The days of the row « Pour tous »."""
    found = [dt.date.fromisoformat(each[:8]) for each in page.split('name="tous_')[1:]]
    return found[0], found[-1], len(found)


# --- what is shown ---------------------------------------------------------------------------------------


def test_a_part_is_four_weeks_from_the_monday_of_the_first_day(browser, draft):
    first, second = (read(browser.get(part(draft, number))) for number in (1, 2))
    assert days_shown(first) == (FIRST, OF_ONE, 26)
    assert days_shown(second) == (OF_TWO, LAST, 14)


def test_a_line_says_which_part_is_shown_and_leads_to_the_others(browser, draft):
    first, second = (read(browser.get(part(draft, number))) for number in (1, 2))
    assert "Du 3 au 28 décembre 2025, partie 1 sur 2" in first
    assert "Du 29 décembre 2025 au 11 janvier 2026, partie 2 sur 2" in second
    assert f'href="{part(draft, 2)}"' in first
    assert f'href="{part(draft, 1)}"' in second


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2025-12-01", "2026-01-05", "Du 1er au 28 décembre 2025, partie 1 sur 2"),
        ("2025-12-05", "2026-01-05", "Du 5 au 28 décembre 2025, partie 1 sur 2"),
        ("2025-11-10", "2025-12-08", "Du 10 novembre au 7 décembre 2025, partie 1 sur 2"),
        ("2025-12-28", "2026-01-19", "Le 19 janvier 2026, partie 2 sur 2"),
    ],
)
def test_the_days_of_a_part_are_said_in_words(browser, site, first, last, said):
    first, last = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    draft = stoppage_of(site, employee_of(site), periods=[(instant(first), instant(last, 17))])
    assert said in read(browser.get(part(draft, int(said[-7]))))


def test_a_stop_that_fits_in_four_weeks_is_shown_as_one(browser, site):
    periods = [(instant(dt.date(2025, 12, 1)), instant(OF_ONE, 17))]
    page = read(browser.get(part(stoppage_of(site, employee_of(site), periods=periods), 1)))
    assert days_shown(page)[2] == 28
    assert "partie" not in page
    assert "semaines" not in page


@pytest.mark.parametrize("asked", ["0", "3", "zzz", "²", "-1", "", "99999999999999999999"])
def test_a_part_that_is_none_is_the_first(browser, draft, asked):
    page = browser.get(f"{part(draft, 1)}?semaines={asked}")
    assert page.status_code == 200
    assert days_shown(read(page))[0] == FIRST


def test_of_a_draft_begun_long_ago_the_parts_nearby_are_led_to(browser, site):
    long_ago = instant(dt.date(2000, 1, 3))
    draft = stoppage_of(site, employee_of(site, hired_on=dt.date(1999, 1, 1)), periods=[(long_ago, None)])
    page = read(browser.get(part(draft, 1)))
    assert "partie 1 sur 340" in page
    assert page.count("?semaines=") < 40
    assert 'semaines=340"' in page


# --- what is recorded ------------------------------------------------------------------------------------


def test_each_part_leads_to_the_next_and_the_last_to_the_checks(browser, draft):
    sent = lost(draft, {FIRST: "7"}) | {"version": version(draft)}
    assert browser.post(part(draft, 1), sent)["Location"] == part(draft, 2)
    sent = lost(draft, {LAST: "7"}) | {"version": version(draft)}
    assert browser.post(part(draft, 2), sent)["Location"] == address(draft.site, "controles/", draft.pk)


def test_the_whole_grid_of_a_long_stop_is_recorded_part_by_part(browser, draft):
    """The forty days that lost their last nine when they were one page."""
    days = [FIRST + dt.timedelta(days=rank) for rank in range(40)]
    for number, shown in ((1, days[:26]), (2, days[26:])):
        sent = lost(draft, dict.fromkeys(shown, "7")) | {"version": version(draft)}
        assert browser.post(part(draft, number), sent).status_code == 302
    assert recorded(draft) == {day: [7, 7] for day in days}


def test_a_part_touches_its_own_days_only(browser, draft):
    browser.post(part(draft, 1), lost(draft, {FIRST: "", OF_ONE: "3"}) | {"version": version(draft)})
    assert recorded(draft) == {OF_ONE: [3, 3], LAST: [5, 5]}
    browser.post(part(draft, 2), lost(draft, {OF_TWO: "4", LAST: ""}) | {"version": version(draft)})
    assert recorded(draft) == {OF_ONE: [3, 3], OF_TWO: [4, 4]}


def test_a_field_of_a_day_of_another_part_is_ignored(browser, draft):
    sent = lost(draft, {FIRST: "7", OF_TWO: "7", LAST: "7"}) | {"version": version(draft)}
    assert browser.post(part(draft, 1), sent).status_code == 302
    assert recorded(draft) == {FIRST: [7, 7], LAST: [5, 5]}


def test_what_is_wrong_in_a_part_is_said_there_and_the_form_goes_on_to_that_part(browser, draft):
    answer = browser.post(part(draft, 2), lost(draft, {LAST: "douze"}) | {"version": version(draft)})
    page = read(answer)
    assert answer.status_code == 422
    assert "partie 2 sur 2" in page
    assert f'action="{part(draft, 2)}"' in page
    assert page.count('value="douze"') == 2


def test_the_row_for_all_fills_the_part_shown(browser, draft):
    sent = lost(draft, {OF_TWO: ""}) | {
        f"tous_{OF_TWO:%Y%m%d}": "5,5",
        "do": "fill",
        "version": version(draft),
    }
    page = read(browser.post(part(draft, 2), sent))
    assert page.count('value="5,5"') == 3
    assert f'action="{part(draft, 2)}"' in page
    assert recorded(draft) == {FIRST: [5, 5], LAST: [5, 5]}


def test_hours_of_a_day_that_no_stop_touches_any_more_go_with_any_part(browser, draft):
    """The checks ask to erase them, and no part shows them."""
    outside = LAST + dt.timedelta(days=3)
    LostHours.objects.create(line=draft.lines.first(), day=outside, hours=2)
    browser.post(part(draft, 1), lost(draft, {FIRST: "7"}) | {"version": version(draft)})
    assert recorded(draft) == {FIRST: [7, 7], LAST: [5, 5]}


def test_an_open_stop_gains_a_part_when_its_four_weeks_are_over(browser, site, mason):
    draft = stoppage_of(site, mason, periods=[(instant(dt.date(2025, 12, 23)), None)])
    page = part(draft, 1)
    assert days_shown(read(browser.get(page))) == (dt.date(2025, 12, 23), dt.date(2026, 1, 18), 27)
    with time_machine.travel("2026-01-17T12:00:00+01:00", tick=False):
        again = browser_of(owner_of(site))
        assert "partie" not in read(again.get(page))


# --- two people ------------------------------------------------------------------------------------------


def test_a_part_that_a_colleague_wrote_meanwhile_is_shown_again_with_what_was_typed(browser, site, draft):
    colleague = browser_of(owner_of(site, first_name="Nadia", last_name="Benali"))
    shown = version(draft)
    colleague.post(part(draft, 2), lost(draft, {LAST: "3"}) | {"version": shown})
    answer = browser.post(part(draft, 2), lost(draft, {OF_TWO: "6", LAST: "7"}) | {"version": shown})
    page = read(answer)
    assert answer.status_code == 409
    assert "Nadia Benali a modifié ce brouillon" in page
    assert "partie 2 sur 2" in page
    assert page.count('value="6"') == page.count("enregistré : 3") == 2
    again = lost(draft, {OF_TWO: "6", LAST: "7"}) | {"version": version(draft)}
    assert browser.post(part(draft, 2), again).status_code == 302
    assert recorded(draft) == {FIRST: [5, 5], OF_TWO: [6, 6], LAST: [7, 7]}


def test_hours_typed_for_days_that_a_colleague_moved_away_are_told_of(browser, site, worksite, draft):
    """Begun three weeks later, the stop has one part: what was typed before is not in it."""
    shown = version(draft)
    begun_later(browser, draft, worksite, "24/12/2025")
    sent = lost(draft, {FIRST: "6", OF_ONE: "7"}) | {"version": shown}
    answer = browser.post(part(draft, 1), sent)
    page = read(answer)
    assert answer.status_code == 409
    assert "MEYER Zoé, mercredi 03/12 : 6" in page
    assert "KELLER Zoé, mercredi 03/12 : 6" in page
    assert page.count('value="7"') == 2
    assert "dimanche 28/12 : 7" not in page


def test_so_are_they_when_he_does_between_the_reading_and_the_writing(browser, worksite, draft, monkeypatch):
    shown = version(draft)

    def meanwhile(request):
        monkeypatch.undo()
        begun_later(browser_of(owner_of(draft.site)), draft, worksite, "24/12/2025")
        return int(shown)

    monkeypatch.setattr(steps, "sent_version", meanwhile)
    answer = browser.post(part(draft, 1), lost(draft, {FIRST: "6"}) | {"version": shown})
    assert answer.status_code == 409
    assert "MEYER Zoé, mercredi 03/12 : 6" in read(answer)
    assert days_shown(read(answer))[0] == dt.date(2025, 12, 24)


def test_so_are_those_of_an_employee_whom_a_colleague_took_away(browser, draft):
    shown = version(draft)
    sent = lost(draft, {FIRST: "6"}) | {"version": shown}
    draft.lines.get(employee__last_name="KELLER").delete()
    Stoppage.objects.update(version=draft.version + 1)
    assert "Un salarié retiré de l’arrêt, mercredi 03/12 : 6" in read(browser.post(part(draft, 1), sent))


@pytest.mark.parametrize("also", [{"do": "fill"}, {f"h_0_{FIRST:%Y%m%d}": ""}])
def test_a_page_shown_again_still_says_which_version_it_began_with(browser, worksite, draft, also):
    """Filled or wrong, it would else be recorded over what a colleague wrote, without a word."""
    shown = version(draft)
    begun_later(browser, draft, worksite, "10/12/2025")
    typed = "6" if "do" in also else "douze"
    sent = lost(draft, {FIRST: "6", OF_ONE: typed}) | {"version": shown} | also
    page = read(browser.post(part(draft, 1), sent))
    assert f'name="version" value="{shown}"' in page
    assert "MEYER Zoé, mercredi 03/12 : 6" in page
    assert browser.post(part(draft, 1), lost(draft, {OF_ONE: "6"}) | {"version": shown}).status_code == 409


def begun_later(browser, draft, worksite, day):
    """A colleague, or another window, moves the stop."""
    last = {"resume_day_0": f"{LAST:%d/%m/%Y}", "resume_time_0": "17 h"}
    moved = stop(worksite, stop_day_0=day, version=version(draft), **last)
    assert browser.post(address(draft.site, "arret/", draft.pk), moved).status_code == 302


# --- « Pour tous » that nobody applied -------------------------------------------------------------------


def test_a_row_for_all_that_filled_no_cell_is_not_left_without_a_word(browser, draft):
    sent = lost(draft, {FIRST: "7"}) | {f"tous_{OF_ONE:%Y%m%d}": "7", "version": version(draft)}
    answer = browser.post(part(draft, 1), sent)
    assert answer.status_code == 422
    assert "Pour tous, dimanche 28/12" in read(answer)
    assert f'href="#tous_{OF_ONE:%Y%m%d}"' in read(answer)
    assert recorded(draft) == {FIRST: [5, 5], LAST: [5, 5]}


def test_a_row_for_all_beside_its_filled_cells_is_recorded_with_them(browser, draft):
    one = draft.lines.first()
    sent = {f"h_{one.pk}_{FIRST:%Y%m%d}": "7", f"tous_{FIRST:%Y%m%d}": "7", "version": version(draft)}
    assert browser.post(part(draft, 1), sent).status_code == 302
    assert recorded(draft) == {FIRST: [7], LAST: [5, 5]}
