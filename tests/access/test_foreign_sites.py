"""Another's identifier and an invented one answer alike, on every address of a site (R52)."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client

from delegations.models import Delegation, Outcome, Role, Side
from portal import clock
from portal.access.features import all_features
from tests.access.world import World, foreign, routes
from tests.alike import lasting
from tests.factories import AdherentFactory, UserFactory, firm_of, passed_on

INVENTED = "99999-999-99"
OF_A_SITE = [route for route in routes() if "<cibtp:cibtp_id>" in route]
STAFF = "staff-session"
# The names under which pages, present and to come, may be asked for something.
ASKED_UNDER = (
    "q",
    "id",
    "pk",
    "site",
    "adherent",
    "number",
    "numero",
    "voir",
    "demande",
    "retour",
    "tri",
    "page",
    "nom",
    "college",
    "situation",
    "etat",
    "mois",
    "next",
    "role",
    "statut",
    "debut",
    "fin",
    "lignes",
    "inactifs",
    "cote",
    "page_cabinet",
)
PER_REQUEST = {"X-Request-ID"}


def answer(browser, method, address):
    """Status, heads and body, without what differs from one request to the next."""
    response = browser.generic(method, address)
    heads = {name: value for name, value in response.headers.items() if name not in PER_REQUEST}
    cookies = sorted(response.cookies)
    return response.status_code, heads, cookies, lasting(response.content.decode())


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("route", [*OF_A_SITE, "sites/<cibtp:cibtp_id>/nulle-part/"])
def test_anothers_site_and_an_invented_one_answer_alike_and_repeat_nothing(world, route, method):
    foreign = world.address(route)
    invented = foreign.replace(world.site.cibtp_id, INVENTED)
    for persona in ("other owner", "staff", "superuser"):
        browser = world.client_of(persona)
        if STAFF in browser.cookies:  # as no browser does: where it would be read
            browser.cookies["session"] = browser.cookies[STAFF].value
        theirs, nobodys = (answer(browser, method, address) for address in (foreign, invented))
        assert theirs == nobodys
        assert theirs[0] == 404
        for secret in (world.site.cibtp_id, world.site.siret, world.site.adherent.company_name, INVENTED):
            assert secret not in theirs[3]


def test_what_is_asked_for_is_never_repeated(world):
    browser = world.client_of("owner")
    for path in ("/zzz-canari/", f"/sites/{world.site.cibtp_id}/zzz-canari/", "/sites/zzz-canari/"):
        for query in ("", "?q=zzz-canari"):
            answered = browser.get(path + query)
            assert answered.status_code == 404
            assert "zzz-canari" not in answered.content.decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", [route for route in OF_A_SITE if "<int:" in route])
def test_through_ones_own_site_anothers_object_and_an_invented_one_answer_alike(world, route, method):
    browser = world.client_of("owner")
    numbers = [other.number_on(route) for other in world.foreign] + [999_999]
    answers = [
        answer(browser, method, world.address(route.replace("<int:number>", str(number))))
        for number in numbers
    ]
    assert all(one == answers[-1] for one in answers)
    assert answers[-1][0] in {404, 405}


@pytest.mark.parametrize("persona", ["owner", "reader"])
@pytest.mark.parametrize("route", [*OF_A_SITE, "sites/"])
def test_whatever_one_asks_of_ones_own_pages_they_show_nothing_of_another_site(world, route, persona):
    browser = world.client_of(persona)
    for other in world.foreign:
        company = other.site.adherent
        asked = (
            other.number,
            other.right,
            other.site.pk,
            company.pk,
            other.site.cibtp_id,
            company.number,
            other.site.siret,
        )
        for value in asked:
            query = dict.fromkeys(ASKED_UNDER, str(value))
            page = browser.get(world.address(route), query, follow=True).content.decode()
            typed = {str(value)}  # a search repeats what was typed into it
            assert [canary for canary in other.canaries if canary in page and canary not in typed] == []


def test_the_canaries_are_there_to_be_found(world):
    for other in world.foreign:
        browser = Client()
        browser.force_login(other.site.delegations.get().beneficiary)
        stop = f"intemperies/arrets/{other.stoppage.pk}/"
        pages = ("adherent/informations/", "salaries/", "intemperies/arrets/", stop)
        page = "".join(browser.get(f"/sites/{other.site.cibtp_id}/{each}").content.decode() for each in pages)
        assert [canary for canary in other.canaries if canary not in page] == []


# --- an employer who names himself the responsable of a firm (product.md 6.2) -------------------------

EVERYTHING = {(row.code, None): row.highest for row in all_features()}
WALKED = [route for route in routes() if not route.startswith("admin/") and route != "deconnexion/"]


def read_whole(response):
    """All that an answer holds, a file and what is packed in it included."""
    body = b"".join(response) if response.streaming else response.content
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return body.decode(errors="replace")


@pytest.fixture
def himself(world):
    """The world in which the owner is also his firm's head for his own site; the firm has another client."""
    firm, owner = world.site.adherent.accounting_firm, world.people["owner"]
    of_the_firm = Delegation.objects.filter(site=world.site, side=Side.FIRM, over_at=None)
    of_the_firm.update(over_at=clock.now(), outcome=Outcome.CLOSED)
    firm_of(world.site, EVERYTHING, firm=firm, beneficiary=owner)
    client = foreign("client", adherent=AdherentFactory(company_name="CANARI-CLIENT", accounting_firm=firm))
    people = [
        UserFactory(email=f"canari-{name}@exemple.fr", last_name=f"CANARI-{name}")
        for name in ("tete", "adjoint")
    ]
    held = firm_of(client.site, EVERYTHING, firm=firm, beneficiary=people[0])
    passed_on(held, {}, role=Role.DEPUTY, beneficiary=people[1])
    names = ["CANARI-CLIENT", *(word for one in people for word in (one.email, one.last_name))]
    client.canaries += tuple(names)
    return World(
        world.site, world.number, world.right, world.stoppage, [client], world.people | {"head": people[0]}
    )


