"""Icons drawn once are the library's own."""

import re

import pytest
from django.conf import settings
from django.template import engines
from heroicons.templatetags import heroicons as library

from portal.templatetags import icons


@pytest.mark.parametrize("style", ["micro", "mini", "outline"])
def test_an_icon_is_the_librarys_own(style):
    for attrs in ({}, {"aria_hidden": "true"}, {"size": 18, "class": "chevron"}):
        drawn = getattr(icons, f"heroicon_{style}")("star", **attrs)
        assert drawn == getattr(library, f"heroicon_{style}")("star", **attrs)


def test_an_icon_is_drawn_once(monkeypatch):
    page = engines["django"].from_string("{% load icons %}{% heroicon_mini 'bell' data_test='once' %}")
    first = page.render()
    monkeypatch.setattr(library, "_render_icon", lambda *args: "drawn again")
    assert "<svg" in first
    assert page.render() == first


def test_our_templates_use_the_icons_that_are_drawn_once():
    texts = [path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html")]
    assert any(re.search(r"{% load [^%]*\bicons\b", text) for text in texts)
    assert not any(re.search(r"{% load [^%]*\bheroicons\b", text) for text in texts)
