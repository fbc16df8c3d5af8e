"""The end of a session in Chromium: warned, prolonged with the keyboard, nothing typed lost (R30, R31, R33).

The browser's clock is moved by Playwright, the server's by moving the session's own sighting back.
"""

import re

import pytest

SITE = "/sites/31520-001-92/"
FORM = f"{SITE}droits/ajouter/"
START = "2026-11-21T09:00:00"


@pytest.fixture
def sessions(portal):
    """Moves on the server: the sighting, or the beginning, of one person's sessions, in seconds ago."""

    def moved(email, **ago):
        changes = ", ".join(
            f"{name}=clock.now() - dt.timedelta(seconds={seconds})" for name, seconds in ago.items()
        )
        portal.run(
            f"""
            import datetime as dt
            from portal import clock
            from portal.sessions.models import Session
            Session.objects.filter(user__email="{email}").update({changes})
            """
        )

    return moved


@pytest.fixture
def person(eye, demo):
    """Signed in, on a page where one types, its clock in our hands."""
    eye.page.clock.install(time=START)
    eye.sign_in(*demo["one"])
    eye.go(FORM)
    return eye


def dialog(eye):
    return eye.page.get_by_role("alertdialog", name="Votre session va prendre fin")


def warned(eye, sessions, email, **ago):
    """Twenty-eight minutes without a request, here and on the server."""
    sessions(email, **(ago or {"seen_at": 28 * 60 + 1}))
    eye.page.clock.fast_forward(28 * 60 * 1000)
    dialog(eye).wait_for()


def focused(eye):
    return eye.page.evaluate("document.activeElement.innerText || document.activeElement.name")


def test_two_minutes_before_the_end_one_is_warned_and_prolongs_with_the_keyboard_alone(
    person, demo, sessions
):
    """R31."""
    eye, page = person, person.page
    page.fill("[name=email]", "profil@exemple.fr")
    page.focus("[name=email]")
    page.clock.fast_forward(27 * 60 * 1000)
    assert not dialog(eye).is_visible()
    sessions(demo["one"][0], seen_at=28 * 60 + 1)
    page.clock.fast_forward(61 * 1000)
    dialog(eye).wait_for()
    assert focused(eye) == "Prolonger ma session"
    eye.look("session-warning")
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.focus("[data-session-extend]")
    with page.expect_response(re.compile("/compte/session/")) as told:
        page.keyboard.press("Enter")
    assert told.value.request.method == "POST"
    assert told.value.json()["seconds"] == 1800
    dialog(eye).wait_for(state="hidden")
    assert focused(eye) == "email"
    assert page.input_value("[name=email]") == "profil@exemple.fr"
    page.clock.fast_forward(27 * 60 * 1000)
    assert not dialog(eye).is_visible()


def test_escape_prolongs_too(person, demo, sessions):
    warned(person, sessions, demo["one"][0])
    with person.page.expect_response(re.compile("/compte/session/")) as told:
        person.page.keyboard.press("Escape")
    assert told.value.request.method == "POST"
    dialog(person).wait_for(state="hidden")


def test_it_counts_down_and_says_so_three_times_only(person, demo, sessions):
    page = person.page
    warned(person, sessions, demo["one"][0])
    said = []
    shown = set()
    for _ in range(100):
        page.clock.run_for(1000)
        words = page.inner_text("[data-session-said]")
        shown.add(page.inner_text("[data-session-clock]"))
        if words and words not in said:
            said.append(words)
    assert said == ["Il reste une minute.", "Il reste 30 secondes."]
    assert len(shown) > 90
    assert page.get_attribute("[data-session-clock]", "aria-hidden") == "true"


def test_work_in_another_tab_counts(person, demo):
    page = person.page
    page.clock.fast_forward(
        28 * 60 * 1000 + 5000
    )  # the server has seen it a moment ago: elsewhere, so to say
    page.wait_for_timeout(300)
    assert not dialog(person).is_visible()


def test_another_tab_that_prolongs_closes_the_warning(person, demo, sessions):
    warned(person, sessions, demo["one"][0])
    other = person.page.context.new_page()
    other.goto(person.origin + "/compte/")
    dialog(person).wait_for(state="hidden")
    other.close()


