"""Every kind of failure is answered alike, and in the same time, with Redis and without (R01-R04)."""

import datetime as dt
from typing import NamedTuple

import pytest

from accounts.models import CodeRequest
from portal import clock
from tests.accounts.conftest import connection
from tests.alike import lasting
from tests.factories import PASSWORD
from tests.faults.journeys import proved
from tests.imports.extract_files import wrong_key
from tests.production_portal import ProductionPortal
from tests.timing.measuring import check_alike, check_door, next_network
from tests.timing.subjects import (
    addresses,
    administered,
    asked_before,
    blocked,
    letters,
    openings,
    sites,
    users,
)

pytestmark = [pytest.mark.timing, pytest.mark.timeout(400)]
WRONG = "Ardoise-Grise-7!"  # as long as PASSWORD
WRONG_CODE = "WXYZ-9876-GH"


class Door(NamedTuple):
    """A running portal, and how often to ask it for each kind of failure."""

    portal: ProductionPortal
    tries: int


@pytest.fixture(params={"Redis up": 200, "Redis stopped": 100}.items(), ids=lambda item: item[0])
def door(request, portal):
    state, tries = request.param
    if state == "Redis stopped":
        portal.broker.stop()
    return Door(portal, tries)


def forms(emails, password):
    return [{"email": email, "password": password} for email in emails]


def emails_of(people):
    return [person.email for person in people]


def sign_in_failures(count):
    waiting = users(count, is_active=False, email_certified_at=None)
    openings(waiting)
    return {
        "unknown": forms(addresses(count), PASSWORD),
        "wrong password": forms(emails_of(users(count)), WRONG),
        "not activated": forms(emails_of(waiting), PASSWORD),
        "not activated, wrong password": forms(
            emails_of(users(count, is_active=False, email_certified_at=None)), WRONG
        ),
        "staff, wrong password": forms(emails_of(users(count, is_staff=True, is_superuser=True)), WRONG),
        "disabled": forms(emails_of(users(count, is_active=False)), PASSWORD),
        "without a usable password": forms(emails_of(users(count, password="!unusable")), PASSWORD),
    }


def blocked_sign_ins(count):
    known, unknown = emails_of(users(count)), addresses(count)
    blocked(known + unknown)
    return {"known": forms(known, PASSWORD), "unknown": forms(unknown, PASSWORD)}


def test_sign_in_tells_nothing_by_its_answer_or_its_time(door):
    """R01, R02."""
    check_door(door.portal, "/connexion/", sign_in_failures, door.tries)


def test_a_blocked_sign_in_tells_nothing_by_its_answer_or_its_time(door):
    """R01."""
    check_door(door.portal, "/connexion/", blocked_sign_ins, door.tries)


def identified(of, codes):
    return [
        {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code}
        for site, code in zip(of, codes, strict=True)
    ]


def with_letters(count, closed_on=None, **fields):
    of = sites(count, closed_on=closed_on)
    return identified(of, [code for code, _ in letters(of, **fields)])


def opening_failures(count):
    now = clock.now()

    def changed(column, change):
        return [form | {column: change(form[column])} for form in with_letters(count)]

    return {
        "unknown identifier": changed("cibtp_id", lambda typed: "9" + typed[1:]),
        "malformed identifier": changed("cibtp_id", lambda typed: typed.replace("-", "x")),
        "wrong SIRET": changed("siret", wrong_key),
        "wrong code": changed("code", lambda _: WRONG_CODE),
        "no letter": identified(sites(count), [WRONG_CODE] * count),
        "expired code": with_letters(count, expires_at=now - dt.timedelta(days=1)),
        "used code": with_letters(count, used_at=now),
        "voided code": with_letters(count, voided_at=now),
        "closed site": with_letters(count, closed_on=clock.today() - dt.timedelta(days=30)),
    }


def test_opening_tells_nothing_by_its_answer_or_its_time(door):
    """R04."""
    check_door(door.portal, "/ouverture/", opening_failures, door.tries)


def resets(count):
    waiting = users(count, is_active=False, email_certified_at=None)
    openings(waiting)
    kinds = {
        "unknown": addresses(count),
        "activated": emails_of(users(count)),
        "not activated": emails_of(waiting),
        "disabled": emails_of(users(count, is_active=False)),
        "changing address": emails_of(users(count, is_active=False, address_changing=True)),
        "staff": emails_of(users(count, is_staff=True)),
    }
    return {kind: [{"email": email} for email in emails] for kind, emails in kinds.items()}


def test_a_reset_tells_nothing_by_its_answer_or_its_time(door):
    """R03."""
    check_door(door.portal, "/mot-de-passe/oublie/", resets, door.tries)


def code_requests(count):
    closed, waiting, opened = sites(count, closed_on=clock.today()), sites(count), sites(count)
    posted, replaced = sites(count), sites(count)
    letters(posted)
    asked_before(replaced)
    CodeRequest.objects.bulk_create(CodeRequest(site=site) for site in waiting)
    administered(opened)
    kinds = {"queued": sites(count), "closed": closed, "waiting": waiting, "opened": opened}
    kinds |= {"posted": posted, "replaced": replaced}
    forms = {kind: [{"cibtp_id": site.cibtp_id} for site in of] for kind, of in kinds.items()}
    unknown = [{"cibtp_id": "9" + form["cibtp_id"][1:]} for form in forms["queued"]]
    return forms | {"unknown": unknown}


def test_a_request_for_a_code_tells_nothing_by_its_answer_or_its_time(door):
    check_door(door.portal, "/code-confidentiel/nouveau/", code_requests, door.tries)


def addresses_for_step_two(count):
    kinds = {"new": addresses(count), "known": emails_of(users(count))}
    return {kind: [connection(email) for email in emails] for kind, emails in kinds.items()}


def test_step_two_and_its_end_tell_nothing_of_an_address_by_their_answer_or_their_time(door):
    ends = set()

    def ask(form):
        with proved(door.portal, next_network()) as visitor:
            answer = visitor.post("/ouverture/connexion/", **form)
            end = visitor.get("/ouverture/terminee/")
            ends.add((end.status, lasting(end.body).replace(form["email"], "")))
            return answer

    check_alike(ask, addresses_for_step_two, door.tries // 2)
    assert len(ends) == 1
