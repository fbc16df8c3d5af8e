"""Going through the steps of a draft: leaving, coming back, being told early."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from intemperies.models import Stoppage
from tests.intemperies.declaring import MONDAY, address, chosen, draft_by, lost, read, stop, version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_what_is_typed_is_recorded_when_one_leaves_for_later(browser, site, worksite, mason):
    draft = draft_by(browser, worksite, mason)
    later = {"do": "later"}
    hours = lost(draft, {MONDAY: "6,5"}) | {"version": version(draft)} | later
    assert browser.post(address(site, "heures/", draft.pk), hours)["Location"] == address(site, "", draft.pk)
    assert [row.hours for row in draft.lines.get().lost_hours.all()] == [Decimal("6.5")]
    people = chosen(mason, wage="15,00") | {"version": version(draft)} | later
    left = browser.post(address(site, "salaries/", draft.pk), people)
    assert left["Location"] == address(site, "", draft.pk)
    assert draft.lines.get().wage == 15


def test_who_leaves_before_choosing_anybody_is_not_kept(browser, site, worksite):
    browser.post(address(site, "nouveau/"), stop(worksite))
    draft = Stoppage.objects.get()
    left = browser.post(address(site, "salaries/", draft.pk), {"do": "later", "version": version(draft)})
    assert left["Location"] == address(site, "", draft.pk)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"cause": "acces"}, "activité partielle"),
        ({"cause": "canicule", "vigilance": "orange"}, "en dehors de la veille saisonnière"),
    ],
)
def test_what_a_rule_refuses_of_the_stop_is_told_before_anybody_is_chosen(
    browser, site, worksite, typed, said
):
    page = browser.post(address(site, "nouveau/"), stop(worksite, **typed), follow=True)
    assert page.redirect_chain[-1][0].endswith("/salaries/")
    assert said in read(page)


def test_any_step_of_a_draft_is_at_hand(browser, site, worksite, mason):
    draft = draft_by(browser, worksite, mason)
    page = read(browser.get(address(site, "arret/", draft.pk)))
    for step in ("salaries/", "heures/", "controles/", "envoi/"):
        assert f'href="{address(site, step, draft.pk)}"' in page


def test_what_was_typed_is_found_again_after_adding_a_worksite(browser, site, worksite):
    left = browser.post(address(site, "nouveau/"), stop(worksite, do="worksite", work="ferraillage"))
    assert left["Location"] == address(site, "chantiers/nouveau/") + f"?next={address(site, 'nouveau/')}"
    typed = {"name": "Halle", "address": "1 rue", "postal_code": "54000", "town": "NANCY", "trade": "GO"}
    back = browser.post(left["Location"], typed | {"next": address(site, "nouveau/")})
    assert back["Location"] == address(site, "nouveau/")
    page = read(browser.get(address(site, "nouveau/")))
    assert 'value="ferraillage"' in page
    assert 'value="12/01/2026"' in page
    assert re.search(r'<option value="[0-9]+" selected>Halle', page)
    assert 'value="ferraillage"' not in read(browser.get(address(site, "nouveau/")))
