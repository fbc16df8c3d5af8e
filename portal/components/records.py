"""Invented records: an employee's file, what is about to be sent, what waits."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.messages import ERROR, INFO, SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from portal.components.forms import bar, step_url
from portal.home.registry import Waiting
from portal.home.views import Tile
from portal.parts import Event, FactGroup, Figure

PARIS = ZoneInfo("Europe/Paris")
IDENTITY = [
    ("Nom et prénom", "Barthélemy Nadège"),
    ("Date de naissance", "14/09/1988"),
    ("Adresse électronique", "nadege.barthelemy@maconnerie-vermois.example"),
    ("Téléphone portable", ""),
]
CONTRACT = [
    ("Emploi", "Couvreuse"),
    ("Collège", "Ouvrier"),
    ("Date d’embauche", "27/03/2026"),
    ("Salaire brut mensuel", "2\u00a0150,40\u00a0€"),
]
EVENTS = [
    Event(dt.datetime(2026, 6, 18, 14, 30, tzinfo=PARIS), "Congé du 3 au 21 août 2026 accordé.", "la caisse"),
    Event(
        dt.datetime(2026, 6, 2, 9, 5, tzinfo=PARIS), "Congé du 3 au 21 août 2026 demandé.", "Camille Perrin"
    ),
    Event(dt.datetime(2026, 3, 27, 8, 0, tzinfo=PARIS), "Embauche déclarée par DSN."),
]


def employee_file(request: HttpRequest) -> dict[str, Any]:
    """A file with facts, one of them missing, figures and history."""
    return {
        "title": "Barthélemy Nadège",
        "lead": "Couvreuse, agence de Lunéville.",
        "identity": IDENTITY,
        "contract": CONTRACT,
        "figures": [
            Figure("Solde de congés", "17,5\u00a0jours", "acquis du 1er avril 2025 au 31 mars 2026"),
            Figure("Congés à venir", "15\u00a0jours", "du 3 au 21 août 2026"),
            Figure("Heures d’intempéries", "21\u00a0h", "depuis janvier 2026"),
        ],
        "events": EVENTS,
    }


def new_file(request: HttpRequest) -> dict[str, Any]:
    """A file of which almost nothing is known: each value says so."""
    return {
        "title": "Kieffer Denis",
        "lead": "Reçu hier par une DSN incomplète.",
        "identity": [("Nom et prénom", "Kieffer Denis"), *((label, "") for label, _ in IDENTITY[1:])],
        "contract": [(label, "") for label, _ in CONTRACT],
        "figures": [Figure("Solde de congés", ""), Figure("Congés à venir", "0\u00a0jour")],
        "events": [],
    }


def summary(request: HttpRequest) -> dict[str, Any]:
    """What is read again before sending."""
    return {
        "title": "Vérifier avant d’envoyer",
        "steps": bar(3),
        "groups": [FactGroup("Identité", IDENTITY, step_url(1)), FactGroup("Contrat", CONTRACT, step_url(2))],
        "onward": step_url(4) if request.method == "POST" else "",
    }


def confirmation(request: HttpRequest) -> dict[str, Any]:
    """What was just sent."""
    return {
        "title": "Déclaration d’embauche envoyée",
        "done": "La déclaration d’embauche de Nadège Barthélemy est envoyée.",
        "number": "EMB-2026-004217",
        "at": dt.datetime(2026, 3, 1, 14, 30, tzinfo=PARIS),
        "document_url": f"{request.path}#contenu",
        "document_label": "Récépissé EMB-2026-004217 (PDF, 84 Ko)",
        "next_steps": [
            "Votre caisse vérifie la déclaration sous 3 jours ouvrés.",
            "Vous recevez un courriel dès qu’elle est acceptée, ou si une pièce manque.",
            "Le salarié figure alors dans « Gérer mes salariés ».",
        ],
    }


def notices(request: HttpRequest) -> dict[str, Any]:
    """A message of each level, as the page after a redirect shows them."""
    return {
        "messages": [
            Message(SUCCESS, "La déclaration de juin 2026 est envoyée."),
            Message(INFO, "Une nouvelle version de la notice des congés est en ligne."),
            Message(WARNING, "Il reste 3 jours pour déclarer les salaires de juin 2026."),
            Message(ERROR, "Le fichier n’a pas pu être lu : rien n’a été enregistré."),
        ],
        "clear_url": f"{request.path}#contenu",
    }


def home(request: HttpRequest) -> dict[str, Any]:
    """What waits, the figures and the tiles of a home page."""
    here = f"{request.path}#contenu"
    return {
        "title": "Ce qui attend et tuiles",
        "waiting": [
            Waiting("Déclarer les salaires de juin 2026", here, dt.date(2026, 7, 15)),
            Waiting("Confirmer le cabinet comptable Fiduciaire du Saintois", here, dt.date(2026, 7, 22)),
            Waiting("Répondre à votre caisse au sujet d’un arrêt intempéries", here),
        ],
        "figures": [
            Figure("À payer", "4\u00a0218,07\u00a0€", "avant le 14/08/2026"),
            Figure("Salariés présents", "31"),
        ],
        "tiles": [
            Tile("Gérer mes salariés", here, "users", "Embauches, sorties, corrections"),
            Tile("Déclarer un arrêt intempéries", here, "cloud", "Avant la fin du mois suivant"),
            Tile("Mes documents", here, "document-text", ""),
        ],
    }
