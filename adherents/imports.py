"""The back office's extracts of accounting firms, companies and sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adherents.models import AccountingFirm, Adherent, ChangeRequest, Site
from portal.identifiers import parse_cibtp_id, parse_siren, parse_siret
from portal.imports import registry
from portal.imports.extract import Column, Extract, Parent
from portal.imports.fields import digits, identifier
from portal.imports.line import Line

ADDRESS = (
    Column("adresse1", "address1"),
    Column("adresse2", "address2"),
    Column("code_postal", "postal_code"),
    Column("ville", "town"),
)

CABINETS = Extract(
    name="cabinets.csv",
    model=AccountingFirm,
    key=("siret",),
    columns=(
        Column("siret", "siret", identifier(parse_siret)),
        Column("nom", "name"),
        Column("courriel", "email"),
    ),
)


def keep_accepted_changes(extract: Extract, lines: Sequence[Line]) -> None:
    """An extract that still bears the former value does not undo a change that staff accepted.

    The first extract that brings another value than the former ends it, for that field.
    """
    by_number = {line.values["numero_adherent"]: line for line in lines}
    Adherent.objects.filter(number__in=by_number).lock()  # an answer under way is waited for
    for request in ChangeRequest.objects.unconfirmed().filter(adherent__number__in=by_number):
        line = by_number[request.adherent.number]
        asked = request.unconfirmed.items()
        former = {field: value for field, value in asked if line.attributes[field] == value}
        for field in former:
            note = f"modification acceptée le {request.answered_on:%d/%m/%Y}, gardée"
            extract.replace(line, field, request.after[field], note)
        if former != request.unconfirmed:
            request.unconfirmed = former
            request.save(update_fields=["unconfirmed"])


ADHERENTS = Extract(
    name="adherents.csv",
    model=Adherent,
    key=("number",),
    columns=(
        Column("numero_adherent", "number", digits(5)),
        Column("raison_sociale", "company_name"),
        Column("siren", "siren", identifier(parse_siren)),
        Column("forme_juridique", "legal_form"),
        Column("activite", "activity"),
        Column("masse_salariale", "payroll"),
        Column("date_adhesion", "joined_on"),
        Column("gerant_nom", "manager_last_name"),
        Column("gerant_prenom", "manager_first_name"),
        *ADDRESS,
        Column("telephone", "phone"),
        Column("courriel", "email"),
        Column("cabinet_siret", read=identifier(parse_siret)),
    ),
    parents=(
        Parent(
            "accounting_firm",
            {"cabinet_siret": "siret"},
            unknown="ce cabinet comptable n’est pas connu ; voyez cabinets.csv.",
        ),
    ),
    after=("cabinets.csv",),
    adjust=keep_accepted_changes,
)


def own_company(values: Mapping[str, Any]) -> str | None:
    """A site's identifier starts with the number of its company: it never lands at another's."""
    site, adherent = values["identifiant_cibtp"], values["numero_adherent"]
    if site.startswith(f"{adherent}-"):
        return None
    return f"Le site {site} n’appartient pas à l’adhérent {adherent} : son identifiant en nomme un autre."


SITES = Extract(
    name="sites.csv",
    model=Site,
    key=("cibtp_id",),
    columns=(
        Column("identifiant_cibtp", "cibtp_id", identifier(parse_cibtp_id)),
        Column("numero_adherent", read=digits(5)),
        Column("siret", "siret", identifier(parse_siret)),
        Column("nom_site", "name"),
        *ADDRESS,
        Column("date_fermeture", "closed_on"),
    ),
    parents=(
        Parent(
            "adherent",
            {"numero_adherent": "number"},
            unknown="cet adhérent n’est pas connu ; voyez adherents.csv.",
        ),
    ),
    after=("adherents.csv",),
    rules=(own_company,),
)


def register() -> None:
    """Take these three files."""
    registry.register(CABINETS, ADHERENTS, SITES)
