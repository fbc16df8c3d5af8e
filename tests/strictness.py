"""What holds for every page that any test is answered: the client of the tests refuses the rest.

Installed once by `tests.conftest`: `django.test.Client` then raises AssertionError for a page with a
fault, the outbox for a mail that is not written as French is, and rendering raises UndefinedVariable for a
variable that no context holds.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.template.base import FilterExpression, Variable, VariableDoesNotExist
from django.test import Client

from portal.messaging import outbox
from portal.messaging.models import Message
from tests.alike import lasting

TEMPLATES = str(Path(__file__).resolve().parent.parent / "templates")
SAID_IN_WORDS = {"default", "default_if_none", "or_missing"}
LABELLED = {"input", "select", "textarea"}
NEEDS_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form")
READ_ALOUD = ("alt", "aria-label", "title", "placeholder")
NOT_READ = {"script", "style", "code", "pre", "samp"}  # the last: an SMS, whose alphabet is poor
STRAIGHT_SPACE = re.compile(r".{0,20}(?:[^\s\u00a0\u202f] [:;!?»%€](?![\w/])|« ).{0,10}")
# As in « l'espace », not as in a name of the extracts: D'ARC-VALLON.
STRAIGHT_APOSTROPHE = re.compile(r".{0,20}(?:[a-zà-öø-ÿœ]'[^\W\d_]|[^\W\d_]'[a-zà-öø-ÿœ]).{0,10}")


class UndefinedVariable(AssertionError):
    """A template shows a variable that no context holds."""


class Page(HTMLParser):
    """What the rules need to know of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.headings: Counter[str] = Counter()
        self.language = ""
        self.title = ""
        self.wanted: list[tuple[str, str]] = []
        self.controls: list[dict[str, str]] = []
        self.label_targets: set[str] = set()
        self.forms_without_token: list[str] = []
        self._open: list[str] = []
        self._form: str | None = None
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._open.append(tag)
        self._inline(tag, given)
        self._names(tag, given)
        self._form_token(tag, given)
        self.headings[tag] += tag == "h1"
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "img" and "alt" not in given:
            self.faults.append(f"an image without alt: {given.get('src')}")
        for name in READ_ALOUD:
            self._written(given.get(name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            self.forms_without_token.append(self._form)
            self._form = None
        while self._open and self._open.pop() != tag:
            continue

    def handle_data(self, data: str) -> None:
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        if not NOT_READ & set(self._open):
            self._written(data)

    def _inline(self, tag: str, given: dict[str, str]) -> None:
        if (tag == "script" and "src" not in given) or tag == "style" or "style" in given:
            self.faults.append(f"inline script or style: <{tag}>")
        if any(name.startswith("on") for name in given) or given.get("href", "").startswith("javascript:"):
            self.faults.append(f"inline script in an attribute: <{tag}>")

    def _names(self, tag: str, given: dict[str, str]) -> None:
        if "id" in given:
            self.ids[given["id"]] += 1
        for name in REFERENCES:
            self.wanted += [(name, target) for target in given.get(name, "").split()]
        if given.get("href", "").startswith("#") and len(given["href"]) > 1:
            self.wanted.append(("href", given["href"][1:]))
        if tag == "label":
            self.label_targets.add(given.get("for", ""))
        if tag in LABELLED and given.get("type") not in NEEDS_NO_LABEL:
            self.controls.append(given | {"wrapped": "yes" if "label" in self._open else ""})

    def _form_token(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form" and given.get("method", "get").lower() == "post":
            self._form = given.get("action", "") or "this page"
        if given.get("name") == "csrfmiddlewaretoken":
            self._form = None

    def _written(self, text: str) -> None:
        if text.strip() == "None":
            self.faults.append("« None » is shown")
        self.faults += written_faults(text)


@lru_cache(maxsize=50_000)
def written_faults(text: str) -> tuple[str, ...]:
    """What French would not write so, wherever a person reads it."""
    rules = {"a straight space": STRAIGHT_SPACE, "a straight apostrophe": STRAIGHT_APOSTROPHE}
    found = ((name, each) for name, rule in rules.items() for each in rule.finditer(text))
    return tuple(f"{name}: {each.group()!r}" for name, each in found)


def check_mail(message: Message) -> Message:
    """The mail, or AssertionError when it is not written as French is; an SMS has no other apostrophe."""
    found = [*written_faults(message.subject), *written_faults(message.text)]
    found += [fault for fault in Page(message.html).faults if fault.startswith("a straight")]
    assert not found, f"{message.kind}: {found}"
    return message


def faults_of(source: str, *, ours: bool = True) -> list[str]:
    """What is wrong with a page; of Django's own admin (`ours` False) only what it can keep to."""
    page = Page(source)
    found = [fault for fault in page.faults if ours or fault.startswith("inline")]
    if page.language != "fr":
        found.append(f"lang={page.language!r}")
    if not page.title.strip().endswith("Espace sécurisé") and ours:
        found.append(f"title: {page.title!r}")
    found += [f"a form without its token: {form}" for form in page.forms_without_token]
    if not ours:
        return found
    if page.headings["h1"] != 1:
        found.append(f"{page.headings['h1']} h1")
    found += [f"the id {name} twice" for name, count in page.ids.items() if count > 1]
    found += [f"{name} names no id: {target}" for name, target in page.wanted if target not in page.ids]
    found += [f"a field without label: {given}" for given in page.controls if not _labelled(given, page)]
    return found


faults_once = lru_cache(maxsize=2_000)(lambda source, ours: faults_of(source, ours=ours))


def _labelled(given: dict[str, str], page: Page) -> bool:
    spoken = given.get("aria-label") or given.get("aria-labelledby") or given["wrapped"]
    return bool(spoken) or given.get("id", "") in page.label_targets - {""}


def check_page(response: Any, path: str, method: str = "GET") -> None:
    """Raise AssertionError when the response is a page with a fault, or an error without a page."""
    if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
        source = response.content.decode()
        assert source or response.status_code < 400 or method == "HEAD", f"{path}: an error without a page"
        if source:
            found = faults_once(lasting(source), not path.startswith("/admin/"))
            assert not found, f"{path}: {found}"


def install() -> None:
    """Make every client of the tests strict, and every undefined variable an error."""
    answered, resolve, written = Client.request, FilterExpression.resolve, outbox._written

    def strictly(self: Client, **request: Any) -> Any:
        response = answered(self, **request)
        check_page(response, request.get("PATH_INFO", ""), request.get("REQUEST_METHOD", "GET"))
        return response

    def defined(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        if not ignore_failures and isinstance(self.var, Variable) and _is_ours(context):
            refuse_undefined(self, context)
        return resolve(self, context, ignore_failures)

    outbox._written = lambda *given: check_mail(written(*given))
    Client.request = strictly  # type: ignore[method-assign]
    FilterExpression.resolve = defined  # type: ignore[method-assign]


def _is_ours(context: Any) -> bool:
    return _shown_by(context).startswith(TEMPLATES)


def _shown_by(context: Any) -> str:
    """The file of the template that is being rendered."""
    template = getattr(context.render_context, "template", None) or getattr(context, "template", None)
    return str(template.origin.name) if template is not None else ""


def refuse_undefined(expression: FilterExpression, context: Any) -> None:
    """Raise UndefinedVariable unless the variable is there, or what stands for it is said in words."""
    if SAID_IN_WORDS & {function.__name__ for function, _ in expression.filters}:
        return
    try:
        expression.var.resolve(context)
    except VariableDoesNotExist as error:
        raise UndefinedVariable(f"{{{{ {expression.token} }}}} in {_shown_by(context)}") from error
