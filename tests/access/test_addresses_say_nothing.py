"""No page leads to an address that names a person or a number, nor loads anything from elsewhere (R81)."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote_plus, urlsplit

from django.test import Client

from tests.access.world import make_world, routes
from tests.factories import UserFactory, employee_of, nir

# What a form may put in an address: a choice among known ones, a day, a page, the words that find a site.
ASKED_IN_AN_ADDRESS = {
    "/sites/": {"q", "tri", "lignes"},
    "droits/journal/": {"genre", "du", "au"},
    "intemperies/arrets/": {"etat"},
    "/ouverture/aide/": None,  # the helper's answers: yes, no, employer, firm
}
OF_ONES_OWN_PROGRAMS = ("mailto:", "tel:", "otpauth:")
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}


class Addresses(HTMLParser):
    """Where a page leads and what it loads; the fields of its forms that write an address."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.led: list[str] = []
        self.loaded: list[str] = []
        self.asked: set[str] = set()
        self._writes_an_address = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.led += [
            given[name] for name in ("href", "action", "hx-get") if given.get(name) and tag != "link"
        ]
        if given.get(LOADED.get(tag, "")):
            self.loaded.append(given[LOADED[tag]])
        if tag == "form":
            self._writes_an_address = given.get("method", "get").lower() == "get"
        if self._writes_an_address and given.get("name") and tag in {"input", "select", "textarea"}:
            self.asked.add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._writes_an_address = False


def crawled(world):
    """Every page that a passer-by, an Administrateur or a superviseur reads."""
    for persona in ("anonymous", "owner", "superuser"):
        browser = world.client_of(persona)
        for route in routes():
            answer = browser.get(world.address(route))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                yield f"{persona} /{route}", Addresses(answer.content.decode())


def names_somebody(address, secrets):
    """Whether an address says one of these; not what one's own programs dial, write to and keep."""
    plain = unquote_plus(address).lower().replace(" ", "")
    return not plain.startswith(OF_ONES_OWN_PROGRAMS) and any(secret in plain for secret in secrets)


def asks_too_much(place, asked):
    """The fields that a form which writes an address may not have there."""
    if not asked or "/admin/" in place:
        return set()
    (known,) = (fields for end, fields in ASKED_IN_AN_ADDRESS.items() if place.endswith(end))
    return asked - known if known is not None else set()


def test_no_page_leads_to_an_address_that_names_somebody_nor_loads_anything_from_elsewhere(db):
    """R81: names and numbers are looked for by POST; no script, font, picture nor pixel of anybody else."""
    world = make_world()
    owner = world.people["owner"]
    type(owner).objects.filter(pk=owner.pk).update(mobile="+33698765432", landline="+33387654321")
    secrets = [nir(4711), "698765432", "387654321", "canari-salarie", owner.last_name.lower(), owner.email]
    employee_of(world.site, last_name="CANARI-SALARIE", nir=secrets[0])
    pages = dict(crawled(world))
    assert len(pages) > 60
    led = [(place, one) for place, page in pages.items() for one in page.led if names_somebody(one, secrets)]
    assert led == []
    assert {
        place: found for place, page in pages.items() if (found := asks_too_much(place, page.asked))
    } == {}
    loaded = {one for page in pages.values() for one in page.loaded}
    assert loaded
    assert [one for one in loaded if urlsplit(one).netloc] == []


def test_a_mobile_is_masked_wherever_it_is_not_its_holders_own_account_that_shows_it(db):
    """R81: the page that certifies it, and staff's pages; in full, on one's own account alone."""
    person = UserFactory(mobile="+33698765432")
    staff, own = Client(), Client()
    staff.force_login(UserFactory(is_staff=True, is_superuser=True))
    own.force_login(person)
    own.post("/compte/mobile/", {"mobile_step": "send"})
    shown = [own.get("/compte/mobile/").content.decode()]
    for page in ("messaging/sms/", "journal/entry/", "limits/counter/"):
        shown.append(staff.get(f"/admin/{page}").content.decode())
    bare = [text.replace("\u00a0", "").replace(" ", "") for text in shown]
    assert "06••••••32" in bare[0]
    assert [text for text in bare if "698765432" in text] == []
