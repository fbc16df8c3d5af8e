"""The back office's extract of employees: one line for each, with his latest contract and his collège."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from employees.history import ContractsOverlap, Rows, settle_college, settle_contract
from employees.models import CollegePeriod, Contract, Employee
from portal import clock
from portal.access.levels import College
from portal.identifiers import is_temporary_nir, parse_cibtp_id, parse_nir
from portal.imports import registry
from portal.imports.extract import Column, Extract, Parent
from portal.imports.fields import Understood, identifier, reader_for
from portal.imports.line import Line, State
from portal.imports.storing import upsert

OF_THE_CONTRACT = {
    "trade": "metier",
    "classification": "classification",
    "hired_on": "date_embauche",
    "left_on": "date_sortie",
    "hourly_rate": "taux_horaire",
}

T = TypeVar("T", Contract, CollegePeriod)


def nir(cell: str) -> str | Understood:
    """A NIR with a right key; a temporary one is kept, and said so. Raises ValidationError."""
    read = identifier(parse_nir)(cell)
    number, notes = read if isinstance(read, Understood) else (read, "")
    if is_temporary_nir(number):
        notes = ", ".join(filter(None, (notes, "numéro provisoire")))
    return Understood(number, notes) if notes else number


def college(cell: str) -> str:
    """OUVRIER, ETAM or CADRE, as the collège's name. Raises ValidationError."""
    if cell.upper() not in College.names:
        known = ", ".join(College.names)
        raise ValidationError(f"ce collège n’est pas connu ; collèges possibles : {known}.")
    return cell.upper()


def days_in_order(values: Mapping[str, Any]) -> str | None:
    """Nobody is hired before his birth, nor leaves before he is hired."""
    born, hired, left = (values[name] for name in ("date_naissance", "date_embauche", "date_sortie"))
    if hired <= born:
        return f"La date d’embauche {hired:%d/%m/%Y} précède la date de naissance."
    if left and left < hired:
        return f"La date de sortie {left:%d/%m/%Y} précède la date d’embauche {hired:%d/%m/%Y}."
    return None


def keep_with_history(extract: Extract, lines: Sequence[Line]) -> None:
    """Keep each employee, then what the line says of his contract and of his collège."""
    employees = [row.pk for row in upsert(extract, lines)]
    pairs = list(zip(lines, employees, strict=True))
    known = [employee for line, employee in pairs if line.state is not State.CREATED]
    contracts = _by_employee(Contract.objects.filter(employee__in=known).order_by("hired_on"))
    periods = _by_employee(CollegePeriod.objects.filter(employee__in=known).order_by("starts_on"))
    rows, today = Rows(), clock.today()
    for line, employee in pairs:
        said = _said_of_the_contract(line)
        try:
            told = settle_contract(rows, employee, contracts[employee], said, OF_THE_CONTRACT)
        except ContractsOverlap as overlap:
            line.refuse(f"date_embauche « {said['hired_on']:%d/%m/%Y} » : {overlap}")
            continue
        named, hired_on = College[line.values["college"]], said["hired_on"]
        told += settle_college(rows, employee, periods[employee], named, hired_on=hired_on, today=today)
        _say_changed(line, told)
    rows.write()


def _said_of_the_contract(line: Line) -> dict[str, Any]:
    said = {name: line.values[column] for name, column in OF_THE_CONTRACT.items()}
    return said | {name: None for name in ("left_on", "hourly_rate") if said[name] == ""}


def _say_changed(line: Line, told: Sequence[str]) -> None:
    if told and line.state is not State.CREATED:
        line.state = State.CHANGED
        line.detail = " ; ".join(filter(None, (line.detail, *told)))


def _by_employee(rows: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[row.employee_id].append(row)
    return found


def _contract_column(attribute: str, name: str) -> Column:
    contract_field: Any = Contract._meta.get_field(attribute)
    return Column(name, read=reader_for(contract_field), required=not contract_field.blank)


SALARIES = Extract(
    name="salaries.csv",
    model=Employee,
    key=("site", "matricule"),
    columns=(
        Column("identifiant_cibtp", read=identifier(parse_cibtp_id)),
        Column("matricule", "matricule"),
        Column("nir", "nir", nir, secret=True),
        Column("nom", "last_name"),
        Column("prenom", "first_name"),
        Column("date_naissance", "born_on"),
        Column("college", read=identifier(college), required=True),
        *(_contract_column(attribute, name) for attribute, name in OF_THE_CONTRACT.items()),
        Column("heures_deux_mois", "recent_hours"),
        Column("jours_intemperies_annee", "bad_weather_days"),
        Column("conges_acquis", "leave_earned"),
        Column("iban_connu", "iban_known"),
    ),
    parents=(
        Parent(
            "site",
            {"identifiant_cibtp": "cibtp_id"},
            unknown="ce site n’est pas connu ; voyez sites.csv.",
        ),
    ),
    after=("sites.csv",),
    rules=(days_in_order,),
    store=keep_with_history,
)


def register() -> None:
    """Take this file."""
    registry.register(SALARIES)
