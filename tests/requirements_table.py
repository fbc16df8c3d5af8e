"""`python -m tests.requirements_table`: write docs/requirements.md, from what the tests say that they show.

A test names a requirement, `R31`, in its own docstring; a range, `R06–R13`, names each. What a module says of
itself is for who reads it: it shows nothing.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "requirements.md"
PARTLY = "partly: "
NAMED = re.compile(r"\bR(\d{2})(?:\s*(?:[-–]|to)\s*R?(\d{2}))?\b")
HEAD = """# Requirements and the tests that show them

Written by `python -m tests.requirements_table` from `tests/requirements.csv` and from what each test says
that it shows: do not edit. A test fails when this page is not what it would write, or when a line has
neither a test nor a reason. « Partly » says what is still missing; « not yet », why nothing shows it.

| | what | shown by |
|---|---|---|
"""


@dataclass(frozen=True)
class Requirement:
    """One line: its number, what it asks, and why no test shows it yet, or not the whole (« partly: … »)."""

    number: str
    what: str
    left: str

    @property
    def is_partly_shown(self) -> bool:
        """Whether tests show a part of it, and `left` says what they do not."""
        return self.left.startswith(PARTLY)


def requirements() -> list[Requirement]:
    """Those that the page lists, in order."""
    with (ROOT / "tests" / "requirements.csv").open(encoding="utf-8", newline="") as lines:
        return [Requirement(**line) for line in csv.DictReader(lines, delimiter="|")]


def numbers_in(text: str) -> Iterator[str]:
    """Each requirement that a docstring names."""
    for first, last in NAMED.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"R{number:02}"


def shown() -> dict[str, dict[str, list[str]]]:
    """For each requirement the modules whose tests show it, with those tests."""
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in numbers_in(ast.get_docstring(node) or ""):
                    found[number].setdefault(name, []).append(node.name)
    return found


def written() -> str:
    """The page."""
    found = shown()
    return HEAD + "".join(
        f"| {one.number} | {one.what} | {_told(found.get(one.number, {}), one)} |\n" for one in requirements()
    )


def _told(modules: dict[str, list[str]], one: Requirement) -> str:
    if not modules:
        return f"not yet: {one.left}"
    shown_by = [
        f"[{name.removeprefix('tests/')}](../{name}): {', '.join(tests)}" for name, tests in modules.items()
    ]
    return "<br>".join([*shown_by, *([f"**{one.left}**"] if one.left else [])])


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
