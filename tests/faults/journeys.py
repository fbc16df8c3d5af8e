"""Walking the doors of a running portal, and what is to be read of them in the database."""

from __future__ import annotations

from accounts.models import User
from portal.messaging.models import Message
from tests.accounts.conftest import connection
from tests.factories import SiteFactory, letters_of, owner_of
from tests.production_portal import ProductionPortal
from tests.visitor import Answer, Visitor


def proved(portal: ProductionPortal, network: str = "203.0.113.1") -> Visitor:
    """A visitor who is at step 2 of the opening of a new site."""
    site = SiteFactory()
    code, _ = letters_of(site)
    visitor = Visitor(portal.web_port, network)
    visitor.get("/ouverture/")
    answer = visitor.post("/ouverture/", cibtp_id=site.cibtp_id, siret=site.siret, code=code)
    assert answer.header("location") == "/ouverture/connexion/", answer.body
    visitor.get("/ouverture/connexion/")
    return visitor


def opened(portal: ProductionPortal, email: str) -> Answer:
    """The answer to a whole step 2: the activation mail is written."""
    with proved(portal) as visitor:
        answer = visitor.post("/ouverture/connexion/", **connection(email))
    assert answer.header("location") == "/ouverture/terminee/", answer.body
    return answer


def mail_to(email: str) -> Message:
    """The row of the one mail to that address."""
    return Message.objects.get(recipient=email)


def site_page() -> tuple[str, User]:
    """The home page of a site, and who administers it."""
    site = SiteFactory()
    return f"/sites/{site.cibtp_id}/", owner_of(site)
