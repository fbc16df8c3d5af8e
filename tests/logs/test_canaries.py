"""The whole first path with canaries: none is in a log, on the broker or in an error report (R75)."""

from __future__ import annotations

import logging
import re
import smtplib
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
import redis
from django.conf import settings as portal_settings
from django.core.mail import EmailMultiAlternatives
from django.core.signals import got_request_exception
from django.db import IntegrityError
from django.test import Client
from django.views.debug import get_exception_reporter_class
from kombu.exceptions import OperationalError

from accounts.models import User
from accounts.views import activation as activation_page
from accounts.views import invited as invitation_page
from accounts.views import sign_in as sign_in_page
from adherents.models import Site
from portal.celery import app
from portal.logs.lines import JsonLines, Redacting
from portal.messaging.models import Message, Sms
from portal.messaging.tasks import send
from tests.accounts.conftest import accept_terms, connection, link_in, mails_to, send_all
from tests.accounts.invitations import TYPED, invited
from tests.canaries import dump_of
from tests.factories import SiteFactory, letters_of

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL, CORRECTED = "oiselle.passereau@exemple-nid.fr", "oiselle.rossignol@exemple-nid.fr"
INVITED = "oiselle.mesange@exemple-nid.fr"
PASSWORD, WRONG, NEW = "Canari-Truelle-26", "Canari-Faux-77", "Canari-Ardoise-88"
LANDLINE, MOBILE = "03 87 65 43 21", "06 98 76 54 32"
WRONG_CODE = "000 000"


