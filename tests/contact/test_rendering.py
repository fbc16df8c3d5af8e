"""Staff's Markdown becomes a safe part of a page (R68)."""

import re
from html import unescape

import pytest

from contact.rendering import rendered


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[là](javascript:alert(1))",
        "[là](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://ailleurs.example/x.png)",
        '<a href="https://x" onclick="x()">là</a>',
        "<svg/onload=alert(1)>",
        "[là](https://x \"t' onmouseover='x\")",
    ],
)
def test_nothing_that_runs_or_calls_elsewhere_comes_out(text):
    html = rendered(text)
    assert re.search(r"<(?!/?(?:p|a|em|strong)\b)", html) is None
    assert re.search(r"<[^>]*\b(?:on\w+|style|src)=", html) is None
    assert re.search(r'href="(?:javascript|data)', html) is None


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A\n\n## B\n\n# C", [2, 3, 2]),
        ("### A\n\n###### B\n\n#### C", [2, 3, 3]),
        ("## A\n\n# B", [2, 2]),
        ("###### A", [2]),
        ("# A\n\n## B\n\n### C\n\n#### D\n\n##### E\n\n###### F", [2, 3, 4, 5, 6, 6]),
        ("rien", []),
    ],
)
def test_headings_begin_under_the_title_and_skip_no_level(text, levels):
    assert [int(level) for level in re.findall(r"<h([1-6])>", rendered(text))] == levels
    assert len(re.findall(r"</h[1-6]>", rendered(text))) == len(levels)


def test_french_spaces_are_put_where_nobody_types_them():
    html = unescape(rendered("Un mot : « deux » ; trois ? 4 % et 5 €, voir https://x.example/a ; fin !"))
    assert "mot\u00a0: «\u00a0deux\u00a0»\u00a0; trois\u00a0? 4\u00a0% et 5\u00a0€" in html
    assert "fin\u00a0!" in html


def test_lists_emphasis_and_links_come_out():
    html = rendered("- un\n- **deux**\n\n3. [trois](/accessibilite/)")
    assert "<li><strong>deux</strong></li>" in html
    assert '<ol start="3">' in html
    assert '<a href="/accessibilite/"' in html
