"""Invented employees and statement lines, and the lists that show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from portal.parts import Column, Figure
from portal.templatetags.french import amount, pluralize_fr

LAST_NAMES = (
    *("Aubertin", "Barthélemy", "Colin", "Didierjean", "Etienne", "Ferry", "Grandjean", "Humbert", "Idoux"),
    *("Jacquemin", "Kieffer", "Lallemand", "Mangin", "Noël", "Œuvrard", "Petitdemange", "Vautrin"),
)
FIRST_NAMES = (
    *("Amélie", "Bruno", "Chloé", "Denis", "Élodie", "Fabrice", "Gaëlle", "Hervé", "Inès", "Jérôme"),
    *("Karim", "Loïc", "Nadège"),
)
JOBS = (
    ("Maçon", "Ouvrier"),
    ("Couvreuse", "Ouvrier"),
    ("Métreur", "ETAM"),
    ("Conducteur de travaux", "Cadre"),
)
STATES = (
    ("Présent", "ok"),
    ("Présent", "ok"),
    ("Arrêt de travail", "wait"),
    ("Sorti", ""),
    ("Présent", "ok"),
)
HOW_MANY = 48
PAGE_SIZES = (5, 10, 25, 50)


@dataclass(frozen=True)
class Employee:
    """A row of the list."""

    name: str
    job: str
    college: str
    hired_on: dt.date
    leave_days: Decimal
    state: str
    state_kind: str  # the end of the class: `state-ok`


@dataclass(frozen=True)
class StatementLine:
    """A row of a company's account. Euros; what it owes is positive."""

    on: dt.date
    label: str
    due: dt.date | None
    amount: Decimal
    state: str
    state_kind: str


@dataclass(frozen=True)
class Week:
    """Hours of one employee, Monday first."""

    name: str
    hours: tuple[str, ...]
    total: str


def employee(place: int) -> Employee:
    """The invented employee of that place."""
    job, college = JOBS[place % len(JOBS)]
    state, kind = STATES[place % len(STATES)]
    return Employee(
        f"{LAST_NAMES[place % len(LAST_NAMES)]} {FIRST_NAMES[place % len(FIRST_NAMES)]}",
        job,
        college,
        dt.date(2004 + place % 22, 1 + place % 12, 1 + place * 7 % 28),
        Decimal(place * 5 % 61) / 2,
        state,
        kind,
    )


EMPLOYEES = tuple(employee(place) for place in range(HOW_MANY))
SORTS = {"nom": "name", "embauche": "hired_on", "solde": "leave_days"}
LINES = (
    StatementLine(
        dt.date(2026, 7, 6),
        "Appel de cotisations, juin 2026",
        dt.date(2026, 8, 14),
        Decimal("4218.07"),
        "À payer",
        "wait",
    ),
    StatementLine(dt.date(2026, 6, 15), "Télépaiement reçu", None, Decimal("-3987.4"), "Encaissé", "ok"),
    StatementLine(
        dt.date(2026, 6, 4),
        "Appel de cotisations, mai 2026",
        dt.date(2026, 7, 15),
        Decimal("3987.4"),
        "Payé",
        "ok",
    ),
    StatementLine(
        dt.date(2026, 5, 21),
        "Prélèvement rejeté par la banque",
        dt.date(2026, 5, 28),
        Decimal("12050"),
        "Rejeté",
        "stop",
    ),
    StatementLine(
        dt.date(2026, 5, 18),
        "Majoration de retard, avril 2026",
        dt.date(2026, 6, 14),
        Decimal("120.5"),
        "En attente de recours",
        "",
    ),
    StatementLine(
        dt.date(2026, 5, 4),
        "Remboursement intempéries, février 2026",
        None,
        Decimal("-845.16"),
        "Versé",
        "ok",
    ),
)
HEADS = ("Salarié", "Lun. 2 mars", "Mar. 3 mars", "Mer. 4 mars", "Jeu. 5 mars", "Ven. 6 mars", "Sam. 7 mars")
WEEKS = tuple(
    Week(
        person.name,
        ("7,00", "7,00", "3,50" if place % 2 else "7,00", "0,00", "7,00", "0,00"),
        "24,50" if place % 2 else "28,00",
    )
    for place, person in enumerate(EMPLOYEES[:6])
)


class EmployeeFilter(forms.Form):
    """One filter under each head that has one. Names stay out of addresses: they are not filtered here."""

    college = forms.ChoiceField(
        label="Collège",
        required=False,
        choices=[("", "Tous"), *((name, name) for name in ("Ouvrier", "ETAM", "Cadre"))],
    )
    state = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *((name, name) for name in ("Présent", "Arrêt de travail", "Sorti"))],
    )


def whole(rows: tuple[Any, ...]) -> Any:
    """All the rows as one page."""
    return Paginator(rows, max(1, len(rows))).page(1)


def sort_column(request: HttpRequest, label: str, name: str, css: str = "") -> Column:
    """A head that sorts, the other way round when it already does."""
    sort = request.GET.get("tri", "nom")
    query = request.GET.copy()
    query.pop("page", None)
    query["tri"] = f"-{name}" if sort == name else name
    if sort.removeprefix("-") != name:
        return Column(label, css, f"?{query.urlencode()}")
    return Column(label, css, f"?{query.urlencode()}", "descending" if sort.startswith("-") else "ascending")


def columns(request: HttpRequest, filters: EmployeeFilter) -> list[Column]:
    """The heads of the employees' list."""
    return [
        sort_column(request, "Nom et prénom", "nom"),
        Column("Emploi"),
        Column("Collège", filter=filters["college"]),
        sort_column(request, "Entré le", "embauche"),
        sort_column(request, "Solde (jours)", "solde", "amount"),
        Column("État", filter=filters["state"]),
        Column("Actions", "no-print"),
    ]