class Kept(logging.Handler):
    """Everything that is logged, as both formatters write it, and as it was given."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.raw: list[str] = []
        self.formatters = (Redacting(), JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.raw.append(record.getMessage())
        self.lines += [formatter.format(record) for formatter in self.formatters]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """Every logger at its most talkative."""
    handler, root = Kept(), logging.getLogger()
    known = [one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    for logger in [root, *known]:
        monkeypatch.setattr(logger, "level", logging.DEBUG)
        monkeypatch.setattr(logger, "disabled", False)
        logger.manager._clear_cache()  # type: ignore[attr-defined]
        if logger is root or not logger.propagate:
            logger.addHandler(handler)
    yield handler
    for logger in [root, *known]:
        logger.removeHandler(handler)
    monkeypatch.undo()
    root.manager._clear_cache()  # type: ignore[attr-defined]


@pytest.fixture
def reports() -> Iterator[list[str]]:
    """What Django would mail of each failure."""
    written: list[str] = []

    def seen(request: Any = None, **kwargs: Any) -> None:
        report = get_exception_reporter_class(request)(request, *sys.exc_info(), is_email=True)
        written.extend([report.get_traceback_text(), report.get_traceback_html()])

    got_request_exception.connect(seen)
    yield written
    got_request_exception.disconnect(seen)


def on_the_broker() -> str:
    """What the broker holds, whole."""
    if portal_settings.REDIS_URL:
        with redis.Redis.from_url(portal_settings.REDIS_URL) as server:
            return "\n".join(dump_of(server))
    held = []
    with app.connection_for_read() as broker, broker.SimpleQueue("celery") as queue:
        while queue.qsize():
            message = queue.get_nowait()
            message.ack()
            held.append(f"{message.body!r} {message.headers} {message.properties}")
    return "\n".join(held)


class Walker:
    """Somebody who walks the first path, and what must be found nowhere."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.site: Site = SiteFactory()
        self.code = letters_of(self.site)[0]
        bare_phones = [phone.replace(" ", "") for phone in (LANDLINE, MOBILE)]
        self.canaries = {
            EMAIL, CORRECTED, INVITED, "passereau", "rossignol", "mesange", quote(EMAIL),
            PASSWORD, WRONG, NEW, LANDLINE, MOBILE, *bare_phones,
            *(f"+33{phone[1:]}" for phone in bare_phones),
            self.code, self.code.lower(), self.code.replace("-", ""),
        }  # fmt: skip

    def post(self, path: str, status: int, **sent: str) -> Any:
        """Send a form, and keep an eye on what the browser was given."""
        answer = self.client.post(path, sent)
        assert answer.status_code == status, (path, answer.status_code)
        self.remember_cookies()
        return answer

    def get(self, path: str, status: int = 200) -> Any:
        """Open a page, and keep an eye on its form's token."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        self.canaries |= set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode()))
        self.remember_cookies()
        return answer

    def remember_cookies(self) -> None:
        """Session ids and CSRF tokens are canaries."""
        self.canaries |= {cookie.value for cookie in self.client.cookies.values() if cookie.value}

    def link_to(self, email: str) -> str:
        """The link of the latest mail, whose token is a canary."""
        link = link_in(mails_to(email)[-1])
        self.canaries.add(link.strip("/").split("/")[-1])
        return link

    # --- the path ------------------------------------------------------------

    def opens(self) -> None:
        """Both steps, a wrong code first, an address corrected, and sent again."""
        typed = {"cibtp_id": self.site.cibtp_id, "siret": self.site.siret}
        self.get("/ouverture/")
        self.post("/ouverture/", 200, **typed, code="ZZZZ-2222-ZZ")
        self.post("/ouverture/", 302, **typed, code=self.code)
        values = connection(EMAIL, landline=LANDLINE, mobile=MOBILE)
        values |= {"password": PASSWORD, "password_again": PASSWORD}
        self.post("/ouverture/connexion/", 200, **(values | {"password_again": WRONG}))
        self.post("/ouverture/connexion/", 302, **values)
        self.get("/ouverture/terminee/")
        self.link_to(EMAIL)
        self.post("/ouverture/adresse/", 302, email=CORRECTED, email_again=CORRECTED)
        self.post("/ouverture/terminee/", 302)

    def activates(self) -> None:
        """By the link, twice, and by the link that the correction killed."""
        dead, link = link_in(mails_to(EMAIL)[0]), self.link_to(CORRECTED)
        self.get(dead, 410)
        self.get(link)
        self.post(link, 302)
        self.get(link)
        self.get(f"{link}x/", 404)

    def signs_in(self) -> None:
        """Wrong, by GET, right, out, and another's page."""
        self.get(f"/connexion/?email={quote(CORRECTED)}&password={WRONG}")
        self.post("/connexion/", 200, email=CORRECTED, password=WRONG)
        self.post(
            "/connexion/", 302, email=CORRECTED, password=PASSWORD, next=f"/sites/{self.site.cibtp_id}/"
        )
        self.get(f"/sites/{self.site.cibtp_id}/", 302)
        self.get("/conditions-generales/accepter/")
        accept_terms(self.client)
        self.get(f"/sites/{self.site.cibtp_id}/")
        self.certifies()
        self.get(f"/sites/99999-999-99/{quote(CORRECTED)}/{quote(MOBILE)}/", 404)
        self.post("/deconnexion/", 302)

    def certifies(self) -> None:
        """A code by SMS to a mobile: wrong, right, and the SMS sent."""
        self.post("/compte/mobile/", 302, mobile_step="send", mobile=MOBILE)
        code = Sms.objects.latest("pk").secret
        self.canaries |= {f" {code}.", f"'{code}'", f'"{code}"', f"={code}", code[:3] + "\u00a0" + code[3:]}
        self.post("/compte/mobile/", 200, mobile_step="check", mobile_code=WRONG_CODE)
        self.post("/compte/mobile/", 302, mobile_step="check", mobile_code=code)

    def resets(self) -> None:
        """Asked, done, and the link tried again."""
        self.post("/mot-de-passe/oublie/", 302, email=CORRECTED)
        link = self.link_to(CORRECTED)
        self.get(link)
        self.post(link, 200, password=NEW, password_again=WRONG)
        self.post(link, 302, password=NEW, password_again=NEW)
        self.get(link, 410)
        self.post("/connexion/", 302, email=CORRECTED, password=NEW)
        self.post("/deconnexion/", 302)

    def associates(self) -> None:
        """Another site joins the space."""
        other = SiteFactory()
        code, _ = letters_of(other)
        self.canaries |= {code, code.replace("-", "")}
        self.post("/association/", 302, cibtp_id=other.cibtp_id, siret=other.siret, code=code)
        self.post("/association/connexion/", 200, email=CORRECTED, password=WRONG)
        self.post("/association/connexion/", 302, email=CORRECTED, password=NEW)

    def is_invited(self) -> None:
        """By an employer, read before signing in, refused as another, then accepted by a new account."""
        invited(INVITED)
        link = self.link_to(INVITED)
        self.get(link)
        self.get(f"/connexion/?next={link}")
        self.post("/connexion/", 302, email=CORRECTED, password=NEW, next=link)
        self.post(link, 409, accept="oui")
        self.post("/deconnexion/", 302, next=link)
        values = TYPED | {"password": PASSWORD, "landline": LANDLINE, "mobile": MOBILE}
        self.get(link)
        self.post(link, 422, **(values | {"password_again": WRONG}))
        self.post(link, 302, **(values | {"password_again": PASSWORD}))
        self.get(link)

    def is_stopped(self) -> None:
        """Too many tries, no token, too large a body."""
        strict = Client(enforce_csrf_checks=True)
        sent = {"email": CORRECTED, "password": WRONG, "csrfmiddlewaretoken": "c" * 64}
        assert (
            strict.post("/connexion/", sent, headers={"referer": f"http://x/?e={CORRECTED}"}).status_code
            == 403
        )
        for _ in range(6):
            answer = self.client.post("/connexion/", {"email": CORRECTED, "password": WRONG})
        assert answer.status_code == 429
        assert (
            self.client.post(
                "/connexion/", f"e={EMAIL}" + "x" * 4_000_000, content_type="text/plain"
            ).status_code
            == 413
        )


