"""What holds for every template: nothing that the content policy refuses, French as it is written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
TEXTS = sorted(path for path in TEMPLATES.rglob("*.txt") if path.parent.name != "sms")  # GSM 03.38 has no ’


def name_of(page: Path) -> str:
    """Under which name a test speaks of it."""
    return str(page.relative_to(TEMPLATES))


def without_code(source: str) -> str:
    """What a person may read: no template tag, no markup."""
    source = re.sub(
        r"{% comment %}.*?{% endcomment %}|{#.*?#}|{%.*?%}|<style.*?</style>|<script.*?</script>",
        "",
        source,
        flags=re.S,
    )
    source = re.sub(r"{{.*?}}", "x", source, flags=re.S)
    return re.sub(r"<[^>]*>", "", source)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_inline_script_nor_style(page: Path) -> None:
    source = page.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"\son[a-z]+=", source)
    assert not re.search(r'href="javascript:', source)
    if page.relative_to(TEMPLATES) != Path("messaging/mail.html"):
        assert not re.search(r"<style|\sstyle=", source)


@pytest.mark.parametrize("page", [*PAGES, *TEXTS], ids=name_of)
def test_a_no_break_space_stands_before_double_punctuation(page: Path) -> None:
    text = without_code(page.read_text())
    assert not re.search(r"\w[ \n]+[:;!?»%€](?!\w)|«[ \n]", text)
    assert not re.search(r"\w[!?»](?!\w)|«\w", text.replace("&nbsp;", " "))


@pytest.mark.parametrize("page", [*PAGES, *TEXTS], ids=name_of)
def test_apostrophes_are_typographic(page: Path) -> None:
    assert re.findall(r".*[^\W\d_]'[^\W\d_].*", without_code(page.read_text())) == []


def names_of_models() -> Iterator[tuple[str, str]]:
    """What the admin shows of each model of ours: its names, its fields' labels, helps and choices."""
    for model in apps.get_models():
        if model.__module__.startswith("django."):
            continue
        label = model._meta.label
        yield label, str(model._meta.verbose_name)
        yield label, str(model._meta.verbose_name_plural)
        for field in model._meta.get_fields():
            for text in (getattr(field, "verbose_name", ""), getattr(field, "help_text", "")):
                yield f"{label}.{field.name}", str(text)
            for _, text in getattr(field, "choices", None) or ():
                yield f"{label}.{field.name}", str(text)


def test_apostrophes_are_typographic_in_what_the_admin_shows_of_models() -> None:
    named = list(names_of_models())
    assert ("accounts.User.address_changing", "change d’adresse") in named
    assert [(where, text) for where, text in named if re.search(r"[^\W\d_]'[^\W\d_]", text)] == []
