"""README and docs speak of what exists."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.deploy_check import ROOT, production_variables

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
MOST_IMAGE_BYTES = 150_000
# An option or an address that says where packages come from: versions and hashes are enough.
PACKAGE_SOURCE = re.compile(
    r"--(?:extra-)?index[-]url|--find[-]links|https?://[^\s\"']+/(?:simple|packages)/"
)
NOT_OURS = {".git", ".venv", "var", "__pycache__", ".hypothesis", "screenshots"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The headings of a page as addresses name them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for target in LINK.findall(FENCED.sub("", page.read_text())):
            yield page, target


def our_texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file of the project."""
    for folder, inside, files in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in NOT_OURS and not name.endswith("_cache")]
        for path in (Path(folder, file) for file in files):
            with suppress(UnicodeDecodeError):
                yield name_of(path), path.read_text(encoding="utf-8")


def test_every_link_leads_somewhere() -> None:
    found = list(links())
    assert found
    for page, target in found:
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name_of(page)} → {target}"
        assert not anchor or anchor in anchors(there), f"{name_of(page)} → {target}"


def test_every_page_is_linked_from_another() -> None:
    reached = {(page.parent / target.partition("#")[0]).resolve() for page, target in links()}
    assert set(PAGES) - reached == {ROOT / "README.md"}


def test_images_are_light() -> None:
    images = sorted((DOCS / "images").iterdir())
    assert {image.name for image in images} == {"home.png", "sign-in.png"}
    assert all(image.stat().st_size < MOST_IMAGE_BYTES for image in images)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[`\s]*(?:`|#|\||PORT|ARGS))", page.read_text())) <= targets


def test_the_readme_names_every_make_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    readme = (ROOT / "README.md").read_text()
    assert {target for target in phony[1].split() if f"make {target}" not in readme} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_management_command_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text()))
    assert named <= set(get_commands())


def test_the_decisions_are_numbered_and_listed() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    listed = (DOCS / "decisions" / "README.md").read_text()
    for path in DECISIONS:
        title = path.read_text().partition("\n")[0]
        number, _, said = title.removeprefix("# ").partition(". ")
        assert f"| [{number}]({path.name}) | {said} |" in listed


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name[:4])
def test_a_decision_says_why_what_and_until_when(path: Path) -> None:
    sections = re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE)
    assert sections == ["Context", "Decision", "Consequences", "What would make us change"]


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "operations.md"], ids=name_of)
def test_every_variable_of_production_is_explained(page: Path) -> None:
    text = page.read_text()
    assert not [name for name in production_variables() if f"`{name}`" not in text]


def test_the_architecture_names_every_room() -> None:
    text = (DOCS / "architecture.md").read_text()
    ours = [app for app in settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()]
    rooms = {app.split(".apps.")[0].replace(".", "/") for app in ours if app != "portal"}
    assert not [room for room in rooms if f"`{room}`" not in text]


def test_no_file_names_a_source_of_packages() -> None:
    texts = dict(our_texts())
    assert {"README.md", "Dockerfile", "requirements/base.txt", ".ci/run"} <= set(texts)
    assert [(name, hit[0]) for name, text in texts.items() for hit in PACKAGE_SOURCE.finditer(text)] == []
