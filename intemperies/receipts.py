"""The receipt of a declaration: its number, what was declared and what was said, as a PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal

from intemperies.calculation.sentences import hours
from intemperies.models import Line, State, Stoppage
from intemperies.snapshots import totals
from portal.access.levels import College
from portal.caisse import current_caisse
from portal.identifiers import format_siret
from portal.pdf.compiling import compile_pdf
from portal.templatetags.french import amount, long_date, time_fr

TEMPLATE = "intemperies/receipt.typ"
STANDING = {
    State.CANCELLED: "Cette déclaration est annulée.",
    State.REPLACED: "Cette déclaration est remplacée par une correction.",
}


def receipt(
    stoppage: Stoppage,
    lines: Sequence[Line],
    colleges: Collection[College],
    facts: Sequence[tuple[str, str]],
    now: dt.datetime,
) -> bytes:
    """The PDF of the lines given, of these collèges. Raises CompilationFailed."""
    found, said = totals(stoppage.said, colleges), stoppage.said.get("lines", {})
    sent_at = stoppage.sent_at
    assert sent_at is not None
    data = {
        "caisse": current_caisse().name,
        "number": stoppage.number,
        "site": f"{stoppage.site.adherent.company_name}, {stoppage.site.cibtp_id}",
        "siret": format_siret(stoppage.site.siret),
        "sent": f"Envoyée le {long_date(sent_at)} à {time_fr(sent_at)} par {stoppage.attested_by}.",
        "late": "Envoyée hors délai." if stoppage.out_of_time else "",
        "standing": STANDING.get(State(stoppage.state), ""),
        "college": "" if len(colleges) == len(College) else ", ".join(sorted(c.label for c in colleges)),
        "facts": [list(fact) for fact in facts],
        "lines": [_row(line, said.get(str(line.pk), {})) for line in lines if str(line.pk) in said],
        "total": [hours(found["lost"]), amount(found["owed"]), amount(found["refunded"])],
        "made": f"Récépissé établi le {long_date(now)}.",
    }
    return compile_pdf(TEMPLATE, data, made_at=now)


def _row(line: Line, said: dict[str, str]) -> list[str]:
    return [
        f"{line.employee.last_name} {line.employee.first_name}",
        College(line.college).label,
        hours(Decimal(said["lost"])),
        amount(said["owed"]) or "—",
        amount(said["refunded"]) or "—",
    ]
