"""A stop declared in Chromium: by mouse, by keyboard, on a phone, without JavaScript (product.md 7.4)."""

from __future__ import annotations

import datetime as dt
import itertools
import time

import pytest

from tests.browser.conftest import Eye

STOPS = "/sites/30417-001-56/intemperies/arrets/"
ENOUGH = 200  # hours in the two months before
PEOPLE = 12
_worksites, _weeks = itertools.count(1), itertools.count(2)


@pytest.fixture
def monday():
    """A Monday of its own for each journey: nobody loses the same hours twice."""
    today = dt.date.today()
    return today - dt.timedelta(days=today.weekday() + 7 * next(_weeks))


def typed(day):
    return f"{day:%d/%m/%Y}"


def press(eye: Eye, words: str) -> None:
    with eye.page.expect_navigation():
        eye.page.get_by_role("button", name=words, exact=True).last.click()


def a_worksite(eye: Eye, name: str) -> str:
    """A new one, of its own name; leads to the first step."""
    own = f"{name} {next(_worksites)}"
    eye.go(f"/sites/30417-001-56/intemperies/arrets/chantiers/nouveau/?next={STOPS}nouveau/")
    eye.fill(name=own, address="3 rue du Moulin", postal_code="54000", town="NANCY", altitude="250")
    eye.page.get_by_label("Gros œuvre ou travaux publics").check()
    press(eye, "Enregistrer le chantier")
    assert eye.page.url.endswith(f"{STOPS}nouveau/")
    return own


def the_stop(eye: Eye, worksite: str, monday: dt.date) -> None:
    """Step 1: from Monday at ten to Wednesday at eight."""
    eye.page.select_option("[name=worksite]", label=f"{worksite} (NANCY)")
    eye.page.select_option("[name=cause]", "gel")
    eye.fill(work="élévation de murs", stop_day_0=typed(monday), stop_time_0="10h")
    eye.fill(resume_day_0=typed(monday + dt.timedelta(days=2)), resume_time_0="8 h")
    press(eye, "Enregistrer et continuer")


def tick(eye: Eye, number: int) -> None:
    """Step 2: so many of those who worked enough."""
    rows = eye.page.locator("table.chosen tbody tr")
    ticked = 0
    for row in rows.all():
        if float(row.locator("input").nth(2).input_value().replace(",", ".") or 0) >= ENOUGH and (
            int(row.locator("input").nth(3).input_value() or 0) < 50
        ):
            row.locator("input[type=checkbox]").check()
            ticked += 1
        if ticked == number:
            break
    assert ticked == number
    press(eye, "Enregistrer et continuer")


def fill_grid(eye: Eye) -> None:
    """Step 3: five hours, then seven, for all."""
    row = eye.page.locator(".hours-fill input")
    row.nth(0).fill("5")
    row.nth(1).fill("7")
    press(eye, "Remplir les cases vides")
    press(eye, "Enregistrer et continuer")


def attest(eye: Eye) -> None:
    """Steps 4 and 5."""
    with eye.page.expect_navigation():
        eye.follow("Continuer vers l’envoi")
    eye.page.get_by_label("Le CSE a été consulté").check()
    eye.page.locator("[name=conditions]").check()
    press(eye, "Envoyer la déclaration")


def test_twelve_people_stopped_for_three_days_are_declared_in_under_three_minutes(eye, demo, monday):
    eye.sign_in(*demo["several"])
    began = time.monotonic()
    worksite = a_worksite(eye, "École")
    the_stop(eye, worksite, monday)
    tick(eye, PEOPLE)
    fill_grid(eye)
    assert "144\u00a0h" in eye.words()
    attest(eye)
    assert "est envoyé à votre caisse" in eye.words()
    assert time.monotonic() - began < 180


