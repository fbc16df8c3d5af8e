"""Whoever reads the refunds of one collège meets no amount of another: page, totals, files and source."""

import io

import pytest
from openpyxl import load_workbook

from delegations.deciding import access_of
from intemperies.models import RefundLine, RefundState
from portal.access.levels import College
from portal.journal.models import Entry
from tests.factories import SiteFactory, owner_of, reader_of_colleges
from tests.intemperies.refunds import CODE, address, figures, refund_line, sent, signed_in, words

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"
# Drawn so that neither one of them nor a sum with one is written inside another.
OUVRIER = ("7001.13", "7003.17", "7007.19")  # estimate, provisional, final
ETAM = ("201.31", "203.37", "207.41")
ELSEWHERE = "9091.97"
STATES = (RefundState.PROVISIONAL, RefundState.FINAL)


@pytest.fixture
def site():
    """A site with three amounts of each of two collèges, an estimate in one declaration; another site."""
    site = SiteFactory()
    sent(site, {College.OUVRIER: OUVRIER[0], College.ETAM: ETAM[0]})
    for college, amounts in ((College.OUVRIER, OUVRIER), (College.ETAM, ETAM)):
        for state, amount in zip(STATES, amounts[1:], strict=True):
            refund_line(site, amount, college, state=state)
    sister = SiteFactory(adherent=site.adherent)
    sent(sister, {College.ETAM: ELSEWHERE})
    refund_line(sister, ELSEWHERE, College.ETAM)
    return site


def everywhere(browser, site):
    """All that the page and its files say, amounts written the same way."""
    texts = [words(browser.get(address(site)))]
    texts.append(browser.post(address(site, "exporter/"), {"format": "csv"}).content.decode())
    book = load_workbook(io.BytesIO(browser.post(address(site, "exporter/")).content))
    texts += [str(cell.value) for row in book.active for cell in row]
    return "\n".join(texts).replace(NBSP, "").replace(",", ".")


def test_a_reader_of_one_college_meets_no_amount_of_another_anywhere(site):
    seen = everywhere(signed_in(reader_of_colleges(site, College.ETAM, code=CODE)), site)
    assert all(amount in seen for amount in ETAM)
    for canary in (*OUVRIER, "7202.44", "7206.54", "7214.60", ELSEWHERE, "Ouvrier", "Cadre"):
        assert canary not in seen


def test_the_owner_meets_every_college_of_his_site_and_no_other_site(site):
    seen = everywhere(signed_in(owner_of(site)), site)
    for amount in (*OUVRIER, *ETAM, "7202.44", "7206.54", "7214.60"):
        assert amount in seen
    assert ELSEWHERE not in seen


def test_totals_are_of_what_one_may_read_and_the_page_says_which(site):
    page = signed_in(reader_of_colleges(site, College.ETAM, code=CODE)).get(address(site))
    amounts = dict(zip(("Estimation", "Provisoire", "Définitif"), ETAM, strict=True))
    assert figures(page) == {
        "2025-2026": {name: f"{amount.replace('.', ',')}{NBSP}€" for name, amount in amounts.items()}
    }
    assert f"Vous consultez ici{NBSP}: ETAM." in words(page)


def test_a_reader_of_a_college_without_any_refund_reads_that_there_is_none(site):
    reader = reader_of_colleges(site, College.CADRE, code=CODE)
    assert "Aucun remboursement n’est connu" in words(signed_in(reader).get(address(site)))
    assert not RefundLine.objects.visible_to(access_of(reader, site.cibtp_id)).exists()


def test_a_campaign_of_another_college_alone_is_not_even_named(site):
    refund_line(site, OUVRIER[1], start_year=2019)
    sent(site, {College.OUVRIER: OUVRIER[0]})
    page = signed_in(reader_of_colleges(site, College.ETAM, code=CODE)).get(address(site))
    assert "2019-2020" not in words(page)
    assert "d’après 1 déclaration envoyée<" in words(page)


def test_the_right_on_declarations_opens_no_refund_and_theirs_no_declaration(site):
    declarant = signed_in(reader_of_colleges(site, College.ETAM, code="intemperies.stoppage"))
    for answer in (declarant.get(address(site)), declarant.post(address(site, "exporter/"))):
        assert answer.status_code == 403
        assert ETAM[1].replace(".", ",") not in words(answer)
    assert not Entry.objects.filter(action="refunds.exported").exists()
    reader = signed_in(reader_of_colleges(site, College.ETAM, code=CODE))
    assert f'href="/sites/{site.cibtp_id}/intemperies/arrets/"' not in words(reader.get(address(site)))


def test_the_entry_of_the_menu_is_for_who_may_read_it(site):
    link, home = f'href="{address(site)}"', f"/sites/{site.cibtp_id}/"
    assert link in words(signed_in(reader_of_colleges(site, College.ETAM, code=CODE)).get(home))
    assert link not in words(signed_in(reader_of_colleges(site, College.ETAM)).get(home))
