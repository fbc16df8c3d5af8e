"""What holds for every template: nothing that the content policy refuses, French as it is written."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
NAMES = [str(page.relative_to(TEMPLATES)) for page in PAGES]


def without_code(source: str) -> str:
    """What a person may read: no template tag, no markup."""
    source = re.sub(r"{#.*?#}|{%.*?%}|<style.*?</style>|<script.*?</script>", "", source, flags=re.S)
    source = re.sub(r"{{.*?}}", "x", source, flags=re.S)
    return re.sub(r"<[^>]*>", "", source)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_inline_script_nor_style(page: Path) -> None:
    source = page.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"\son[a-z]+=", source)
    assert not re.search(r'href="javascript:', source)
    if page.relative_to(TEMPLATES) != Path("messaging/mail.html"):
        assert not re.search(r"<style|\sstyle=", source)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_no_break_space_stands_before_double_punctuation(page: Path) -> None:
    text = without_code(page.read_text())
    assert not re.search(r"\w[ \n]+[:;!?»%€](?!\w)|«[ \n]", text)
    assert not re.search(r"\w[!?»](?!\w)|«\w", text.replace("&nbsp;", " "))