def test_every_page_of_a_stop_in_each_of_its_states(eye, demo, monday):
    eye.sign_in(*demo["several"])
    eye.go(STOPS)
    eye.look("stops-list")
    eye.go("/sites/30417-001-56/intemperies/arrets/chantiers/nouveau/")
    press(eye, "Enregistrer le chantier")
    eye.look("stops-worksite-errors")
    worksite = a_worksite(eye, "Gymnase")
    eye.look("stops-step-1")
    press(eye, "Enregistrer et continuer")
    eye.look("stops-step-1-errors")
    press(eye, "Ajouter un autre arrêt de la même semaine")
    eye.look("stops-step-1-two")
    eye.go(f"{STOPS}nouveau/")
    the_stop(eye, worksite, monday)
    press(eye, "Enregistrer et continuer")
    eye.look("stops-step-2-errors")
    tick(eye, 3)
    eye.page.locator("tbody input").nth(4).fill("abc")
    press(eye, "Enregistrer et continuer")
    eye.look("stops-step-3-errors")
    eye.page.locator("tbody input").nth(4).fill("")
    fill_grid(eye)
    eye.look("stops-step-4")
    with eye.page.expect_navigation():
        eye.follow("Continuer vers l’envoi")
    press(eye, "Envoyer la déclaration")
    eye.look("stops-step-5-errors")
    eye.page.get_by_label("Le CSE a été consulté").check()
    eye.page.locator("[name=conditions]").check()
    press(eye, "Envoyer la déclaration")
    eye.look("stops-sent")
    press(eye, "Corriger la déclaration")
    eye.look("stops-correction")
    eye.go(STOPS)
    eye.look("stops-list-full")
    eye.page.locator("tbody a", has_text="INT-").first.click()
    with eye.page.expect_navigation():
        eye.follow("Annuler la déclaration")
    eye.look("stops-cancel")
    eye.fill(reason="Mauvais chantier")
    press(eye, "Annuler la déclaration")
    assert "est annulé" in eye.words()
    eye.look("stops-cancelled")
    eye.go("/sites/30417-001-56/intemperies/arrets/chantiers/")
    eye.look("stops-worksites")
    eye.go("/sites/30417-001-56/intemperies/remboursements/")
    eye.look("stops-refunds")


def tab_to(eye: Eye, selector: str) -> None:
    """Tab until that control has the focus."""
    for _ in range(150):
        eye.page.keyboard.press("Tab")
        if eye.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached")


def test_the_same_by_keyboard_alone(eye, demo, monday):
    eye.sign_in(*demo["several"])
    worksite = a_worksite(eye, "Clavier")
    keys = eye.page.keyboard
    answers = {
        "[name=worksite]": worksite,
        "[name=work]": "charpente",
        "[name=cause]": "Gel",
        "[name=stop_day_0]": typed(monday),
        "[name=stop_time_0]": "10 h",
        "[name=resume_day_0]": typed(monday + dt.timedelta(days=2)),
        "[name=resume_time_0]": "8 h",
    }
    for selector, words in answers.items():
        tab_to(eye, selector)
        keys.type(words)
    with eye.page.expect_navigation():
        keys.press("Enter")
    tab_to(eye, "[name^=e_]")
    keys.press("Space")
    tab_to(eye, "[name^=t_]")
    keys.press("Control+A")
    keys.type("303,34")
    tab_to(eye, "[name^=d_]")
    keys.press("Control+A")
    keys.type("3")
    with eye.page.expect_navigation():
        tab_to(eye, "button[value=save].btn-primary")
        keys.press("Enter")
    tab_to(eye, "[name^=h_]")
    keys.type("5")
    keys.press("ArrowRight")
    keys.type("7")
    with eye.page.expect_navigation():
        tab_to(eye, "button[value=save].btn-primary")
        keys.press("Enter")
    assert "12\u00a0h perdues \u2212 1\u00a0h de carence = 11\u00a0h" in eye.words()
    with eye.page.expect_navigation():
        tab_to(eye, "a.btn-primary")
        keys.press("Enter")
    tab_to(eye, "[name=committee]")
    keys.press("Space")
    tab_to(eye, "[name=conditions]")
    keys.press("Space")
    with eye.page.expect_navigation():
        tab_to(eye, "[type=submit].btn-primary")
        keys.press("Enter")
    assert "est envoyé à votre caisse" in eye.words()


