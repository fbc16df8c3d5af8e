"""What a description of a file can say beyond plain columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from pytest_django import DjangoAssertNumQueries

from adherents.models import AccountingFirm, Adherent, Site
from portal.imports import registry
from portal.imports.extract import Column, Extract, Parent
from portal.imports.fields import digits, text
from portal.imports.line import Line, State, line_from
from portal.imports.reading import Row
from portal.imports.storing import keep, upsert
from tests.imports import extract_files as files


def lines_of(extract: Extract, *rows: Sequence[str]) -> list[Line]:
    """Rows whose cells follow the description's columns, kept."""
    columns = list(extract.bound.values())
    lines = [
        line_from(Row(number, list(cells)), extract, columns) for number, cells in enumerate(rows, start=2)
    ]
    keep(extract, lines, {})
    return lines


def states(lines: list[Line]) -> list[State | None]:
    return [line.state for line in lines]


@pytest.fixture
def adherent() -> Adherent:
    return Adherent.objects.create(number="00001", company_name="A", siren=files.siren(1), activity="GO")


def firms(**changes: Any) -> Extract:
    """A description of firms by SIRET, with changes."""
    plain: dict[str, Any] = {
        "name": "essai.csv",
        "model": AccountingFirm,
        "key": ("siret",),
        "columns": (Column("siret", "siret"), Column("nom", "name")),
    }
    return Extract(**{**plain, **changes})


@pytest.mark.django_db
def test_a_key_may_span_a_parent_and_a_column(adherent: Adherent) -> None:
    other = Adherent.objects.create(number="00002", company_name="B", siren=files.siren(2), activity="GO")
    extract = Extract(
        name="essai.csv",
        model=Site,
        key=("adherent", "name"),
        columns=(
            Column("adherent", read=digits(5)),
            Column("nom", "name"),
            Column("identifiant", "cibtp_id"),
            Column("siret", "siret"),
        ),
        parents=(Parent("adherent", {"adherent": "number"}, unknown="inconnu."),),
    )
    rows = [
        ("00001", "A", "00001-001-01", files.siret(1)),
        ("00002", "A", "00002-001-02", files.siret(2)),
        ("00001", "B", "00001-002-01", files.siret(1, 2)),
    ]
    assert states(lines_of(extract, *rows)) == [State.CREATED] * 3
    assert states(lines_of(extract, *rows)) == [State.SAME] * 3
    assert states(lines_of(extract, rows[0], rows[0])) == [State.SAME, State.REFUSED]
    assert other.sites.get().cibtp_id == "00002-001-02"
    assert "nom : la valeur manque." in lines_of(extract, ("00001", "", "", ""))[0].detail


@pytest.mark.django_db
def test_a_parent_may_be_found_by_two_columns(adherent: Adherent) -> None:
    extract = Extract(
        name="essai.csv",
        model=Site,
        key=("cibtp_id",),
        columns=(
            Column("identifiant", "cibtp_id"),
            Column("siret", "siret"),
            Column("numero", read=digits(5)),
            Column("entreprise", read=text(None)),
        ),
        parents=(Parent("adherent", {"numero": "number", "entreprise": "company_name"}, unknown="inconnu."),),
    )
    right, wrong = lines_of(
        extract,
        ("00001-001-01", files.siret(1), "00001", "A"),
        ("00001-002-01", files.siret(1, 2), "00001", "B"),
    )
    assert right.state is State.CREATED
    assert wrong.detail == "numero « 00001 », entreprise « B » : inconnu."


@pytest.mark.django_db
def test_a_secret_column_never_shows_its_values() -> None:
    extract = firms(
        columns=(Column("siret", "siret", digits(14), secret=True), Column("nom", "name", secret=True))
    )
    lines_of(extract, (files.siret(1), "AVANT"))
    [changed] = lines_of(extract, (files.siret(1), "APRÈS"))
    assert changed.detail == "nom modifié"
    [refused] = lines_of(extract, ("12345", "A"))
    assert refused.detail == "siret : 14 chiffres sont attendus."


