"""What an invitation's link is worth, day by day, and sending it again (product.md 6.3)."""

import pytest
import time_machine

from delegations import accepting, invitations
from delegations.invitations import LinkState
from delegations.models import Side, Status
from delegations.notices import CONFIRMATION, INVITATION
from delegations.refusals import AlreadyAnswered, AlreadyOver
from portal import tokens
from tests.delegations.scenes import (
    NOON,
    ORIGIN,
    Watch,
    accept,
    close,
    day,
    firm_on,
    fresh,
    give,
    opened_site,
    refused,
    terms,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def offered():
    site, owner = opened_site()
    return give(owner, site, terms(ends_on=day(20)))


def token_in(mail):
    """The token of the link that the mail bears."""
    return mail.secret.rstrip("/").rpartition("/")[2]


def token_of(delegation):
    return tokens.make(INVITATION, delegation.invitation.pk, delegation.invitation.number)


def state(token):
    return invitations.read_link(token).state


def test_the_link_of_the_mail_is_ready():
    site, owner = opened_site()
    watch = Watch()
    made = give(owner, site, terms())
    link = invitations.read_link(token_in(watch.mails[0]))
    assert (link.state, link.invitation) == (LinkState.READY, made.invitation)


@pytest.mark.parametrize(
    ("moment", "worth"),
    [
        ("2026-06-17T12:00:00+02:00", LinkState.READY),
        ("2026-06-17T12:00:01+02:00", LinkState.EXPIRED),
        ("2026-06-30T23:59:59+02:00", LinkState.EXPIRED),
        ("2026-07-01T00:00:00+02:00", LinkState.OVER),
    ],
)
def test_it_lives_seven_days_and_dies_with_what_it_offers(offered, moment, worth):
    token = token_of(offered)
    with time_machine.travel(moment, tick=False):
        assert state(token) is worth


def test_a_dead_link_leaves_the_line_waiting(offered):
    assert fresh(offered).status_on(day(19)) is Status.INVITED


def test_reading_a_link_changes_nothing(offered, django_assert_num_queries):
    token = token_of(offered)
    with django_assert_num_queries(2):
        state(token)
    assert fresh(offered).status_on() is Status.INVITED


def test_once_accepted_it_is_used(offered):
    token = token_of(offered)
    accept(offered)
    assert state(token) is LinkState.USED


@pytest.mark.parametrize("end", ["closed", "declined", "its firm closed"])
def test_once_over_it_is_over(end):
    site, owner = opened_site()
    firm = firm_on(site, owner)
    offered = give(firm.beneficiary, site, terms(), side=Side.FIRM)
    token = token_of(offered)
    if end == "closed":
        close(firm.beneficiary, offered, Side.FIRM)
    elif end == "declined":
        accepting.decline(invitation=offered.invitation, origin=ORIGIN)
    else:
        close(owner, firm)
    assert state(token) is LinkState.OVER


def test_what_is_not_ours_is_dead(offered):
    token = token_of(offered)
    forged = ["x", "", token[:-1], tokens.make(CONFIRMATION, offered.invitation.pk, 1)]
    forged.append(tokens.make(INVITATION, offered.invitation.pk + 99, 1))
    assert {state(one) for one in forged} == {LinkState.DEAD}
    assert invitations.read_link("x").invitation is None


def test_sent_again_the_former_link_is_replaced_and_the_new_one_lives_a_week(offered):
    former = token_of(offered)
    with time_machine.travel("2026-06-20T12:00:00+02:00", tick=False):
        watch = Watch()
        invitations.send_again(offered.invitation)
        (mail,) = watch.mails
        assert mail.recipient == offered.email
        assert state(token_in(mail)) is LinkState.READY
        assert state(former) is LinkState.REPLACED
    with time_machine.travel("2026-06-27T12:00:00+02:00", tick=False):
        assert state(token_in(mail)) is LinkState.READY


def test_what_was_accepted_is_not_sent_again(offered):
    accept(offered)
    with refused(AlreadyAnswered, "Cette invitation est déjà acceptée."):
        invitations.send_again(offered.invitation)


@pytest.mark.parametrize("how", ["declined", "past its last day"])
def test_what_ended_is_not_sent_again(offered, how):
    if how == "declined":
        accepting.decline(invitation=offered.invitation, origin=ORIGIN)
    moment = "2026-07-01T00:00:00+02:00" if how == "past its last day" else NOON
    with time_machine.travel(moment, tick=False):
        watch = Watch()
        with refused(AlreadyOver, "Cette délégation est terminée"):
            invitations.send_again(offered.invitation)
        assert watch.mails == []