def test_after_the_end_what_was_typed_is_there_again_for_the_same_person(person, demo, sessions):
    """R31."""
    eye, page = person, person.page
    page.fill("[name=email]", "gardee@exemple.fr")
    page.get_by_role("radio", name="Consultation Gérer mes salariés", exact=True).check()
    page.get_by_label("Cadre", exact=True).uncheck()
    warned(eye, sessions, demo["one"][0])
    sessions(demo["one"][0], seen_at=31 * 60)
    page.clock.fast_forward(121 * 1000)
    page.wait_for_url("**/connexion/**")
    assert "Votre session a pris fin" in eye.words()
    assert "est gardé dans cet onglet" in eye.words()
    eye.look("session-ended")
    eye.fill(email=demo["one"][0], password=demo["one"][1])
    eye.press("Connexion")
    page.wait_for_url(f"**{FORM}")
    assert page.input_value("[name=email]") == "gardee@exemple.fr"
    assert page.locator("input[name='droit.employees.employee']:checked").input_value() == "1"
    assert not page.get_by_label("Cadre", exact=True).is_checked()
    assert "est rétabli" in eye.words()
    eye.look("session-draft-back")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_form_sent_after_the_end_is_not_lost_either(person, demo, sessions):
    """R31."""
    eye, page = person, person.page
    page.fill("[name=email]", "tardive@exemple.fr")
    sessions(demo["one"][0], seen_at=31 * 60)
    with page.expect_navigation():
        page.get_by_role("button", name="Valider", exact=True).last.click()
    page.wait_for_url("**/connexion/**")
    assert "est gardé dans cet onglet" in eye.words()
    eye.fill(email=demo["one"][0], password=demo["one"][1])
    eye.press("Connexion")
    page.wait_for_url(f"**{FORM}")
    assert page.input_value("[name=email]") == "tardive@exemple.fr"


def test_another_person_finds_nothing_of_it(person, demo, sessions):
    eye, page = person, person.page
    page.fill("[name=email]", "secrete@exemple.fr")
    sessions(demo["one"][0], seen_at=31 * 60)
    with page.expect_navigation():
        page.get_by_role("button", name="Valider", exact=True).last.click()
    page.wait_for_url("**/connexion/**")
    eye.fill(email=demo["several"][0], password=demo["several"][1])
    eye.press("Connexion")
    page.wait_for_url(f"**{FORM}")
    assert page.evaluate("sessionStorage.length") == 0
    assert "secrete@exemple.fr" not in page.content()


def test_no_password_is_ever_kept(person):
    page = person.page
    page.evaluate(
        """() => {
          const form = document.querySelector("main form[method=post]");
          const fields = [["password", "a"], ["text", "code"], ["text", "b", "one-time-code"]];
          for (const [type, name, more] of fields) {
            const field = Object.assign(document.createElement("input"), { type, name, value: "canari-9" });
            if (more) { field.autocomplete = more; }
            form.append(field);
          }
          document.dispatchEvent(new Event("session:ended"));
        }"""
    )
    kept = page.evaluate("JSON.stringify({...sessionStorage})")
    assert "email" in kept
    assert "canari-9" not in kept
    assert "csrfmiddlewaretoken" not in kept


def test_signing_out_leaves_nothing_in_the_tab(person):
    """R32."""
    person.page.fill("[name=email]", "partie@exemple.fr")
    person.page.evaluate("document.dispatchEvent(new Event('session:ended'))")
    assert person.page.evaluate("sessionStorage.length") == 1
    person.page.get_by_role("button", name="Se déconnecter").click()
    person.page.wait_for_url("**/connexion/")
    assert person.page.evaluate("sessionStorage.length") == 0


def test_the_last_instant_warns_too_and_says_that_it_cannot_be_put_off(person, demo, sessions):
    eye, page = person, person.page
    page.focus("[name=email]")
    warned(eye, sessions, demo["one"][0], seen_at=60, begun_at=10 * 3600 - 119)
    assert "dure 10 heures au plus" in page.inner_text("dialog")
    assert not page.get_by_role("button", name="Prolonger ma session").is_visible()
    assert focused(eye) == "Revenir à la page"
    eye.look("session-last-warning")
    page.keyboard.press("Enter")
    dialog(eye).wait_for(state="hidden")
    assert focused(eye) == "email"
    page.clock.run_for(3000)
    assert not dialog(eye).is_visible()
    sessions(demo["one"][0], begun_at=10 * 3600 + 1)
    page.clock.fast_forward(120 * 1000)
    page.wait_for_url("**/connexion/**")