def of_the_client(world):
    """The client's numbers and identifiers, under which something could be asked for."""
    (client,) = world.foreign
    rows = [row.pk for row in client.site.delegations.all()]
    return [client.number, client.site.pk, client.site.cibtp_id, *rows]


def shown(world, page, typed):
    return [canary for canary in world.foreign[0].canaries if canary in page and canary != str(typed)]


@pytest.mark.parametrize("route", WALKED)
def test_who_names_himself_head_of_a_firm_sees_nothing_of_its_other_clients(himself, route):
    browser = himself.client_of("owner")
    for value in of_the_client(himself):
        query = dict.fromkeys(ASKED_UNDER, str(value))
        addresses = {himself.address(route)}
        if isinstance(value, int):
            addresses.add(himself.address(route.replace("<int:number>", str(value))))
        for address in addresses:
            for answered in (browser.get(address, query, follow=True), browser.post(address, query)):
                assert shown(himself, read_whole(answered), value) == []


@pytest.mark.parametrize("route", OF_A_SITE)
def test_who_names_himself_head_of_a_firm_does_not_enter_its_other_clients_sites(himself, route):
    browser = himself.client_of("owner")
    client = himself.foreign[0].site.cibtp_id
    address = himself.address(route).replace(himself.site.cibtp_id, client)
    assert {browser.get(address).status_code, browser.post(address).status_code} == {404}


def test_whom_the_client_named_finds_them(himself):
    browser, client = himself.client_of("head"), himself.foreign[0]
    address = himself.address("sites/<cibtp:cibtp_id>/adherent/informations/")
    page = read_whole(browser.get(address.replace(himself.site.cibtp_id, client.site.cibtp_id)))
    for canary in ("CANARI-CLIENT", client.site.name, "CANARI-tete"):
        assert canary in page
