"""Two people at the same instant on one stop: sent once, begun once, cancelled or corrected, not both."""

from __future__ import annotations

import pytest
import time_machine

from intemperies import sending
from intemperies.models import LostHours, State, Stoppage
from portal.journal.models import Entry
from tests.factories import SiteFactory, WorksiteFactory, employee_of, owner_of
from tests.intemperies.declaring import (
    MONDAY,
    NOON,
    SIGNED,
    address,
    browser_of,
    draft_by,
    lost,
    sent_by,
    stop,
    version,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _in_january():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def browsers(site):
    return [browser_of(owner_of(site)) for _ in range(2)]


@pytest.fixture
def draft(site, browsers):
    return draft_by(browsers[0], WorksiteFactory(site=site), employee_of(site))


def test_a_double_click_on_sending_sends_once(site, browsers, draft, at_once):
    signed, page = SIGNED | {"version": version(draft)}, address(site, "envoi/", draft.pk)
    answers = at_once(*[lambda browser=browser: browser.post(page, signed) for browser in browsers * 2])
    assert {answer["Location"] for answer in answers} == {address(site, "", draft.pk)}
    assert Stoppage.objects.get().state == State.SENT
    assert Entry.objects.filter(action="stoppage.sent").count() == 1


def test_without_its_version_it_would_be_sent_twice(site, browsers, draft, at_once, monkeypatch):
    """That the test above can fail."""

    monkeypatch.setattr(sending, "_as_read", lambda draft: Stoppage.objects.filter(pk=draft.pk))
    signed, page = SIGNED | {"version": version(draft)}, address(site, "envoi/", draft.pk)
    at_once(*[lambda browser=browser: browser.post(page, signed) for browser in browsers * 2])
    assert Entry.objects.filter(action="stoppage.sent").count() > 1


def test_a_double_click_begins_one_draft(site, browsers, at_once):
    typed, page = stop(WorksiteFactory(site=site)), address(site, "nouveau/")
    answers = at_once(*[lambda: browsers[0].post(page, typed)] * 4)
    draft = Stoppage.objects.get()
    assert {answer["Location"] for answer in answers} == {address(site, "salaries/", draft.pk)}


def test_of_two_colleagues_who_begin_one_week_at_once_the_second_is_shown_the_first(site, browsers, at_once):
    typed, page = stop(WorksiteFactory(site=site)), address(site, "nouveau/")
    answers = at_once(*[lambda browser=browser: browser.post(page, typed) for browser in browsers])
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    assert Stoppage.objects.count() == 1


def test_of_two_grids_sent_at_once_one_is_kept_whole(site, browsers, draft, at_once):
    shown, page = version(draft), address(site, "heures/", draft.pk)
    grids = [lost(draft, {MONDAY: hours}) | {"version": shown} for hours in ("3", "4")]
    first, second = at_once(*[
        lambda browser=browser, grid=grid: browser.post(page, grid)
        for browser, grid in zip(browsers, grids, strict=True)
    ])  # fmt: skip
    assert sorted([first.status_code, second.status_code]) == [302, 409]
    assert LostHours.objects.get().hours == (3 if first.status_code == 302 else 4)


def test_what_is_cancelled_while_its_correction_is_sent_is_one_or_the_other(site, browsers, draft, at_once):
    sent = sent_by(browsers[0], draft)
    browsers[0].post(address(site, "corriger/", sent.pk))
    correction = Stoppage.objects.latest("pk")
    signed = SIGNED | {"version": version(correction)}
    at_once(
        lambda: browsers[0].post(address(site, "envoi/", correction.pk), signed),
        lambda: browsers[1].post(address(site, "annuler/", sent.pk), {"reason": "Erreur"}),
    )
    sent.refresh_from_db()
    correction.refresh_from_db()
    assert correction.state == State.SENT
    assert sent.state in (State.CANCELLED, State.REPLACED)
    assert (sent.reason == "Erreur") == (sent.state == State.CANCELLED)


def test_what_is_thrown_away_while_it_is_sent_is_one_or_the_other(site, browsers, draft, at_once):
    signed = SIGNED | {"version": version(draft)}
    at_once(
        lambda: browsers[0].post(address(site, "envoi/", draft.pk), signed),
        lambda: browsers[1].post(address(site, "supprimer/", draft.pk)),
    )
    left = list(Stoppage.objects.values_list("state", flat=True))
    assert left in ([], [State.SENT])
    assert Entry.objects.filter(action="stoppage.sent").count() == len(left)


def test_what_is_sent_while_a_colleague_writes_its_hours_says_the_hours_that_it_holds(
    site, browsers, draft, at_once
):
    signed, hours = SIGNED | {"version": version(draft)}, lost(draft, {MONDAY: "3"})
    at_once(
        lambda: browsers[0].post(address(site, "envoi/", draft.pk), signed),
        lambda: browsers[1].post(address(site, "heures/", draft.pk), hours | {"version": version(draft)}),
    )
    draft.refresh_from_db()
    held = sum(LostHours.objects.values_list("hours", flat=True))
    assert held == (12 if draft.state == State.SENT else 3)
    assert [line["lost"] for line in draft.said.get("lines", {}).values()] == ["12.00"] * draft.is_sent


def test_of_one_employees_hours_on_two_worksites_sent_at_once_one_alone_is_sent(site, browsers, at_once):
    person = employee_of(site)
    drafts = [draft_by(browsers[0], WorksiteFactory(site=site), person) for _ in range(2)]
    at_once(
        *[
            lambda browser=browser, draft=draft: browser.post(
                address(site, "envoi/", draft.pk), SIGNED | {"version": version(draft)}
            )
            for browser, draft in zip(browsers, drafts, strict=True)
        ]
    )
    assert Stoppage.objects.sent().count() == 1


def test_without_its_employees_locked_both_would_be_sent(site, browsers, at_once, monkeypatch):
    """That the test above can fail."""
    monkeypatch.setattr(sending, "_held_lines_of", sending.lines_of)
    sent = 0
    for _ in range(8):
        person = employee_of(site)
        drafts = [draft_by(browsers[0], WorksiteFactory(site=site), person) for _ in range(2)]
        at_once(
            *[
                lambda browser=browser, draft=draft: browser.post(
                    address(site, "envoi/", draft.pk), SIGNED | {"version": version(draft)}
                )
                for browser, draft in zip(browsers, drafts, strict=True)
            ]
        )
        sent = max(sent, Stoppage.objects.sent().filter(lines__employee=person).count())
    assert sent == 2
