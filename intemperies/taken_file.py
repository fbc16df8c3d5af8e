"""The file of a batch: one line for each employee and day, as the back office writes its own extracts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from intemperies.line_assessing import period_of
from intemperies.models import Line, Period, State, Stoppage
from intemperies.models.stoppages import Committee
from intemperies.places import Place
from portal import clock
from portal.access.levels import College
from portal.spreadsheets import Cell

HEADS = (
    "identifiant_cibtp", "numero", "etat", "corrige", "date_envoi", "hors_delai", "chantier", "adresse",
    "code_postal", "ville", "departement", "altitude", "activite", "marche_public", "categorie", "travaux",
    "cause", "temps", "vigilance", "arrete_prefectoral", "cse", "maitre_oeuvre", "atteste_par", "arret",
    "reprise", "matricule", "college", "jour", "heures", "salaire_horaire", "heures_deux_mois",
    "jours_deja_indemnises", "declare_par", "indemnite_estimee", "remboursement_estime", "date_fin", "motif",
)  # fmt: skip
STATES = {State.SENT: "ENVOYEE", State.CANCELLED: "ANNULEE", State.REPLACED: "REMPLACEE"}
COLLEGES = {College.OUVRIER: "OUVRIER", College.ETAM: "ETAM", College.CADRE: "CADRE"}
COMMITTEES = {Committee.CONSULTED: "CONSULTE", Committee.NONE: "AUCUN"}


def rows_of(stoppage: Stoppage) -> Iterator[tuple[Cell, ...]]:
    """The lines of one declaration, its periods, lines, employees and hours being at hand.

    What was estimated is the employee's for the whole declaration: on his first line alone, so that a
    column adds up.
    """
    periods = list(stoppage.periods.all())
    about = (*_about(stoppage), *_place(stoppage.place), *_stop(stoppage), *_attested(stoppage))
    over = _over(stoppage)
    for line in stoppage.lines.all():
        estimated = _estimated(stoppage.said, line)
        for lost in line.lost_hours.all():
            of_the_day = (*_stopped(lost.day, periods), *_employee(line), lost.day, lost.hours)
            yield (*about, *of_the_day, *_known(line), *estimated, *over)
            estimated = (None, None)


def _about(stoppage: Stoppage) -> tuple[Cell, ...]:
    return (
        stoppage.site.cibtp_id,
        stoppage.number,
        STATES[State(stoppage.state)],
        stoppage.corrects.number if stoppage.corrects else None,
        clock.day_of(stoppage.sent_at) if stoppage.sent_at else None,
        _yes_or_no(stoppage.out_of_time),
    )


def _place(place: Place) -> tuple[Cell, ...]:
    return (
        place.name,
        place.address,
        place.postal_code,
        place.town,
        place.departement,
        place.altitude,
        place.activity,
        _yes_or_no(place.public_works),
    )


def _stop(stoppage: Stoppage) -> tuple[Cell, ...]:
    return (
        stoppage.trade,
        stoppage.work,
        stoppage.cause.upper(),
        stoppage.weather,
        stoppage.vigilance.upper(),
        _yes_or_no(stoppage.prefect_order),
    )


def _attested(stoppage: Stoppage) -> tuple[Cell, ...]:
    council = COMMITTEES[Committee(stoppage.committee)] if stoppage.committee else None
    return council, stoppage.project_manager, stoppage.attested_by


def _stopped(day: dt.date, periods: list[Period]) -> tuple[Cell, Cell]:
    period = period_of(day, periods)
    return (period.begins, period.resumes) if period else (None, None)


def _employee(line: Line) -> tuple[Cell, ...]:
    return line.employee.matricule, COLLEGES[College(line.college)]


def _known(line: Line) -> tuple[Cell, ...]:
    return line.wage, line.worked_hours, line.paid_days, line.stated_by


def _estimated(said: Mapping[str, Any], line: Line) -> tuple[Cell, Cell]:
    """What was said to who signed: it is not reckoned again."""
    of_the_line = said.get("lines", {}).get(str(line.pk), {})
    owed, refunded = (of_the_line.get(name) for name in ("owed", "refunded"))
    return (Decimal(owed) if owed else None, Decimal(refunded) if refunded else None)


def _over(stoppage: Stoppage) -> tuple[Cell, Cell]:
    return (clock.day_of(stoppage.over_at) if stoppage.over_at else None, stoppage.reason)


def _yes_or_no(said: bool) -> str:
    return "O" if said else "N"
