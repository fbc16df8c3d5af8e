"""The extracts that the bench invents are as a back office writes them."""

import pytest

from adherents.models import AccountingFirm, Adherent, Site
from bench.extracts import tables, write
from bench.instance import gunicorn_command
from portal.identifiers import parse_cibtp_id, parse_siren, parse_siret
from portal.imports.running import import_folder


def test_as_many_sites_as_asked_and_companies_and_firms_in_proportion():
    made = tables(1000)
    assert len(made["sites.csv"]) == 1000
    assert 500 < len(made["adherents.csv"]) < 750
    assert len(made["cabinets.csv"]) == 40


def test_every_key_is_valid_and_taken_once():
    made = tables(500)
    sirets = [row[0] for row in made["cabinets.csv"]] + [row[2] for row in made["sites.csv"]]
    sirens = [row[2] for row in made["adherents.csv"]]
    assert [parse_siret(text) for text in sirets] == sirets
    assert [parse_siren(text) for text in sirens] == sirens
    identifiers = [row[0] for row in made["sites.csv"]]
    assert [parse_cibtp_id(text) for text in identifiers] == identifiers
    for keys in (sirets, sirens, identifiers):
        assert len(set(keys)) == len(keys)


def test_the_same_number_of_sites_gives_the_same_extracts():
    assert tables(100) == tables(100)
    assert tables(100) != tables(101)


@pytest.mark.django_db
def test_the_importer_takes_every_line(tmp_path):
    lines = write(tmp_path, 60)
    outcome = import_folder(
        tmp_path, report_path=tmp_path / "report.csv", dry_run=False, tell=lambda summary: None
    )
    assert outcome.refused == []
    assert lines == sum(model.objects.count() for model in (AccountingFirm, Adherent, Site))


def test_the_measured_server_is_the_images_but_for_its_address_and_its_renewal():
    command = gunicorn_command("bench.portal_settings", 4321)
    assert "--worker-class" in command
    assert command[command.index("--bind") + 1] == "127.0.0.1:4321"
    assert command[command.index("--workers") + 1] == "1"
