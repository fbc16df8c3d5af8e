"""Chromium, a real embedded portal, and an eye that checks every page at both widths with axe."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal import clock
from portal.demo.loading import STAFF, STAFF_SEED
from portal.second_factor import totp
from tests.embedded_portal import ROOT, EmbeddedPortal

_served = [0]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENSHOTS = ROOT / "screenshots"
WIDTHS = {390: 844, 1280: 900}  # the wide one last: journeys go on from it
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {
        "target-size": {"enabled": True},
        "label-content-name-mismatch": {"enabled": True},
        "td-has-header": {"enabled": True},
    },
    "resultTypes": ["violations"],
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey in Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPortal]:
    """The embedded portal with its demo caisse, started once."""
    started = EmbeddedPortal(tmp_path_factory.mktemp("portal") / "var")
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Headless Chromium of the system."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


@dataclass
class Eye:
    """Looks at the page as it stands: both widths, axe, overflow, title, one h1; keeps a picture."""

    page: Page
    origin: str

    def go(self, path: str) -> None:
        """Open an address of the portal."""
        self.page.goto(path if path.startswith("http") else self.origin + path)

    def press(self, words: str) -> None:
        """Press the button of that name."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str) -> None:
        """Follow the link of that name."""
        self.page.get_by_role("link", name=words, exact=True).first.click()

    def back(self) -> None:
        """Go back as the button does, asked of the page itself: an emptied cache may swap its host."""
        self.page.wait_for_load_state()
        with self.page.expect_navigation():
            self.page.evaluate("window.setTimeout(() => window.history.back())")

    def fill(self, **values: str) -> None:
        """Fill in fields by their names."""
        for name, value in values.items():
            self.page.fill(f"[name={name}]", value)

    def look(self, name: str, widths: Iterable[int] = WIDTHS) -> None:
        """Hold the page against the rules of every page, and keep its picture."""
        SCREENSHOTS.mkdir(exist_ok=True)
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            self.page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
            assert self.violations() == [], f"{name} at {width}"
            overflow = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{name} at {width} overflows by {overflow}"
        assert self.page.locator("h1").count() == 1
        assert self.page.title().endswith("Espace sécurisé")
        straight = re.findall(r".{0,20} [:;!?»](?=\s|$)", self.words())
        assert straight == [], f"{name}: a straight space before a sign"

    def violations(self) -> list[str]:
        """What axe finds; it is given to a page once, and brings back nothing else."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        found = self.page.evaluate("options => axe.run(options).then(done => done.violations)", AXE)
        return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]

    def words(self) -> str:
        """What a person reads in the page's body."""
        return self.page.inner_text("main")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in from the sign-in page; the demo's staff with their app too."""
        self.go("/connexion/")
        self.fill(email=email, password=password)
        with self.page.expect_navigation():
            self.press("Connexion")
        if email == STAFF[0]:
            self.fill(code=unused_code())
            with self.page.expect_navigation():
                self.press("Valider")
        if "/conditions-generales/accepter/" in self.page.url:
            self.accept_terms()

    def accept_terms(self) -> None:
        """What is asked after the first sign-in, and after a new version."""
        self.page.get_by_label("J’accepte les Conditions Générales d’Utilisation").check()
        self.press("Accepter et continuer")


def unused_code() -> str:
    """A value of the demo staff's app that did not serve yet: waits for one when three served in a minute."""
    step = max(_served[-1] + 1, totp.step_at(clock.now()) - 1)
    while step > totp.step_at(clock.now()) + 1:
        time.sleep(1)
    _served.append(step)
    return totp.value(STAFF_SEED, step)


def watched(context: BrowserContext, faults: list[str]) -> Page:
    """A page whose errors, refused scripts and foreign requests are faults."""
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on(
        "console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None
    )
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("http://localhost", "data:")) else faults.append(request.url)
        ),
    )
    page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 500 else None)
    return page


@pytest.fixture
def eye(chromium: Browser, portal: EmbeddedPortal) -> Iterator[Eye]:
    """A fresh browser session."""
    faults: list[str] = []
    context = chromium.new_context(locale="fr-FR")
    yield Eye(watched(context, faults), portal.origin)
    context.close()
    assert faults == []


@pytest.fixture
def eye_without_javascript(chromium: Browser, portal: EmbeddedPortal) -> Iterator[Eye]:
    """A browser session in which no script runs."""
    context = chromium.new_context(locale="fr-FR", java_script_enabled=False)
    yield Eye(context.new_page(), portal.origin)
    context.close()


@pytest.fixture
def demo(portal: EmbeddedPortal) -> dict[str, Any]:
    """Who can sign in with what, as the portal printed it."""
    pairs = {
        "several": r"employeur \(4 sites\) +(\S+) +(\S+)",
        "one": r"employeur \(1 site\) +(\S+) +(\S+)",
        "staff": r"agent de la caisse +(\S+) +(\S+)",
    }
    return {name: re.search(pattern, portal.printed).groups() for name, pattern in pairs.items()}  # type: ignore[union-attr]


def mail_to(eye: Eye, email: str, subject: str) -> str:
    """Wait for a mail in the outbox page, open it, and return the address of its link."""
    limit = time.monotonic() + 30
    row = eye.page.locator("tbody tr", has_text=email).filter(has_text=subject)
    eye.go("/boite-d-envoi/")
    while not row.count():
        assert time.monotonic() < limit, f"no mail « {subject} » to {email}"
        time.sleep(0.3)
        eye.go("/boite-d-envoi/")
    row.first.get_by_role("link").click()
    href = eye.page.locator(".mail-text a[href^=http]").first.get_attribute("href")
    assert href is not None
    return href
