"""The address block in the window of an envelope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.envelopes import LINES, WIDTH, capitals, envelope_lines, posting_address
from adherents.addresses import PostalAddress
from adherents.models import Adherent, Site

STREET = PostalAddress("12, rue de l’Église", "Bât. B – ZA n° 3", "71000", "Mâcon-Centre Cedex 2")


def test_the_block_names_the_company_first_and_ends_with_the_town_in_plain_capitals():
    assert envelope_lines("Maçonnerie D'Arc & Fils", "Agence de Mâcon", STREET) == [
        "Maçonnerie D'Arc & Fils",
        "Agence de Mâcon",
        "12 RUE DE L EGLISE",
        "BAT B ZA N 3",
        "71000 MACON CENTRE CEDEX 2",
    ]


def test_an_empty_line_leaves_no_gap():
    address = PostalAddress("1 rue Basse", "", "54000", "Nancy")
    assert envelope_lines("SARL Meyer", "", address) == ["SARL Meyer", "1 RUE BASSE", "54000 NANCY"]


def test_a_long_street_takes_the_free_lines_before_a_long_name():
    address = PostalAddress(
        "Lotissement artisanal de la Croix des Quatre Vents, allée nord", "", "54000", "Nancy"
    )
    name = "Société nouvelle de maçonnerie générale et de travaux publics de Lorraine et des Vosges réunies"
    assert envelope_lines(name, "", address) == [
        "Société nouvelle de maçonnerie",
        "générale et de travaux publics de",
        "Lorraine et des Vosges réunies",
        "LOTISSEMENT ARTISANAL DE LA CROIX DES",
        "QUATRE VENTS ALLEE NORD",
        "54000 NANCY",
    ]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("L’Haÿ-les-Roses", "L HAY LES ROSES"),
        ("Œuvrard, sœur", "OEUVRARD SOEUR"),
        ("n° 3 bis, 1ᵉʳ étage", "N 3 BIS 1ER ETAGE"),
        ("ß Łódź", "SS LODZ"),
        ("  ", ""),
    ],
)
def test_capitals_keep_letters_and_digits_only(written, plain):
    assert capitals(written) == plain


@given(st.text(max_size=200), st.text(max_size=200), st.builds(PostalAddress, *[st.text(max_size=100)] * 4))
def test_no_block_is_larger_than_the_norm_allows(company, site_name, address):
    lines = envelope_lines(company, site_name, address)
    assert len(lines) <= LINES
    assert all(0 < len(line) <= WIDTH for line in lines)


def test_letters_go_to_the_site_or_else_to_where_its_company_gets_its_mail():
    adherent = Adherent(address1="Siège", postal_code="54000", town="Nancy")
    site = Site(adherent=adherent, address1="Chantier", postal_code="57000", town="Metz")
    assert posting_address(site) == site.address
    site.postal_code = ""
    assert posting_address(site) == adherent.head_office
    adherent.mailing_address1, adherent.mailing_postal_code, adherent.mailing_town = "BP 1", "54001", "Nancy"
    assert posting_address(site) == adherent.mailing_address
    assert posting_address(Site(adherent=Adherent(address1="Siège", town="Nancy"))) is None