def fails_with(make: Callable[..., Exception]) -> Callable[..., Any]:
    """A function that holds what it was given in local variables, and fails."""

    def fail(*given: Any, **named: Any) -> Any:
        local = (given, named)
        raise make(*local)

    return fail


def breaks(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure in the middle of a sign-in, of a link's page, and one that quotes the form itself."""
    user = User.objects.get(email=CORRECTED)
    quoted = (
        f"duplicate key value\nDETAIL:  Key (email, mobile)=({user.email}, {user.mobile}) already exists."
    )
    failures = [
        IntegrityError(quoted),
        ValueError(f"{user!r} {user.email} {user.mobile}"),
        KeyError({"email": CORRECTED, "password": WRONG, "landline": LANDLINE}),
    ]
    for failure in failures:
        with monkeypatch.context() as patch:
            patch.setattr(sign_in_page, "sign_in", fails_with(lambda *_, raised=failure: raised))
            answer = walker.post("/connexion/", 500, email=CORRECTED, password=WRONG)
        assert walker.code not in answer.content.decode()
    with monkeypatch.context() as patch:
        patch.setattr(activation_page, "read_link", fails_with(lambda *_: ValueError("no such link")))
        walker.get("/activation/TOKEN-CANARI/", 500)
    with monkeypatch.context() as patch:
        patch.setattr(invitation_page, "read_link", fails_with(lambda *_: ValueError("no such link")))
        walker.get("/delegation/TOKEN-CANARI/", 500)
        walker.post("/delegation/TOKEN-CANARI/", 500, password=WRONG, mobile=MOBILE)
    walker.canaries.add("TOKEN-CANARI")


def loses_its_servers(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server that refuses the recipient, and a broker that is away."""
    with monkeypatch.context() as patch:
        refusal = smtplib.SMTPRecipientsRefused({CORRECTED: (550, f"no {CORRECTED}".encode())})
        patch.setattr(EmailMultiAlternatives, "send", fails_with(lambda *_: refusal))
        send_all()
    with monkeypatch.context() as patch:
        away = OperationalError(f"redis://:{PASSWORD}@redis:6379/0 is away")
        patch.setattr(send, "apply_async", fails_with(lambda *_: away))
        walker.post("/mot-de-passe/oublie/", 302, email=CORRECTED)
        walker.link_to(CORRECTED)
    Message.objects.update(next_try_at="2020-01-01T00:00:00Z")
    send_all()


def test_no_canary_leaves_the_portal(kept: Kept, reports: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """R17, R75."""
    on_the_broker()
    walker = Walker()
    walker.opens()
    walker.activates()
    walker.signs_in()
    walker.resets()
    walker.associates()
    walker.is_invited()
    breaks(walker, monkeypatch)
    loses_its_servers(walker, monkeypatch)
    walker.is_stopped()
    broker = on_the_broker()

    logged = "\n".join(kept.lines)
    for place in (
        "route=activation/<str:token>/",
        "route=delegation/<str:token>/",
        "not sent",
        "broker away",
        "Internal Server Error",
        "Gone:",
    ):
        assert place in logged
    assert "messaging.send" in broker
    assert len(reports) == 12
    assert len(walker.canaries) > 30
    places = {"log": logged, "broker": broker, "reports": "\n".join(reports)}
    found = [(canary, name) for canary in walker.canaries for name, text in places.items() if canary in text]
    assert found == []
    # And the net was needed: what was given to the log did hold some.
    assert [canary for canary in walker.canaries if canary in "\n".join(kept.raw)]
