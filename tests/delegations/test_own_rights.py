"""Nobody widens or prolongs his own rights, whatever way round he takes (product.md 6.2)."""

import pytest
import time_machine

from accounts.models import User
from delegations.invitations import LinkState, read_link
from delegations.models import Delegation, Outcome, Role, Side
from delegations.refusals import OwnAddress, OwnRights
from portal import clock, tokens
from portal.folding import MOST_WORDS, words_of
from portal.limits.counting import Blocked, take
from portal.limits.models import Counter
from tests.delegations.scenes import (
    change,
    close,
    day,
    firm_on,
    fresh,
    give,
    given,
    of_role,
    refused,
    terms,
    to_firm,
)
from tests.factories import DelegationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
OWN = "Vous ne pouvez pas modifier vos propres droits"


@pytest.fixture
def leaving(site_and_owner):
    """An Administrateur whose rights end in three days."""
    site, owner = site_and_owner
    return given(owner, site, of_role(Role.ADMINISTRATOR, ends_on=day(3)), "part@exemple.fr")


def test_nobody_gives_to_his_own_address_neither_rights_nor_his_firms(site_and_owner, leaving):
    site, _ = site_and_owner
    person = leaving.beneficiary
    before = Delegation.objects.count()
    for wish in (terms(), of_role(Role.ADMINISTRATOR), to_firm()):
        with refused(OwnAddress, "C’est votre propre adresse"):
            give(person, site, wish, person.email)
    assert Delegation.objects.count() == before


def test_nobody_changes_or_closes_what_waits_for_himself(site_and_owner, leaving):
    site, owner = site_and_owner
    waits = give(owner, site, to_firm(ends_on=day(2)), leaving.beneficiary.email)
    with refused(OwnRights, OWN):
        change(leaving.beneficiary, waits, to_firm())
    with refused(OwnRights, OWN):
        close(leaving.beneficiary, waits)
    assert fresh(waits).ends_on == day(2)


def test_nobody_moves_the_firms_delegation_from_which_his_own_hangs(site_and_owner, leaving):
    site, owner = site_and_owner
    firm = firm_on(site, owner, ends_on=day(2))
    DelegationFactory(
        site=site,
        beneficiary=leaving.beneficiary,
        side=Side.FIRM,
        role=Role.DEPUTY,
        parent=firm,
        firm=firm.firm,
    )
    with refused(OwnRights, OWN):
        change(leaving.beneficiary, firm, to_firm())
    assert fresh(firm).ends_on == day(2)
    change(owner, firm, to_firm(starts_on=firm.starts_on))  # whose rights do not hang from it may
    assert fresh(firm).ends_on is None


def test_what_ended_shows_the_address_of_its_time(site_and_owner):
    site, owner = site_and_owner
    held = given(owner, site, terms(), "avant@exemple.fr")
    User.objects.filter(pk=held.beneficiary_id).update(email="apres@exemple.fr")
    assert fresh(held).address == "apres@exemple.fr"
    Delegation.objects.filter(pk=held.pk).update(over_at=clock.now(), outcome=Outcome.CLOSED)
    assert fresh(held).address == "avant@exemple.fr"


def test_an_old_link_says_nothing_any_more_of_what_was_accepted(site_and_owner):
    site, owner = site_and_owner
    held = given(owner, site, terms())
    token = tokens.make("delegation", held.invitation_id, 1)
    assert read_link(token).state is LinkState.USED
    with time_machine.travel("2026-06-17T12:00:01+02:00", tick=False):
        assert read_link(token).state is LinkState.DEAD


def test_a_change_is_limited_like_a_mail(site_and_owner):
    from delegations.limits import change_claims, invitation_claims

    for _ in range(20):
        take(*change_claims(1, 7))
    with pytest.raises(Blocked):
        take(*change_claims(2, 7))
    Counter.objects.all().delete()
    for giver in range(20):
        for _ in range(5):
            take(*invitation_claims(giver, "eve@exemple.fr"))
    with pytest.raises(Blocked):
        take(*invitation_claims(99, "eve@exemple.fr"))


def test_a_search_reads_a_few_words_each_once():
    assert words_of("Éa éA  b") == ["ea", "b"]
    assert len(words_of(" ".join("abcdefghijkl"))) == MOST_WORDS