def test_the_network_away_neither_ends_nor_loses_anything(person, demo, sessions):
    page = person.page
    page.fill("[name=email]", "coupee@exemple.fr")
    sessions(demo["one"][0], seen_at=28 * 60 + 1)
    page.context.set_offline(True)
    page.clock.fast_forward(28 * 60 * 1000 + 5000)
    dialog(person).wait_for()
    page.get_by_role("button", name="Prolonger ma session").click()
    page.get_by_text("n’a pas pu être prolongée").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Prolonger ma session").click()
    dialog(person).wait_for(state="hidden")
    assert page.input_value("[name=email]") == "coupee@exemple.fr"


def test_staff_are_warned_in_the_admin(eye, demo, sessions):
    eye.page.clock.install(time=START)
    eye.sign_in(*demo["staff"])
    sessions(demo["staff"][0], seen_at=13 * 60 + 1)
    eye.page.clock.fast_forward(13 * 60 * 1000 + 2000)
    dialog(eye).wait_for()
    eye.page.screenshot(path="screenshots/session-warning-admin-1280.png")
    eye.page.keyboard.press("Enter")
    dialog(eye).wait_for(state="hidden")


def test_without_a_script_the_sign_in_page_says_what_happened(eye_without_javascript, demo, sessions):
    eye = eye_without_javascript
    eye.sign_in(*demo["one"])
    sessions(demo["one"][0], seen_at=31 * 60)
    eye.go(f"{SITE}adherent/informations/")
    assert "Votre session a pris fin" in eye.words()
    assert "gardé dans cet onglet" not in eye.words()
    eye.fill(email=demo["one"][0], password=demo["one"][1])
    eye.press("Connexion")
    assert eye.page.url.endswith("/adherent/informations/")


def test_the_open_sessions_are_listed_and_closed(eye, chromium, portal, demo):
    other = chromium.new_context(
        locale="fr-FR", user_agent="Mozilla/5.0 (iPhone; CPU) Version/18.5 Safari/604.1"
    )
    phone = other.new_page()
    phone.goto(f"{portal.origin}/connexion/")
    phone.fill("[name=email]", demo["one"][0])
    phone.fill("[name=password]", demo["one"][1])
    phone.get_by_role("button", name="Connexion", exact=True).click()
    eye.sign_in(*demo["one"])
    eye.go("/compte/securite/")
    assert "Safari sur iPhone" in eye.words()
    eye.look("security-sessions")
    eye.page.get_by_role("button", name=re.compile("^Fermer la session de Safari sur iPhone")).first.click()
    assert "La session de Safari sur iPhone est fermée." in eye.words()
    eye.look("security-session-closed")
    phone.goto(f"{portal.origin}/compte/")
    assert "/connexion/" in phone.url
    other.close()


def test_the_password_is_asked_for_again_and_the_form_goes_on(eye, demo, portal):
    eye.sign_in(*demo["one"])
    eye.go(FORM)
    eye.fill(email="confirmee@exemple.fr")
    eye.page.get_by_role("radio", name="Consultation Gérer mes salariés", exact=True).check()
    portal.run(
        f"""
        import datetime as dt
        from portal import clock
        from portal.reauth.freshness import PROVED
        from portal.sessions.models import Session
        from portal.sessions.store import SessionStore
        for row in Session.objects.filter(user__email="{demo["one"][0]}"):
            store = SessionStore(row.session_key)
            store[PROVED] = (clock.now() - dt.timedelta(minutes=6)).isoformat()
            store.save()
        """
    )
    with eye.page.expect_navigation():
        eye.page.get_by_role("button", name="Valider", exact=True).last.click()
    assert eye.page.inner_text("h1") == "Confirmer votre identité"
    eye.look("reauth")
    eye.fill(reauth_password="Faux-mot-2-passe")
    eye.press("Continuer")
    eye.look("reauth-wrong")
    eye.fill(reauth_password=demo["one"][1])
    eye.press("Continuer")
    assert "Vérifier avant d’enregistrer" in eye.page.inner_text("h1")
    assert "Gérer mes salariés\u00a0: Consultation" in eye.words()
