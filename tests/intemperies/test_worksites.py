"""What is done to a worksite is a line of the journal: who, what, from what to what."""

from __future__ import annotations

import pytest

from intemperies import worksite_changes
from intemperies.models import Worksite
from portal.journal.models import Entry, Kind
from portal.origin import COMMAND
from tests.intemperies.declaring import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

PLAIN = {
    "name": "École Jules-Ferry",
    "address": "3 rue du Moulin",
    "postal_code": "54000",
    "town": "NANCY",
    "altitude": "0",
    "trade": "GO",
    "activity": "",
}


def at(site, page):
    return f"/sites/{site.cibtp_id}/intemperies/arrets/chantiers/{page}"


def written(browser, worksite, **typed):
    answer = browser.post(at(worksite.site, f"{worksite.pk}/"), PLAIN | typed)
    assert answer.status_code == 302
    worksite.refresh_from_db()
    return worksite


def situation(browser, worksite, over):
    answer = browser.post(at(worksite.site, f"{worksite.pk}/situation/"), {"over": over})
    assert answer.status_code == 302


def lines():
    return Entry.objects.filter(action__startswith="worksite.").order_by("pk")


def test_a_worksite_that_is_added_is_told_whole(browser, site, owner):
    browser.post(at(site, "nouveau/"), PLAIN | {"altitude": "250", "public_works": "on"})
    line = lines().get()
    assert (line.action, line.kind, line.actor_id) == ("worksite.added", Kind.COMPANY, owner.pk)
    assert (line.cibtp_id, line.channel, line.before) == (site.cibtp_id, "web", None)
    assert line.sentence == "Anaïs Lefèvre ajoute le chantier École Jules-Ferry"
    assert line.after == {
        "name": "École Jules-Ferry",
        "address": "3 rue du Moulin",
        "postal_code": "54000",
        "town": "NANCY",
        "departement": "54",
        "altitude": 250,
        "trade": "GO",
        "activity": "",
        "public_works": True,
    }


def test_one_that_is_changed_tells_what_changed_and_nothing_else(browser, worksite):
    written(browser, worksite, postal_code="57000", town="METZ", altitude="180")
    line = lines().get()
    assert (line.action, line.kind) == ("worksite.changed", Kind.COMPANY)
    assert line.before == {"postal_code": "54000", "town": "NANCY", "departement": "54", "altitude": 0}
    assert line.after == {"postal_code": "57000", "town": "METZ", "departement": "57", "altitude": 180}
    assert (worksite.town, worksite.departement, worksite.altitude) == ("METZ", "57", 180)


def test_one_that_is_renamed_is_told_under_its_former_name(browser, worksite):
    written(browser, worksite, name="Gymnase")
    line = lines().get()
    assert line.sentence == "Anaïs Lefèvre modifie le chantier École Jules-Ferry"
    assert (line.before, line.after) == ({"name": "École Jules-Ferry"}, {"name": "Gymnase"})


def test_one_that_is_saved_as_it_was_leaves_no_line(browser, worksite):
    written(browser, worksite)
    assert not lines().exists()


def test_what_is_refused_leaves_no_line(browser, site, worksite):
    assert browser.post(at(site, f"{worksite.pk}/"), PLAIN | {"postal_code": "97400"}).status_code == 422
    assert browser.post(at(site, "nouveau/"), PLAIN).status_code == 422  # named twice
    assert not lines().exists()


def test_it_is_ended_and_taken_up_again_once_each(browser, worksite):
    for over in ("oui", "oui", "non", "non"):
        situation(browser, worksite, over)
    ended, resumed = lines()
    assert [ended.action, resumed.action] == ["worksite.ended", "worksite.resumed"]
    assert (ended.before, ended.after) == ({"over": False}, {"over": True})
    assert (resumed.before, resumed.after) == ({"over": True}, {"over": False})
    assert ended.sentence == "Anaïs Lefèvre termine le chantier École Jules-Ferry"
    assert resumed.sentence == "Anaïs Lefèvre reprend le chantier École Jules-Ferry"


def test_a_change_typed_while_a_colleague_ended_it_leaves_it_ended(browser, owner, worksite):
    read_before = Worksite.objects.get(pk=worksite.pk)
    situation(browser, worksite, "oui")
    read_before.town = "METZ"
    worksite_changes.change(worksite=read_before, person=owner, origin=COMMAND)
    worksite.refresh_from_db()
    assert (worksite.over, worksite.town) == (True, "METZ")


@pytest.mark.parametrize("page", ["nouveau/", "{}/", "{}/situation/"])
def test_without_its_line_nothing_is_written(browser, site, worksite, monkeypatch, page):
    def failing(*args, **kwargs):
        raise OSError("no journal")

    monkeypatch.setattr(worksite_changes, "record", failing)
    before = list(Worksite.objects.values())
    typed = PLAIN | {"over": "oui", "name": "Gymnase"}
    with pytest.raises(OSError, match="no journal"):
        browser.post(at(site, page.format(worksite.pk)), typed)
    assert list(Worksite.objects.values()) == before


def test_its_administrateurs_read_it_in_the_journal_in_words(browser, site, worksite):
    written(browser, worksite, trade="SO", altitude="180", public_works="on")
    situation(browser, worksite, "oui")
    page = " ".join(read(browser.get(f"/sites/{site.cibtp_id}/droits/journal/")).split())
    for told in (
        "modifie le chantier École Jules-Ferry",
        "Second œuvre",
        "Gros œuvre ou travaux publics",
        "Altitude",
        "180 m",
        "Marché public",
        "termine le chantier École Jules-Ferry",
    ):
        assert told in page, told