def test_arrows_and_enter_move_in_the_grid_and_a_copied_column_is_pasted(eye, demo, monday):
    eye.sign_in(*demo["several"])
    the_stop(eye, a_worksite(eye, "Grille"), monday)
    tick(eye, 3)
    cells = eye.page.locator("tbody tr:not(.hours-fill) input")
    cells.nth(0).focus()
    eye.page.keyboard.type("5")
    eye.page.keyboard.press("Enter")
    eye.page.keyboard.type("6")
    eye.page.keyboard.press("ArrowUp")
    eye.page.keyboard.press("ArrowRight")
    eye.page.keyboard.type("7")
    assert [cells.nth(place).input_value() for place in (0, 1, 3)] == ["5", "7", "6"]
    eye.page.evaluate(
        """() => {
          const field = document.activeElement;
          const data = new DataTransfer();
          data.setData("text/plain", "1\\t2\\n3\\t4\\n");
          const options = { clipboardData: data, bubbles: true, cancelable: true };
          field.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    assert [cells.nth(place).input_value() for place in (1, 2, 4, 5)] == ["1", "2", "3", "4"]


def test_the_same_on_a_phone(eye, demo, monday):
    eye.sign_in(*demo["several"])
    eye.page.set_viewport_size({"width": 390, "height": 844})
    the_stop(eye, a_worksite(eye, "Téléphone"), monday)
    tick(eye, 2)
    fill_grid(eye)
    attest(eye)
    assert "est envoyé à votre caisse" in eye.words()


def test_the_same_without_javascript(eye_without_javascript, demo, monday):
    eye = eye_without_javascript
    eye.sign_in(*demo["several"])
    the_stop(eye, a_worksite(eye, "Sans script"), monday)
    tick(eye, 2)
    fill_grid(eye)
    attest(eye)
    assert "est envoyé à votre caisse" in eye.words()


def test_a_grid_whose_session_was_lost_is_found_again_after_signing_in(eye, demo, portal, monday):
    eye.sign_in(*demo["several"])
    the_stop(eye, a_worksite(eye, "Perdue"), monday)
    tick(eye, 2)
    cells = eye.page.locator("tbody tr:not(.hours-fill) input")
    cells.nth(0).fill("5")
    cells.nth(4).fill("7,5")
    portal.run("from portal.sessions.models import Session; Session.objects.all().delete()")
    press(eye, "Enregistrer et continuer")
    eye.fill(email=demo["several"][0], password=demo["several"][1])
    press(eye, "Connexion")
    assert eye.page.url.endswith("/heures/")
    assert [cells.nth(place).input_value() for place in (0, 4)] == ["5", "7,5"]
    press(eye, "Enregistrer et continuer")
    assert eye.page.url.endswith("/controles/")
    assert "12,5\u00a0h" in eye.words()


def test_a_stop_of_forty_days_is_typed_in_two_parts_of_which_none_is_lost(eye, demo, portal, monday):
    eye.sign_in(*demo["several"])
    worksite = a_worksite(eye, "Longue")
    begins = monday - dt.timedelta(weeks=10)
    eye.page.select_option("[name=worksite]", label=f"{worksite} (NANCY)")
    eye.page.select_option("[name=cause]", "gel")
    eye.fill(work="élévation de murs", stop_day_0=typed(begins), stop_time_0="10h")
    eye.fill(resume_day_0=typed(begins + dt.timedelta(days=39)), resume_time_0="8 h")
    press(eye, "Enregistrer et continuer")
    tick(eye, 3)
    assert "partie 1 sur 2" in eye.words()
    eye.look("stops-step-3-parts")
    fill_grid(eye)
    assert eye.page.url.endswith("/heures/?semaines=2")
    eye.page.locator("tbody tr:not(.hours-fill) input").nth(11).fill("7,5")
    portal.run("from portal.sessions.models import Session; Session.objects.all().delete()")
    press(eye, "Enregistrer et continuer")
    eye.fill(email=demo["several"][0], password=demo["several"][1])
    press(eye, "Connexion")
    assert eye.page.url.endswith("/heures/?semaines=2")
    assert eye.page.locator("tbody tr:not(.hours-fill) input").nth(11).input_value() == "7,5"
    eye.page.locator(".hours-fill input").nth(0).fill("4")
    press(eye, "Enregistrer et continuer")
    eye.look("stops-step-3-parts-errors")
    press(eye, "Remplir les cases vides")
    press(eye, "Enregistrer et continuer")
    assert eye.page.url.endswith("/controles/")
    assert "55,5\u00a0h" in eye.words()  # 3 × (5 + 7), 3 × 4, and 7,5
