"""Which families of components there are, and the pages that show each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.components import colours, forms, frames, lists, records, rights

Context = Callable[[HttpRequest], dict[str, Any]]


def nothing_more(request: HttpRequest) -> dict[str, Any]:
    """The context of a page whose template says it all."""
    return {}


@dataclass(frozen=True)
class Example:
    """One page: a shared template in one state. The first of a family has no slug."""

    slug: str
    label: str
    template: str
    context: Context = nothing_more
    signed_in: bool = True
    posts: bool = False


@dataclass(frozen=True)
class Family:
    """Components that are read together."""

    slug: str
    label: str
    icon: str
    summary: str
    examples: tuple[Example, ...]

    def url(self, example: Example) -> str:
        """The address of one of its pages."""
        if example.slug:
            return reverse("components:example", kwargs={"family": self.slug, "example": example.slug})
        return reverse("components:family", kwargs={"family": self.slug})

    def find(self, slug: str) -> Example | None:
        """The page of that name, or None."""
        return next((example for example in self.examples if example.slug == slug), None)


FAMILIES = (
    Family(
        "couleurs",
        "Couleurs",
        "swatch",
        "Couleurs et contrastes mesurés, tailles, espaces.",
        (Example("", "Couleurs et tailles", "components/colours.html", colours.shown),),
    ),
    Family(
        "boutons",
        "Boutons",
        "cursor-arrow-rays",
        "Boutons et liens, du principal au dangereux.",
        (Example("", "Boutons et liens", "components/buttons.html"),),
    ),
    Family(
        "formulaires",
        "Formulaires",
        "pencil-square",
        "Chaque sorte de champ, vide, remplie, en erreur.",
        (
            Example("", "Champs vides", "components/form.html", forms.empty, posts=True),
            Example("remplis", "Champs remplis", "components/form.html", forms.filled, posts=True),
            Example("erreurs", "Plusieurs erreurs", "components/form.html", forms.wrong, posts=True),
            Example("une-erreur", "Une erreur", "components/form.html", forms.one_error, posts=True),
            Example("lecture-seule", "Lecture seule", "components/form_read_only.html", forms.read_only),
        ),
    ),
    Family(
        "listes",
        "Listes",
        "table-cells",
        "Tables : tri, filtres, pages, export, montants.",
        (
            Example("", "Liste complète", "components/list.html", lists.full),
            Example("recherche", "Recherche d’un nom", "components/list.html", lists.searched, posts=True),
            Example("sans-resultat", "Sans résultat", "components/list.html", lists.filtered_to_nothing),
            Example("vide", "Liste vide", "components/list.html", lists.empty),
            Example("dense", "Table dense", "components/list_dense.html", lists.dense),
            Example("large", "Table large", "components/list_wide.html", lists.wide),
            Example("deux", "Deux listes", "components/list_two.html", lists.two),
        ),
    ),
    Family(
        "fiches",
        "Fiches",
        "identification",
        "Informations, chiffres, historique, action dangereuse.",
        (
            Example("", "Fiche d’un salarié", "components/file.html", records.employee_file),
            Example("nouvelle", "Fiche presque vide", "components/file.html", records.new_file),
        ),
    ),
    Family(
        "etapes",
        "Étapes",
        "list-bullet",
        "Barre numérotée, récapitulatif, confirmation.",
        (
            Example("", "Première étape", "components/steps.html", partial(forms.step, number=1), posts=True),
            Example(
                "deuxieme",
                "Deuxième étape",
                "components/steps.html",
                partial(forms.step, number=2),
                posts=True,
            ),
            Example("recapitulatif", "Récapitulatif", "components/summary.html", records.summary, posts=True),
            Example("confirmation", "Confirmation", "components/confirmation.html", records.confirmation),
        ),
    ),
    Family(
        "droits",
        "Droits d’accès",
        "key",
        "Le tableau des droits, dans chacun de ses états.",
        (
            Example("", "Tableau des droits", "components/rights.html", rights.empty, posts=True),
            Example("cabinet", "Dans un cabinet", "components/rights.html", rights.in_a_firm, posts=True),
            Example("colleges", "Par collège", "components/rights.html", rights.apart, posts=True),
            Example("administrateur", "Administrateur", "components/rights.html", rights.locked, posts=True),
            Example("profil", "Écarts d’un profil", "components/rights.html", rights.differing, posts=True),
        ),
    ),
    Family(
        "messages",
        "Messages",
        "chat-bubble-left-right",
        "Avis, états, refus, erreurs, liens périmés.",
        (
            Example("", "Avis et états", "components/messages.html", records.notices),
            Example("refus", "Accès refusé", "403.html", frames.refusal),
            Example("introuvable", "Page non trouvée", "404.html", signed_in=False),
            Example("tentatives", "Trop de tentatives", "429.html", frames.blocked, signed_in=False),
            Example("formulaire-expire", "Formulaire expiré", "csrf.html"),
            Example("lien-perime", "Lien périmé", "accounts/new_password_expired.html", signed_in=False),
            Example("incomprise", "Demande non comprise", "400.html", signed_in=False),
            Example("methode", "Cette page ne s’ouvre pas ainsi", "405.html", signed_in=False),
            Example("erreur", "Erreur inattendue", "500.html", signed_in=False),
        ),
    ),
    Family(
        "accueil",
        "Accueil",
        "home",
        "Ce qui attend, les tuiles, les chiffres.",
        (Example("", "Ce qui attend et tuiles", "components/home.html", records.home),),
    ),
    Family(
        "cadre",
        "Cadre",
        "window",
        "Ce qui entoure chaque page, avec et sans site.",
        (
            Example("", "Sur un site", "components/frame.html", frames.on_a_site),
            Example("nom-long", "Un nom long", "components/frame.html", frames.on_a_long_name),
            Example("site-ferme", "Un site fermé", "components/frame.html", frames.on_a_closed_site),
            Example("session", "Fin de session", "components/session.html", frames.on_an_ending_session),
            Example("derniere-heure", "Fin sans retour", "components/session.html", frames.on_a_last_session),
            Example("hors-cadre", "Hors du cadre", "components/bare.html", signed_in=False),
        ),
    ),
)


def find_family(slug: str) -> Family | None:
    """The family of that name, or None."""
    return next((family for family in FAMILIES if family.slug == slug), None)
