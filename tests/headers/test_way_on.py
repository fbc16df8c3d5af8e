"""Where one is led after signing in, and « Annuler », stay on this portal (R72)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client, RequestFactory

from portal.web.way_on import safe_next
from tests.factories import PASSWORD, DelegationFactory, SiteFactory, owner_of

pytestmark = pytest.mark.django_db
HERE = "http://testserver/connexion/"
PAYLOADS = [
    "//e.example", "///e.example", "////e.example", "/\\e.example", "\\/e.example", "\\\\e.example",
    "/\\/e.example", "https://e.example", "https:/e.example", "https:/\\e.example", "https:e.example",
    "http:///e.example", "HTTPS://e.example", "%2f%2fe.example", "/%2fe.example", "/%5ce.example",
    "%5c%5ce.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
    "data:text/html,<script>", "vbscript:x", "/\r\nLocation: https://e.example", "\r\n//e.example",
    "/\t/e.example", "\t//e.example", "/%09/e.example", "/\n/e.example", " //e.example", "\u00a0//e.example",
    "//e。example", "//ｅ.example", "//xn--e-ufa.example", "@e.example", "//testserver@e.example",
    "http://testserver@e.example/", "http://testserver.e.example/", "//testserver:80@e.example",
    "http://[::1]/", "//[e.example", "\x00//e.example", "\x01https://e.example", "//\u2028e.example",
    "ftp://e.example", "//testserver\\@e.example", "/x/../..//e.example",
]  # fmt: skip


def where(location: str) -> str:
    """The host to which a browser goes, as the URL standard has it read what servers send."""
    seen = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(0x21))))
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", seen)
    if scheme and scheme[0].lower() not in {"http:", "https:"}:
        return f"not a page: {location}"
    if scheme:  # « https:/e » and « https:e » lead to e as well
        return urlsplit("//" + seen[scheme.end() :].replace("\\", "/").lstrip("/")).netloc
    return urlsplit(urljoin(HERE, re.sub(r"^//+", "//", seen.replace("\\", "/")))).netloc


@pytest.mark.parametrize("hostile", ["//e", "/\\e", "https:/e", "https:e", "/\t/e", "\x01//e", "///e"])
def test_the_browser_of_these_tests_is_as_credulous_as_a_real_one(hostile: str) -> None:
    assert where(hostile) == "e"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_signing_in_leads_nowhere_else(client: Client, payload: str) -> None:
    user = owner_of(SiteFactory())
    typed = {"email": user.email, "password": PASSWORD, "next": payload}
    answer = client.post("/connexion/", typed)
    assert answer.status_code == 302
    for _ in range(5):
        assert where(answer["Location"]) == "testserver"
        assert "\n" not in answer["Location"]
        answer = client.get(urljoin(HERE, answer["Location"]))
        if answer.status_code not in {301, 302, 307, 308}:
            break
    assert answer.status_code in {200, 404}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_who_is_signed_in_already_is_led_nowhere_else(client: Client, payload: str) -> None:
    client.force_login(owner_of(SiteFactory()))
    assert where(client.get("/connexion/", {"next": payload})["Location"]) == "testserver"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_cancelling_leads_to_a_site_of_ones_own_or_nowhere(client: Client, payload: str) -> None:
    first, second = SiteFactory(), SiteFactory()
    user = owner_of(first)
    DelegationFactory(site=second, beneficiary=user)
    client.force_login(user)
    page = client.get("/sites/", {"retour": payload})
    assert page.status_code == 200
    links = re.findall(r'(?:href|action)="((?!tel:)[^"]*)"', page.content.decode())
    assert f"/sites/{first.cibtp_id}/" in links
    assert {where(link.replace("&amp;", "&")) for link in links} == {"testserver"}
    assert page.context["back"] == ""
    assert client.get("/sites/", {"retour": first.cibtp_id}).context["back"] == f"/sites/{first.cibtp_id}/"


@pytest.mark.parametrize("address", ["/sites/", "/sites/29209-001-12/?a=1&b=//e", "/admin/?next=https://e"])
def test_an_address_of_ours_is_kept(address: str) -> None:
    assert safe_next(RequestFactory().get("/connexion/", {"next": address})) == address
