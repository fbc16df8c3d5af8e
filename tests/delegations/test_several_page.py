"""The same rights on several sites: those of the person only, one invitation, a report for each."""

import datetime as dt
import re

import pytest

from adherents.models import Site
from delegations.models import Delegation, Invitation
from portal import clock
from portal.access.levels import Access
from portal.messaging.models import Message
from tests.delegations.rights_pages import ADDRESS, Form, owner_at, press, radio, said, url
from tests.factories import DelegationFactory, SiteFactory, beneficiary_of

pytestmark = pytest.mark.django_db
EMPLOYEE = "employees.employee"
READS = {"email": ADDRESS, radio(EMPLOYEE): "1"}


@pytest.fixture
def sites():
    return [SiteFactory(town=town, name=town) for town in ("METZ", "NANCY", "ÉPINAL")]


@pytest.fixture
def browser(sites):
    owner, browser = owner_at(sites[0])
    for site in sites[1:]:
        DelegationFactory(site=site, beneficiary=owner)
    return browser


def numbers(*sites):
    return [site.cibtp_id for site in sites]


def test_the_way_there_is_shown_to_who_administers_several(sites, browser):
    assert url(sites[0], "several") in said(browser.get(url(sites[0], "add")))
    alone = SiteFactory()
    assert url(alone, "several") not in said(owner_at(alone)[1].get(url(alone, "add")))


def test_only_the_sites_that_he_administers_are_offered_and_this_one_is_ticked(sites, browser):
    SiteFactory(name="AILLEURS")
    shown = browser.get(url(sites[0], "several"))
    assert "AILLEURS" not in said(shown)
    assert said(shown).count('name="sites"') == 3
    assert Form(shown).values["sites"] == numbers(sites[0])


def test_a_search_keeps_what_is_ticked(sites, browser):
    page = url(sites[0], "several")
    shown = press(browser, page, browser.get(page), "search", {"site_search": "epinal"})
    assert "NANCY" not in said(shown).split("<main", 1)[1]
    shown = press(
        browser, page, shown, "search", {"site_search": "nancy", "sites": numbers(sites[0], sites[2])}
    )
    assert sorted(Form(shown).values["sites"]) == sorted(numbers(sites[0], sites[2]))
    assert said(shown).count('name="sites"') == 3


def test_enter_in_the_search_looks_for_sites_and_elsewhere_checks(sites, browser):
    page = url(sites[0], "several")
    form = Form(browser.get(page))
    assert form.buttons[0] == "enter"  # what the Enter key presses, in any field
    shown = browser.post(page, form.sent("enter", site_search="epinal"))
    assert "1 site trouvé pour" in said(shown)
    assert "Le formulaire comporte" not in said(shown)
    summary = browser.post(page, Form(shown).sent("enter", **READS))
    assert "Vérifier avant d’enregistrer" in said(summary)


def test_what_a_search_found_is_told(sites, browser):
    page = url(sites[0], "several")
    shown = press(browser, page, browser.get(page), "search", {"site_search": "rien de tel"})
    assert re.search(r'role="status"[^>]*>Aucun site ne correspond à «\u00a0rien de tel\u00a0»', said(shown))


def test_a_closed_site_says_so_where_it_is_chosen_and_seen(sites, browser):
    Site.objects.filter(pk=sites[1].pk).update(closed_on=clock.today() - dt.timedelta(days=2))
    page = url(sites[0], "several")
    shown = browser.get(page)
    assert "NANCY (Fermé)" in said(shown)
    assert "METZ (Fermé)" not in said(shown)
    seen = said(press(browser, page, shown, "preview", READS | {"sites": numbers(*sites)}))
    assert "Sur 3 sites, avec les droits" in seen
    assert "NANCY\u00a0: fermé, tout y est en consultation" in seen
    for site in sites:
        assert site.cibtp_id in seen.split("<main", 1)[1]


def test_one_summary_one_invitation_one_confirmation(sites, browser):
    page = url(sites[0], "several")
    summary = press(browser, page, browser.get(page), "check", READS | {"sites": numbers(*sites)})
    assert "Ajout de délégation sur plusieurs sites, sur 3 sites" in said(summary)
    for site in sites:
        assert site.cibtp_id in said(summary)
    done = press(browser, page, summary, "save")
    report = said(browser.get(done["Location"]))
    assert f"Une invitation est envoyée à {ADDRESS}" in report
    assert Delegation.objects.filter(email=ADDRESS).count() == 3
    assert Invitation.objects.count() == 1
    assert Message.objects.filter(recipient=ADDRESS).count() == 1


def test_a_site_refused_is_reported_with_its_reason_and_twice_the_same(sites, browser):
    beneficiary_of(sites[1], {(EMPLOYEE, None): Access.READ}, email=ADDRESS, beneficiary=None,
                   accepted_at=None, confirmed_at=None)  # fmt: skip
    page = url(sites[0], "several")
    summary = press(browser, page, browser.get(page), "check", READS | {"sites": numbers(*sites)})
    for _ in range(2):
        done = browser.post(page, Form(summary).sent("save"))
        report = said(browser.get(done["Location"]))
        assert f"Rien n’est donné sur {sites[1].cibtp_id}" in report
        assert f"{ADDRESS} a déjà une délégation sur ce site" in report
        assert f"Droits donnés sur {sites[0].cibtp_id}" in report
    assert Delegation.objects.filter(email=ADDRESS).count() == 3
    assert Message.objects.filter(recipient=ADDRESS).count() == 1


def test_refused_everywhere_the_form_says_why(sites, browser):
    for site in sites[:2]:
        beneficiary_of(site, {(EMPLOYEE, None): Access.READ}, email=ADDRESS, beneficiary=None,
                       accepted_at=None, confirmed_at=None)  # fmt: skip
    page = url(sites[0], "several")
    summary = press(browser, page, browser.get(page), "check", READS | {"sites": numbers(*sites[:2])})
    shown = press(browser, page, summary, "save")
    assert "a déjà une délégation" in said(shown)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "forged", [[], ["00000-000-00"], ["x"], ["x"] * 2 + [f"{n:05}-001-12" for n in range(101)]]
)
def test_no_site_a_foreign_one_or_too_many_are_refused(sites, browser, forged):
    other = SiteFactory().cibtp_id
    page = url(sites[0], "several")
    for chosen in (forged, [*forged, other]):
        shown = press(browser, page, browser.get(page), "check", READS | {"sites": chosen})
        assert "Le formulaire comporte" in said(shown)
        assert "AILLEURS" not in said(shown)
    assert not Invitation.objects.exists()


def test_a_site_added_after_the_summary_is_not_given(sites, browser):
    page = url(sites[0], "several")
    summary = press(browser, page, browser.get(page), "check", READS)
    shown = press(browser, page, summary, "save", {"sites": numbers(*sites)})
    assert "n’est plus ce que le récapitulatif montrait" in said(shown)
    assert not Invitation.objects.exists()
