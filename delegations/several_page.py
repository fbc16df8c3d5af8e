"""Several sites at once, for whoever administers several (product.md 6.1)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError

from adherents.models import Site
from delegations import giving, rights_summary
from delegations.choice import searched, sites_administered_by
from delegations.giving_pages import CompanyPage, sent_to
from delegations.limits import invitation_claims
from delegations.refusals import Refused
from delegations.rights_forms import RightsForm
from delegations.rights_summary import Summary
from delegations.second_factor import open_to
from portal.identifiers import CIBTP_ID
from portal.limits.counting import take
from portal.origin import Origin

AT_ONCE = 100
SEMICOLON = "\u00a0; "
SHOWN = 50
NO_SITE = "Cochez au moins un site."
TOO_MANY = f"Choisissez {AT_ONCE} sites au plus à la fois."
NOT_YOURS = "Choisissez les sites parmi ceux que vous administrez."


class SitesField(forms.MultipleChoiceField):
    """Identifiers of sites that the person administers today; asked of the database for those sent only."""

    mine: Any = None

    def clean(self, value: Any) -> list[Site]:
        """The sites. Raises ValidationError for none, too many, or one that is not his."""
        chosen = sorted(set(value or ()))
        if not chosen:
            raise ValidationError(NO_SITE)
        if len(chosen) > AT_ONCE:
            raise ValidationError(TOO_MANY)
        found = list(self.mine.filter(cibtp_id__in=[one for one in chosen if CIBTP_ID.match(one)]))
        if len(found) != len(chosen):
            raise ValidationError(NOT_YOURS)
        return sorted(found, key=lambda site: site.cibtp_id)


class SeveralForm(RightsForm):
    """The same, with the choice of the sites."""

    site_search = forms.CharField(
        label="Rechercher un site par nom, ville, SIRET ou identifiant (optionnel)",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    searched = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    sites = SitesField(label="Sites", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["sites"]
        field.mine = open_to(sites_administered_by(self.giver.person), self.giver.person)
        self.found = self.search_said = ""
        self.chosen: list[Site] = []
        field.choices = [(site.cibtp_id, offered_as(site)) for site in self._shown(field.mine)]
        field.help_text = f"{AT_ONCE} au plus à la fois. Les sites cochés restent en tête. {self.found}"

    def _shown(self, mine: Any) -> list[Site]:
        """The sites ticked, then those that the search finds."""
        ticked = [one for one in self._ticked() if CIBTP_ID.match(one)]
        mine = mine.order_by("adherent__company_name", "cibtp_id")
        self.chosen = list(mine.filter(cibtp_id__in=ticked[:AT_ONCE]))
        text = str(self["site_search"].value() or "").replace("\0", "").strip()[:100]
        matching = searched(mine, text) if text else mine
        self.search_said = found_in_words(matching.count(), text) if text else ""
        others = matching.exclude(pk__in=[site.pk for site in self.chosen])
        count = others.count()
        self.found = (
            f"{SHOWN} premiers sites sur {count}\u00a0: précisez la recherche." if count > SHOWN else ""
        )
        return self.chosen + list(others.order_by("adherent__company_name", "cibtp_id")[:SHOWN])

    def _ticked(self) -> list[str]:
        if not self.is_bound:
            return list(self.initial.get("sites") or [])
        name = self.add_prefix("sites")
        return list(self.fields["sites"].widget.value_from_datadict(self.data, self.files, name) or [])

    def refuse_a_second(self, email: str) -> None:
        """Each site answers for itself, in the report."""


def labelled(site: Site) -> str:
    """`29209-001-12, MAÇONNERIE MEYER, AGENCE DE METZ`."""
    return ", ".join(filter(None, (site.cibtp_id, site.adherent.company_name, site.name)))


def offered_as(site: Site) -> str:
    """The same, and that it is closed: its rights are then to read only."""
    return f"{labelled(site)} (Fermé)" if site.is_closed() else labelled(site)


def found_in_words(count: int, text: str) -> str:
    """« 2 sites trouvés pour « metz » »."""
    if not count:
        return f"Aucun site ne correspond à «\u00a0{text}\u00a0»."
    return (
        f"{count} site{'s' if count > 1 else ''} trouvé{'s' if count > 1 else ''} pour «\u00a0{text}\u00a0»."
    )


def refused_in_words(report: Sequence[giving.Given]) -> list[str]:
    """A sentence for each reason, with the sites that it kept back."""
    reasons: dict[str, list[str]] = {}
    for one in report:
        if one.refusal:
            reasons.setdefault(one.refusal, []).append(labelled(one.site))
    return [f"Rien n’est donné sur {SEMICOLON.join(sites)}. {reason}" for reason, sites in reasons.items()]


class SeveralPage(CompanyPage):
    """One person, the same rights, on each of the sites ticked; one invitation."""

    title = "Ajout de délégation sur plusieurs sites"
    form_class = SeveralForm

    def start(self) -> dict[str, Any]:
        """The site on which one stands is ticked."""
        return super().start() | {"sites": [self.site.cibtp_id]}

    def pressed(self) -> str:
        """Enter in the search looks for sites; in any other field it presses « Valider »."""
        do, data = super().pressed(), self.request.POST
        if do != "enter":
            return do
        return "search" if data.get("site_search", "") != data.get("searched", "") else "check"

    def sites(self, form: RightsForm) -> list[Site]:
        """Those that are ticked."""
        return form.chosen if isinstance(form, SeveralForm) else []

    def summary(self, form: RightsForm) -> Summary:
        """What will be given, and where."""
        summary = super().summary(form)
        return replace(summary, sites=tuple(offered_as(site) for site in form.cleaned_data["sites"]))

    def sealed_facts(self, form: RightsForm) -> dict[str, Any]:
        """Whom, what and where."""
        sites = [site.cibtp_id for site in form.cleaned_data["sites"]]
        email = form.cleaned_data["email"]
        return rights_summary.facts_of(form.terms(), self.giver, about=email, sites=sites)

    def act(self, form: RightsForm, attempt: uuid.UUID) -> None:
        """Give on each site that can be given, and say which were refused, and why."""
        email = form.cleaned_data["email"]
        take(*invitation_claims(self.giver.person.pk, email))
        report = self.give_on(form.terms(), email, form.cleaned_data["sites"], attempt)
        if not any(one.delegation for one in report):
            raise Refused(" ".join(refused_in_words(report)))
        self.report(email, report)

    def done_already(self, facts: dict[str, Any], attempt: uuid.UUID) -> bool:
        """The second click of two says what the first one said."""
        made = giving.given_by_attempt(attempt)
        if made and not self.over_since(facts["about"], made):
            self.report(facts["about"], made)
        return bool(made)

    def give_on(
        self, terms: Any, email: str, sites: Sequence[Site], attempt: uuid.UUID
    ) -> list[giving.Given]:
        """The act itself."""
        return giving.give_on(
            person=self.request.user,
            sites=sites,
            side=self.giver.side,
            email=email,
            terms=terms,
            origin=Origin.of(self.request),
            attempt=attempt,
        )

    def report(self, email: str, report: Sequence[giving.Given]) -> None:
        """One line for what is given, one for each reason why it is not."""
        given = [labelled(one.site) for one in report if one.delegation]
        self.say(f"{sent_to(email)} Droits donnés sur {SEMICOLON.join(given)}.")
        for sentence in refused_in_words(report):
            messages.warning(self.request, sentence)

    def about(self) -> dict[str, Any]:
        """No way to itself."""
        return {"several_url": "", "enter": "enter"}
