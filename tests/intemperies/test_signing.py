"""What is attested before a declaration is sent, and how its amounts are called."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from intemperies.models import Stoppage
from tests.intemperies.declaring import SIGNED, address, draft_by, read, sent_by, version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_rule_9_nothing_is_sent_without_the_attestation(browser, site, worksite, mason):
    worksite.public_works = True
    worksite.save()
    draft = draft_by(browser, worksite, mason)
    page = address(site, "envoi/", draft.pk)
    answer = browser.post(page, {"version": version(draft)})
    assert answer.status_code == 422
    for said in ("Dites si le CSE a été consulté", "Nommez le représentant", "Cochez cette attestation"):
        assert said in read(answer)
    signed = SIGNED | {"project_manager": "M. Roche", "version": version(draft)}
    assert browser.post(page, signed).status_code == 302
    assert Stoppage.objects.get().project_manager == "M. Roche"


@pytest.mark.parametrize(
    ("public", "without", "said"),
    [
        (False, "committee", "Dites si le CSE a été consulté"),
        (False, "conditions", "Cochez cette attestation"),
        (True, "project_manager", "Nommez le représentant"),
        (False, "project_manager", ""),  # of public works alone
    ],
)
def test_rule_9_each_part_of_the_attestation_is_asked_for(
    browser, site, worksite, mason, public, without, said
):
    worksite.public_works = public
    worksite.save()
    draft = draft_by(browser, worksite, mason)
    whole = SIGNED | {"project_manager": "M. Roche", "version": version(draft)}
    whole.pop(without)
    answer = browser.post(address(site, "envoi/", draft.pk), whole)
    assert answer.status_code == (422 if said else 302)
    assert said in read(answer)
    draft.refresh_from_db()
    assert draft.is_draft is bool(said)


def test_rule_25_an_amount_that_is_reckoned_here_is_called_an_estimate_wherever_it_is(
    browser, site, worksite, mason
):
    draft = draft_by(browser, worksite, mason)
    checks = read(browser.get(address(site, "controles/", draft.pk)))
    sent = sent_by(browser, draft)
    file = read(browser.get(address(site, "", sent.pk)))
    receipt = browser.get(address(site, "recepisse/", sent.pk)).content
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(receipt)).pages)
    for told in (checks, file, paper):
        assert "115,50" in told.replace("\u202f", " ")
        assert "estimation" in told.lower()
    for page in (checks, file):
        assert "Indemnité (estimation)" in page
        assert "Remboursement (estimation)" in page
    refunds = read(browser.get(f"/sites/{site.cibtp_id}/intemperies/remboursements/"))
    assert "Estimation" in refunds
    assert "Provisoire" in refunds
    assert "Définitif" in refunds
