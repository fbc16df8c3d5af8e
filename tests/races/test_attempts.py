"""The page of the summary sent twice at one instant: given once, and both are told the same (R85)."""

import pytest

from delegations.models import Delegation, Invitation
from portal.messaging.models import Message
from tests.delegations.rights_pages import (
    ADDRESS,
    Form,
    browser_of,
    owner_at,
    press,
    radio,
    site_with_firm,
    url,
)
from tests.factories import DelegationFactory, SiteFactory

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]
READS = {"email": ADDRESS, radio("employees.employee"): "1"}


@pytest.mark.parametrize("name", ["add", "several", "firm"])
def test_two_clicks_at_one_instant_give_once_and_both_confirm(at_once, name):
    site, other = site_with_firm(), SiteFactory()
    owner, browser = owner_at(site)
    DelegationFactory(site=other, beneficiary=owner)
    page = url(site, name)
    chosen = {"sites": [site.cibtp_id, other.cibtp_id]} if name == "several" else {}
    summary = press(browser, page, browser.get(page), "check", READS | chosen)
    sent = Form(summary).sent("save")
    browsers = [browser_of(owner) for _ in range(2)]
    answers = at_once(*(lambda one=one: one.post(page, sent) for one in browsers))
    assert [getattr(answer, "status_code", answer) for answer in answers] == [302, 302]
    assert Invitation.objects.count() == 1
    assert Delegation.objects.filter(email=ADDRESS).count() == len(chosen.get("sites", [1]))
    assert Message.objects.filter(recipient=ADDRESS).count() == 1
    for one in browsers:
        assert ADDRESS in one.get(url(site, "list")).content.decode().split("messages", 1)[1]