def found(request: HttpRequest) -> list[Employee]:
    """The employees that the filters keep, in the order asked for."""
    wanted = {name: request.GET.get(name, "") for name in ("college", "state")}
    kept = [
        row for row in EMPLOYEES if all(value in ("", getattr(row, name)) for name, value in wanted.items())
    ]
    sort = request.GET.get("tri", "nom")
    key = SORTS.get(sort.removeprefix("-"), "name")
    return sorted(kept, key=lambda row: getattr(row, key), reverse=sort.startswith("-"))


def full(request: HttpRequest) -> dict[str, Any]:
    """Sort, filters, pages and export, at work on the invented employees."""
    rows = found(request)
    asked = request.GET.get("lignes", "")
    size = next((size for size in PAGE_SIZES if str(size) == asked), PAGE_SIZES[0])
    page = Paginator(rows, size).get_page(request.GET.get("page", "1"))
    filters = EmployeeFilter(request.GET, auto_id="filtre_%s")
    return {
        "title": f"Salariés (page {page.number} sur {page.paginator.num_pages})",
        "heading": "Salariés",
        "count_text": f"{len(rows)} salarié{pluralize_fr(len(rows))}",
        "columns": columns(request, filters),
        "rows_template": "components/_employee_row.html",
        "page_obj": page,
        "page_sizes": PAGE_SIZES,
        "page_size": size,
        "filter_form": filters,
        "filtered": any(request.GET.get(name) for name in filters.fields),
        "export_url": f"{request.path}#contenu",
    }


def searched(request: HttpRequest) -> dict[str, Any]:
    """A name is looked for: it stays out of the address, so heads, pages and export send a form."""
    rows = [row for row in EMPLOYEES if "mangin" in row.name.lower()]
    filters = EmployeeFilter(auto_id="filtre_%s")
    heads = [Column("Nom et prénom", sort_value="-nom", sorted="ascending"), *columns(request, filters)[1:]]
    return full(request) | {
        "title": "Salariés trouvés",
        "count_text": f"{len(rows)} salariés sur {HOW_MANY}",
        "columns": heads,
        "page_obj": Paginator(rows, 2).get_page(request.POST.get("page", "1")),
        "page_size": 0,
        "filter_form": filters,
        "filter_method": "post",
        "filtered": True,
        "state": [("nom", "mangin")],
        "state_form": "liste-etat",
        "export_url": request.path,
        "export_formats": (("xlsx", "Excel"), ("csv", "CSV")),
    }


def filtered_to_nothing(request: HttpRequest) -> dict[str, Any]:
    """Filters that no row meets."""
    filters = EmployeeFilter({"college": "Cadre", "state": "Sorti"}, auto_id="filtre_%s")
    return full(request) | {
        "title": "Aucun salarié trouvé",
        "count_text": "0 salarié sur 48",
        "columns": columns(request, filters),
        "page_obj": whole(()),
        "filter_form": filters,
        "filtered": True,
        "export_url": "",
    }


def empty(request: HttpRequest) -> dict[str, Any]:
    """No row has ever been there."""
    return {
        "title": "Aucun salarié",
        "heading": "Salariés",
        "count_text": "0 salarié",
        "page_obj": whole(()),
        "empty_text": "Vous n’avez encore déclaré aucun salarié sur ce site.",
        "empty_action_url": f"{request.path}#contenu",
        "empty_action_label": "Déclarer une embauche",
    }


def statement() -> dict[str, Any]:
    """The lines of an account."""
    return {
        "caption": "Lignes du compte",
        "columns": [
            Column("Date"),
            Column("Libellé"),
            Column("Échéance"),
            Column("Montant (€)", "amount"),
            Column("État"),
        ],
        "rows_template": "components/_statement_row.html",
        "page_obj": whole(LINES),
    }


def dense(request: HttpRequest) -> dict[str, Any]:
    """Rows of 32 px, for who reads many."""
    due = sum(line.amount for line in LINES if line.state_kind in ("wait", "stop"))
    figures = [
        Figure("Solde à ce jour", amount(sum(line.amount for line in LINES))),
        Figure("À payer", amount(due), "dont un prélèvement rejeté"),
        Figure("Prochaine échéance", "14/08/2026", "cotisations de juin 2026"),
    ]
    return statement() | {
        "title": "Situation de compte",
        "figures": figures,
        "count_text": f"{len(LINES)} lignes",
        "table_class": "table-cards dense",
    }


def wide(request: HttpRequest) -> dict[str, Any]:
    """More columns than a phone is wide: the box scrolls, the first column stays."""
    return {
        "title": "Heures de la semaine 10",
        "count_text": f"{len(WEEKS)} salariés",
        "columns": [
            Column(HEADS[0]),
            *(Column(f"{head} (h)", "amount") for head in HEADS[1:]),
            Column("Total (h)", "amount"),
        ],
        "rows_template": "components/_week_row.html",
        "page_obj": whole(WEEKS),
        "table_class": "table-wide",
    }


def two(request: HttpRequest) -> dict[str, Any]:
    """Two lists of one page: each has its own ids, heads and pages."""
    rows = sorted(EMPLOYEES[:10], key=lambda row: row.name)
    present = {
        "columns": columns(request, EmployeeFilter(auto_id="present_%s"))[:-1],
        "rows": Paginator(rows, 5).get_page(request.GET.get("page", "1")),
    }
    return {"title": "Deux listes sur une page", "present": present, "statement": statement()}
