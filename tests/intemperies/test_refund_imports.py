"""The extract of refunds: who is given back what, for which month, and how sure it is."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from intemperies.models import RefundLine, RefundState
from portal.access.levels import College
from tests.factories import SiteFactory
from tests.imports import extract_files as files
from tests.intemperies.refunds import refund_line

pytestmark = pytest.mark.django_db
NAME = "remboursements.csv"


@pytest.fixture
def folder(tmp_path):
    """Two sites and three lines, imported."""
    files.write(tmp_path, "adherents.csv", [files.adherent(1), files.adherent(2)])
    files.write(tmp_path, "sites.csv", [files.site(1), files.site(2)])
    provisional = {"campagne": "2025-2026", "etat": "PROVISOIRE", "periode": "01/2026", "montant": "20,5"}
    lines = [files.refund(1), files.refund(1, college="ETAM"), files.refund(2, **provisional)]
    files.write(tmp_path, NAME, lines)
    files.run(tmp_path)
    return tmp_path


def everything():
    return list(RefundLine.objects.order_by("pk").values())


def again(folder, *lines):
    """Import these lines; what became of the first one."""
    files.write(folder, NAME, lines)
    files.run(folder)
    return files.states_of(folder, NAME)[2]


def test_a_first_import_brings_the_amounts(folder):
    line = RefundLine.objects.get(site__cibtp_id="00001-001-01", college=College.OUVRIER)
    assert (line.start_year, line.state, line.period) == (2024, RefundState.FINAL, dt.date(2025, 3, 1))
    assert line.amount == Decimal("1234.56")
    other = RefundLine.objects.get(site__cibtp_id="00002-001-02")
    assert (other.start_year, other.state, other.amount) == (2025, RefundState.PROVISIONAL, Decimal("20.50"))
    assert RefundLine.objects.count() == 3


def test_the_same_file_again_changes_nothing(folder):
    before = everything()
    files.run(folder)
    assert set(files.states_of(folder, NAME).values()) == {"identique"}
    assert everything() == before


def test_an_amount_that_changes_is_told_from_what_to_what(folder):
    assert again(folder, files.refund(1, montant="1300,00")) == "modifié"
    told = files.detail_of(folder, NAME, 2).replace("\u00a0", " ")
    assert told == "montant : « 1234,56 » → « 1300,00 »"
    assert RefundLine.objects.count() == 3


def test_a_final_amount_leaves_the_provisional_one_where_it_is(folder):
    assert again(folder, files.refund(1, etat="PROVISOIRE", montant="900,00")) == "créé"
    amounts = RefundLine.objects.filter(site__cibtp_id="00001-001-01", college=College.OUVRIER)
    assert dict(amounts.values_list("state", "amount")) == {
        "provisional": Decimal("900.00"),
        "final": Decimal("1234.56"),
    }


def test_what_is_taken_back_is_an_amount_below_zero(folder):
    assert again(folder, files.refund(1, montant="-12,00")) == "modifié"
    assert RefundLine.objects.filter(amount=Decimal("-12.00")).count() == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"campagne": ""}, "campagne : la valeur manque."),
        (
            {"campagne": "2024-2026"},
            "campagne « 2024-2026 » : une campagne s’écrit avec ses deux années, par exemple 2025-2026.",
        ),
        ({"campagne": "1945-1946"}, "campagne « 1945-1946 » : la première campagne est 1946-1947."),
        ({"periode": "2025-03"}, "periode « 2025-03 » : une période s’écrit mm/aaaa, par exemple 01/2026."),
        ({"periode": "13/2025"}, "periode « 13/2025 » : ce mois n’existe pas."),
        ({"periode": "03/0001"}, "periode « 03/0001 » : l’année est antérieure à 1900."),
        ({"periode": "03/2024"}, "La période 03/2024 précède la campagne 2024-2025."),
        (
            {"college": "PATRON"},
            "college « PATRON » : ce collège n’est pas connu ; collèges possibles : OUVRIER, ETAM, CADRE.",
        ),
        (
            {"etat": "ESTIME"},
            "etat « ESTIME » : cet état n’est pas connu ; états possibles : PROVISOIRE, DEFINITIF.",
        ),
        ({"montant": "12.50"}, "montant « 12.50 » : un nombre s’écrit avec une virgule"),
        (
            {"identifiant_cibtp": "99999-001-00"},
            "identifiant_cibtp « 99999-001-00 » : ce site n’est pas connu ; voyez sites.csv.",
        ),
        ({"montant": "1,00", "college": "ETAM"}, "Cette ligne porte sur la même chose que la ligne 2."),
    ],
)
def test_a_line_that_is_not_right_refuses_the_file_with_its_reason(folder, changes, reason):
    before = everything()
    files.write(folder, NAME, [files.refund(1, college="ETAM", montant="7,00"), files.refund(1, **changes)])
    said = files.run_refused(folder).replace("\u00a0", " ")
    assert f"ligne 3 : {reason}" in said
    assert everything() == before


def test_a_line_cut_short_is_refused(folder):
    files.write(folder, NAME, [files.cut_short(NAME, files.refund(1))])
    said = files.run_refused(folder).replace("\u00a0", " ")
    assert "ligne 2 : La ligne est coupée : 4 colonnes au lieu de 6." in said


def test_special_spaces_are_understood_and_told(folder):
    assert again(folder, files.refund(1, identifiant_cibtp="\u00a000001-001-01 ")) == "identique"
    (row, _) = files.report_of(folder, NAME)
    assert row["normalisé"].startswith("identifiant_cibtp\u00a0: espaces insécables remplacées")


@pytest.mark.parametrize(
    "wrong",
    [
        {"college": "patron"},
        {"state": "estimate"},
        {"start_year": 1945},
        {"period": dt.date(2026, 3, 2)},
        {"period": dt.date(2025, 3, 1)},  # the campaign begins in April
        {"period": dt.date(2024, 12, 1)},
    ],
)
def test_the_database_refuses_a_line_that_cannot_be(wrong):
    site = SiteFactory()
    refund_line(site, "10.00", period=dt.date(2025, 4, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        refund_line(site, "10.00", **wrong)


def test_the_database_holds_one_line_of_a_kind():
    site = SiteFactory()
    refund_line(site, "10.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        refund_line(site, "11.00")
