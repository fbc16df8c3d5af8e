"""Invented sites and an invented person, so that the frame can be seen around a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.home.frame import ShownEntry, ShownMenu
from portal.home.registry import Menu
from portal.sessions.left import Left

ENTRIES = {
    Menu.COMPANY: ("Mes informations adhérent", "Ma situation de compte", "Mes déclarations de salaires"),
    Menu.EMPLOYEES: ("Gérer mes salariés", "Mon planning", "Mes demandes de congés"),
    Menu.BAD_WEATHER: ("Mes arrêts intempéries", "Mes remboursements intempéries"),
    Menu.DOCUMENTS: ("Mes documents", "Mes attestations"),
    Menu.SUPPORT: ("Contacter ma caisse", "Questions et réponses"),
}
SIDE_BAR = (
    ("Contacter ma caisse", "phone"),
    ("Questions et réponses", "chat-bubble-left-right"),
    ("Aide de cette page", "question-mark-circle"),
    ("Nouveautés", "sparkles"),
)
FOOTER = ("Mentions légales", "Protection des données", "Conditions d’utilisation", "Accessibilité")


@dataclass(frozen=True)
class InventedPerson:
    """Who looks at the examples."""

    first_name: str
    last_name: str
    is_authenticated: bool = True
    is_active: bool = True
    is_staff: bool = False

    def get_full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class InventedAdherent:
    """A company."""

    company_name: str


@dataclass(frozen=True)
class InventedSite:
    """A site, as far as the frame reads it."""

    cibtp_id: str
    adherent: InventedAdherent
    name: str = ""
    closed_on: dt.date | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it has a closing date, past in these examples."""
        return self.closed_on is not None


def a_site(
    cibtp_id: str, company_name: str, name: str = "", closed_on: dt.date | None = None
) -> InventedSite:
    """An invented site of an invented company."""
    return InventedSite(cibtp_id, InventedAdherent(company_name), name, closed_on)


PERSON = InventedPerson("Camille", "Perrin")
SITE = a_site("40218-002-37", "MAÇONNERIE DU VERMOIS", "AGENCE DE LUNÉVILLE")
LONG_NAME = a_site(
    "40733-001-64",
    "SOCIÉTÉ COOPÉRATIVE DES CHARPENTIERS, COUVREURS ET ÉTANCHEURS RÉUNIS DE LORRAINE",
    "AGENCE DE VANDŒUVRE-LÈS-NANCY ET DÉPÔT DE MATÉRIEL DE LUDRES",
)
CLOSED = a_site("40218-003-11", "MAÇONNERIE DU VERMOIS", "DÉPÔT DE TOUL", dt.date(2026, 6, 30))
MARKED = (
    SITE,
    CLOSED,
    LONG_NAME,
    a_site("41007-001-25", "SARL LES TOITS DE L’EST"),
    a_site("41007-002-78", "SARL LES TOITS DE L’EST", "CHANTIER-ÉCOLE"),
    a_site("42350-001-03", "ÉTANCHÉITÉ 54"),
    a_site("43166-001-88", "PLÂTRERIE ŒUVRARD"),
    a_site("44901-001-46", "2M CARRELAGE"),
)


def menus(request: HttpRequest) -> list[ShownMenu]:
    """The portal's own menus, the first one current; every entry stays on the page."""
    here = f"{request.path}#contenu"
    return [
        ShownMenu(
            menu.value,
            [
                ShownEntry(label, here, "", current=menu is Menu.COMPANY and not place)
                for place, label in enumerate(labels)
            ],
        )
        for menu, labels in ENTRIES.items()
    ]


def around_site(request: HttpRequest, site: InventedSite) -> dict[str, Any]:
    """The frame of a page of that site."""
    here = f"{request.path}#contenu"
    personal = ("Gérer mon compte utilisateur", "Gérer les droits d’accès")
    return {
        "site": site,
        "breadcrumb": [],
        "several_sites": True,
        "choice_url": here,
        "navigation": menus(request),
        "personal_menu": [ShownEntry(label, here, "", current=False) for label in personal],
        "side_bar": [ShownEntry(label, here, icon, current=False) for label, icon in SIDE_BAR],
        "footer_links": [{"label": label, "url": here} for label in FOOTER],
    }


def on_a_site(request: HttpRequest) -> dict[str, Any]:
    """An ordinary site."""
    return around_site(request, SITE) | {"marked": MARKED}


def on_a_long_name(request: HttpRequest) -> dict[str, Any]:
    """Names as long as extracts bring them."""
    return around_site(request, LONG_NAME) | {"marked": MARKED}


def on_a_closed_site(request: HttpRequest) -> dict[str, Any]:
    """A site that can be read and no longer written."""
    return around_site(request, CLOSED) | {"marked": MARKED}


def on_an_ending_session(request: HttpRequest, *, extendable: bool = True) -> dict[str, Any]:
    """The warning, two minutes before a session ends for want of a request."""
    left = Left(seconds=120, extendable=extendable, person="", hours=10)
    return {"session_left": left, "session_url": ""}


def on_a_last_session(request: HttpRequest) -> dict[str, Any]:
    """The same before its last instant."""
    return on_an_ending_session(request, extendable=False)


def refusal(request: HttpRequest) -> dict[str, Any]:
    """A page without the right, on a site with two Administrateurs."""
    administrators = ["Nadège Vautrin", "Loïc Barthélemy"]
    return around_site(request, SITE) | {"what": "Mes comptes bancaires", "administrators": administrators}


def blocked(request: HttpRequest) -> dict[str, Any]:
    """An operation that opens again by itself."""
    return {"retry_after_text": "dans 12 minutes", "password": True}
