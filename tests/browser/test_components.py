"""Every part of the look in each of its states, by day, by night and on paper."""

import pytest

from portal.components.catalogue import FAMILIES
from tests.browser.conftest import SCREENSHOTS

A4_PIXELS = 718  # what is left of 210 mm between the margins


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.slug)
def test_a_family_of_components(eye, family):
    for example in family.examples:
        name = "-".join(filter(None, ("component", family.slug, example.slug)))
        eye.go("/composants/" + "".join(f"{part}/" for part in (family.slug, example.slug) if part))
        eye.look(name)
        eye.page.emulate_media(color_scheme="dark")
        eye.look(f"{name}-dark", widths=[1280])
        eye.page.emulate_media(media="print", color_scheme="light")
        eye.page.screenshot(path=SCREENSHOTS / f"{name}-print.png", full_page=True)
        eye.page.emulate_media(media="screen")


def test_the_index_leads_to_every_family(eye):
    eye.go("/composants/")
    eye.look("component-index")
    assert eye.page.locator("a.tile").count() == len(FAMILIES)
    eye.page.locator("a.tile").first.click()
    assert eye.page.inner_text("h1") == "Couleurs et tailles"


@pytest.mark.parametrize("page", ["1", "5", "10"])
def test_the_first_a_middle_and_the_last_page_of_a_list(eye, page):
    eye.go(f"/composants/listes/?page={page}")
    eye.look(f"component-listes-page-{page}")
    assert eye.page.inner_text("nav[aria-label=Pagination] [aria-current]").split()[-1] == page


def test_a_list_on_paper_is_a_table_without_what_only_a_screen_can_do(eye):
    eye.go("/composants/listes/")
    eye.page.set_viewport_size({"width": A4_PIXELS, "height": 1000})
    display = "getComputedStyle(document.querySelector('table')).display"
    assert eye.page.evaluate(display) == "block"
    eye.page.emulate_media(media="print")
    assert eye.page.evaluate(display) == "table"
    assert not eye.page.get_by_text("Actions", exact=True).last.is_visible()
    assert not eye.page.get_by_role("link", name="Exporter la liste").is_visible()


def test_the_way_on_stays_in_sight_on_a_phone(eye, demo):
    eye.sign_in(*demo["several"])
    eye.page.set_viewport_size({"width": 390, "height": 844})
    eye.go("/sites/")
    box = eye.page.get_by_role("button", name="Valider").bounding_box()
    assert box["y"] + box["height"] <= 844
    assert eye.page.evaluate("document.documentElement.scrollHeight") > 844 + 200


def test_the_admin_wears_the_portal_s_violet_by_day_and_by_night(eye, demo):
    eye.sign_in(*demo["staff"])
    ground = "getComputedStyle(document.querySelector('#header')).backgroundColor"
    assert eye.page.evaluate(ground) == "rgb(90, 37, 131)"
    eye.page.emulate_media(color_scheme="dark")
    eye.page.wait_for_function(f"{ground} === 'rgb(201, 163, 236)'")
    assert eye.page.locator(".theme-toggle").count() == 0