@pytest.mark.django_db
def test_a_line_that_the_database_refuses_is_named_and_the_others_are_judged(adherent: Adherent) -> None:
    extract = Extract(
        name="essai.csv",
        model=Site,
        key=("cibtp_id",),
        columns=(
            Column("identifiant", "cibtp_id"),
            Column("siret", "siret"),
            Column("adherent", read=digits(5)),
        ),
        parents=(Parent("adherent", {"adherent": "number"}, unknown="inconnu."),),
    )
    lines = lines_of(
        extract,
        ("00001-001-01", files.siret(1), "00001"),
        ("x", files.siret(1), "00001"),
        ("00001-002-01", "1", "00001"),
    )
    assert states(lines) == [State.CREATED, State.REFUSED, State.REFUSED]
    assert "La base de données ne peut pas garder cette ligne" in lines[1].detail


@pytest.mark.django_db
def test_an_app_may_keep_the_lines_in_its_own_way() -> None:
    def store(extract: Extract, lines: Sequence[Line]) -> None:
        upsert(extract, [line for line in lines if line.values["retirer"] != "O"])
        for line in lines:
            if line.values["retirer"] == "O":
                AccountingFirm.objects.filter(siret=line.values["siret"]).delete()
                line.state, line.detail = State.CHANGED, "retiré"

    extract = firms(
        columns=(Column("siret", "siret"), Column("nom", "name"), Column("retirer", read=text(1))),
        store=store,
    )
    first, second = files.siret(1), files.siret(2)
    lines_of(extract, (first, "A", ""), (second, "B", ""))
    assert states(lines_of(extract, (first, "A", "O"), (second, "B", ""))) == [State.CHANGED, State.SAME]
    assert AccountingFirm.objects.get().siret == second


@pytest.mark.django_db
def test_a_rule_looks_at_a_whole_line() -> None:
    def not_itself(values: Mapping[str, Any]) -> str | None:
        return "Le nom ne peut pas être le SIRET." if values["nom"] == values["siret"] else None

    lines = lines_of(firms(rules=(not_itself,)), (files.siret(1), files.siret(1)), (files.siret(2), "A"))
    assert [line.detail for line in lines] == ["Le nom ne peut pas être le SIRET.", ""]


@pytest.mark.django_db
def test_a_batch_takes_as_many_queries_as_one_line(
    adherent: Adherent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [(files.siret(number), f"A{number}") for number in range(30)]
    lines_of(firms(), *rows)
    with django_assert_num_queries(3):  # a savepoint, its release, and the rows
        lines_of(firms(), *rows)
    changed = [(siret, f"{name} bis") for siret, name in rows]
    with django_assert_num_queries(4):
        lines_of(firms(), *changed)
    assert AccountingFirm.objects.filter(name__endswith=" bis").count() == 30


def test_files_are_read_after_those_they_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_extracts", {})
    child = firms(name="enfants.csv", after=("parents.csv", "pas-encore.csv"))
    parent = firms(name="parents.csv")
    registry.register(child, parent)
    registry.register(child)
    assert registry.in_order() == [parent, child]


def test_a_file_belongs_to_one_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_extracts", {})
    registry.register(firms())
    with pytest.raises(ImproperlyConfigured):
        registry.register(firms())


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": (Column("siret", "siret"), Column("fax", "fax"))},
        {"columns": (Column("siret", "siret"), Column("libre"))},
        {"columns": (Column("nom", "name"),)},
        {"key": ("adherents",)},
        {"parents": (Parent("name", {"nom": "name"}, unknown=""),)},
        {"parents": (Parent("name", {"absent": "name"}, unknown=""),)},
    ],
)
def test_a_description_that_does_not_hold_is_refused_at_start(
    wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_extracts", {})
    with pytest.raises((ImproperlyConfigured, FieldDoesNotExist)):
        registry.register(firms(**wrong))


def test_files_come_parents_first() -> None:
    names = [extract.name for extract in registry.in_order()]
    assert [name for name in names if name in files.COLUMNS] == list(files.COLUMNS)


@pytest.mark.django_db
def test_no_trace_of_a_trial_is_left_in_the_folder_but_its_report(tmp_path: Path) -> None:
    files.write(tmp_path, "cabinets.csv", [files.cabinet(1)])
    files.run(tmp_path, dry_run=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cabinets.csv", "rapport-import.csv"]
