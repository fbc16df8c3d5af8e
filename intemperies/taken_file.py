"""The file of a batch: one line for each employee and day, as the back office writes its own extracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from intemperies.line_assessing import period_of
from intemperies.models import Line, State, Stoppage
from portal import clock
from portal.access.levels import College
from portal.spreadsheets import Cell

HEADS = (
    "identifiant_cibtp", "numero", "etat", "corrige", "date_envoi", "hors_delai", "chantier", "code_postal",
    "ville", "departement", "altitude", "categorie", "cause", "vigilance", "arret", "reprise", "matricule",
    "college", "jour", "heures", "salaire_horaire", "indemnite_estimee", "remboursement_estime", "date_fin",
    "motif",
)  # fmt: skip
STATES = {State.SENT: "ENVOYEE", State.CANCELLED: "ANNULEE", State.REPLACED: "REMPLACEE"}
COLLEGES = {College.OUVRIER: "OUVRIER", College.ETAM: "ETAM", College.CADRE: "CADRE"}


def rows_of(stoppage: Stoppage) -> Iterator[tuple[Cell, ...]]:
    """The lines of one declaration, its periods, lines, employees and hours being at hand.

    What was estimated is the employee's for the whole declaration: on his first line alone, so that a
    column adds up.
    """
    periods = list(stoppage.periods.all())
    about, over = _about(stoppage), _over(stoppage)
    for line in stoppage.lines.all():
        estimated = _estimated(stoppage.said, line)
        for lost in line.lost_hours.all():
            period = period_of(lost.day, periods)
            stop = (period.begins, period.resumes) if period else (None, None)
            yield (*about, *stop, *_of_the_employee(line), lost.day, lost.hours, line.wage, *estimated, *over)
            estimated = (None, None)


def _about(stoppage: Stoppage) -> tuple[Cell, ...]:
    place = stoppage.place
    return (
        stoppage.site.cibtp_id,
        stoppage.number,
        STATES[State(stoppage.state)],
        stoppage.corrects.number if stoppage.corrects else None,
        clock.day_of(stoppage.sent_at) if stoppage.sent_at else None,
        "O" if stoppage.out_of_time else "N",
        place.name,
        place.postal_code,
        place.town,
        place.departement,
        place.altitude,
        stoppage.trade,
        stoppage.cause.upper(),
        stoppage.vigilance.upper(),
    )


def _of_the_employee(line: Line) -> tuple[Cell, ...]:
    return line.employee.matricule, COLLEGES[College(line.college)]


def _estimated(said: Mapping[str, Any], line: Line) -> tuple[Cell, Cell]:
    """What was said to who signed: it is not reckoned again."""
    of_the_line = said.get("lines", {}).get(str(line.pk), {})
    owed, refunded = (of_the_line.get(name) for name in ("owed", "refunded"))
    return (Decimal(owed) if owed else None, Decimal(refunded) if refunded else None)


def _over(stoppage: Stoppage) -> tuple[Cell, Cell]:
    return (clock.day_of(stoppage.over_at) if stoppage.over_at else None, stoppage.reason)
