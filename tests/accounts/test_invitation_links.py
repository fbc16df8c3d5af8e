"""What a link of invitation is worth, whoever opens it: a week, the last one sent only (R18, R20)."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils.http import int_to_base36

from accounts.models import Opening, User
from delegations.closing import close
from delegations.confirming import answer
from delegations.invitations import send_again
from delegations.models import Delegation, Role, Side, Status
from portal import clock, tokens
from portal.origin import COMMAND
from tests.accounts.conftest import link_in, mails_to, opened
from tests.accounts.invitations import EMAIL, TYPED, invited, read, signed_in
from tests.factories import SiteFactory, UserFactory, owner_of

pytestmark = pytest.mark.django_db
A_WEEK = dt.timedelta(days=7)


def accepted(one):
    Client().post(one.link, TYPED)
    return one.link


def renewed(one):
    former = one.link
    send_again(one.invitation)
    return former


def closed(one):
    close(person=one.giver, site=one.site, side=Side.COMPANY, number=one.delegation.pk, origin=COMMAND)
    return one.link


def refused(one):
    Client().post(one.link, {"decline": "oui"})
    return one.link


def ended(one):
    Delegation.objects.filter(pk=one.delegation.pk).update(
        starts_on=clock.today() - dt.timedelta(days=3), ends_on=clock.today() - dt.timedelta(days=1)
    )
    return one.link


def expired(one):
    old = clock.now() - A_WEEK - dt.timedelta(seconds=1)
    with time_machine.travel(old, tick=False):
        token = tokens.make("delegation", one.invitation.pk, one.invitation.number)
    return f"/delegation/{token}/"


STATES = {
    "used": (accepted, 200, "Cette invitation est acceptée"),
    "replaced": (renewed, 410, "Un lien plus récent a été envoyé"),
    "closed": (closed, 410, "Les droits qu’elle offrait ont pris fin"),
    "refused": (refused, 410, "Vous avez refusé ces droits"),
    "ended": (ended, 410, "Les droits qu’elle offrait ont pris fin"),
    "expired": (expired, 410, "Recevoir un nouveau lien"),
    "dead": (lambda one: "/delegation/x/", 410, "Il est incomplet"),
}
READERS = {
    "anonymous": Client,
    "invited": lambda: signed_in(User.objects.filter(email=EMAIL).first() or UserFactory(email=EMAIL)),
    "another": lambda: signed_in(owner_of(SiteFactory())),
    "staff": lambda: signed_in(UserFactory(is_staff=True, is_superuser=True)),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("state", STATES)
def test_each_state_says_what_happened_and_nothing_changes_it(state, reader):
    one = invited()
    prepare, status, told = STATES[state]
    link = prepare(one)
    browser = READERS[reader]()
    before = one.now.status_on(), User.objects.filter(email=EMAIL).count()
    for act in (None, {"accept": "oui"}, {"decline": "oui"}, TYPED):
        page = browser.get(link) if act is None else browser.post(link, act)
        assert page.status_code == status
        assert told in read(page)
    assert (one.now.status_on(), User.objects.filter(email=EMAIL).count()) == before


@pytest.mark.parametrize("state", ["closed", "ended", "refused"])
def test_what_is_over_says_whom_to_ask(client, state):
    one = invited()
    page = read(client.get(STATES[state][0](one)))
    assert "Anaïs Lefèvre" in page
    assert one.site.adherent.company_name in page


def test_what_is_dead_or_replaced_names_nobody(client):
    one = invited()
    for link in (renewed(one), "/delegation/x/"):
        page = read(client.get(link))
        assert "Anaïs" not in page
        assert one.site.cibtp_id not in page
        assert EMAIL not in page


def test_a_link_expires_after_seven_days_to_the_second_and_another_one_goes_to_the_same_address(client):
    """R18."""
    with time_machine.travel(clock.now().replace(microsecond=0), tick=False) as now:
        one = invited()
        link = one.link
        now.shift(A_WEEK)
        assert client.get(link).status_code == 200
        now.shift(1)
        assert client.get(link).status_code == 410
        assert client.post(link, TYPED).status_code == 410
        assert one.now.status_on() is Status.INVITED
        assert "à l’adresse invitée" in read(client.post(link, {"renew": "oui"}))
        assert len(mails_to(EMAIL)) == 2
        assert "Ce lien a été remplacé" in read(client.get(link))
        assert client.post(one.link, TYPED)["Location"] == "/connexion/"


def test_a_new_link_is_sent_in_place_of_an_expired_one_only(client):
    one = invited()
    former = renewed(one)
    for link in (one.link, former, closed(one)):
        client.post(link, {"renew": "oui"})
    assert len(mails_to(EMAIL)) == 2


def test_new_links_are_limited_like_every_mail(client):
    one = invited()
    statuses = [client.post(expired(one), {"renew": "oui"}).status_code for _ in range(7)]
    assert 429 in statuses
    assert len(mails_to(EMAIL)) < 8


def test_a_link_sent_again_kills_the_former(client):
    """R18."""
    one = invited()
    former = renewed(one)
    assert client.post(former, TYPED).status_code == 410
    assert client.post(one.link, TYPED)["Location"] == "/connexion/"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-2] + "AA",
        lambda t: "x",
        lambda t: t + ".x",
        lambda t: t.upper(),
        lambda t: "confirmation",
    ],
)
def test_a_forged_link_is_worth_nothing(client, spoil):
    one = invited()
    token = one.link.split("/")[2]
    assert client.post(f"/delegation/{spoil(token)}/", TYPED).status_code == 410
    assert one.now.status_on() is Status.INVITED


# --- every kind of token at every door (R20) --------------------------------------------------------


@pytest.fixture
def doors(client, letters):
    """A genuine token of each kind, and where it is worth something."""
    opened(client, letters)
    client.cookies.clear()
    activation = link_in(mails_to("marie.keller@exemple.fr")[0]).split("/")[2]
    one, head = invited(), invited("odile@cabinet.fr", role=Role.HEAD)
    signed_in(UserFactory(email=head.email)).post(head.link, {"accept": "oui"})
    person = head.giver
    reset = f"{int_to_base36(person.pk)}-{default_token_generator.make_token(person)}"
    confirmation = tokens.make("delegation.confirmation", head.delegation.pk)
    return {
        "activation": ("/activation/{}/", activation),
        "reset": ("/mot-de-passe/nouveau/{}/", reset),
        "invitation": ("/delegation/{}/", one.link.split("/")[2]),
        "confirmation": ("/delegation/confirmation/{}/", confirmation),
    }, person


@pytest.mark.parametrize("kind", ["activation", "reset", "invitation", "confirmation"])
def test_a_token_opens_its_own_door_only(doors, kind):
    kinds, person = doors
    for name, (door, _) in kinds.items():
        browser = signed_in(person) if name == "confirmation" else Client()
        page = browser.get(door.format(kinds[kind][1]), follow=True)
        assert page.status_code == (200 if name == kind else 410), name


@pytest.mark.parametrize("kind", ["activation", "reset", "invitation"])
def test_no_token_of_another_kind_does_anything_here(doors, kind):
    kinds, person = doors
    before = list(Delegation.objects.order_by("pk").values())
    browser = signed_in(person)
    assert browser.post(f"/delegation/confirmation/{kinds[kind][1]}/").status_code == 405
    for other in ("activation", "reset", "confirmation"):
        assert Client().post(f"/delegation/{kinds[other][1]}/", TYPED).status_code == 410
    assert list(Delegation.objects.order_by("pk").values()) == before
    assert Opening.objects.get().activated_at is None


def test_the_firms_head_reads_that_the_company_must_confirm_then_what_it_answered(client):
    head = invited(role=Role.HEAD)
    company = head.site.adherent.company_name
    assert f"Après votre accord, {company} devra confirmer" in read(client.get(head.link))
    client.post(head.link, TYPED)
    assert "doit encore confirmer vos droits" in read(client.get("/connexion/"))
    page = read(client.get(head.link))
    limit = clock.today() + dt.timedelta(days=30)
    assert f"À confirmer par l’entreprise, au plus tard le {limit:%d/%m/%Y}" in page
    answer(person=head.giver, site=head.site, number=head.delegation.pk, confirmed=False, origin=COMMAND)
    assert "L’entreprise a refusé." in read(client.get(head.link))
