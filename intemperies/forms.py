"""The forms of worksites and of a declaration's steps."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from adherents.models import Site
from intemperies.calculation.causes import Cause
from intemperies.calculation.lost_hours import week_of
from intemperies.drafting import Span, StopFacts
from intemperies.models import Stoppage, Worksite
from intemperies.models.stoppages import CAUSES, VIGILANCES, Committee
from intemperies.models.worksites import TRADES
from portal import clock
from portal.fields import DayField, TimeOfDayField
from portal.forms import back_link, helper_for
from portal.pasted import LONGEST

MOST_SPANS = 5  # a week has few stops that are not one
MOST_MONTHS = 24  # between a stop and its declaration
POSTAL_CODE = re.compile(r"[0-9]{5}", re.ASCII)
OVERSEAS, CORSICA = ("97", "98"), "20"
FIRST_OF_UPPER_CORSICA = 20200
WRONG_ALTITUDE = "Écrivez l’altitude en mètres, par exemple 250."
HIGHEST = 4800  # metres: nothing is built above


def departement_of(postal_code: str) -> str:
    """The département of a postal code of metropolitan France. Raises ValidationError for another one."""
    if not POSTAL_CODE.fullmatch(postal_code):
        raise ValidationError("Le code postal s’écrit en cinq chiffres, comme 54000.")
    if postal_code.startswith(OVERSEAS):
        raise ValidationError("Le régime ne s’applique qu’aux chantiers de France métropolitaine.")
    if postal_code.startswith(CORSICA):
        return "2A" if int(postal_code) < FIRST_OF_UPPER_CORSICA else "2B"
    return postal_code[:2]


class WorksiteForm(forms.ModelForm[Worksite]):
    """A worksite: where it is, and what the regime asks of it."""

    postal_code = forms.CharField(
        label="Code postal",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "Indiquez le code postal du chantier."},
    )

    class Meta:
        model = Worksite
        fields = ("name", "address", "postal_code", "town", "altitude", "trade", "activity", "public_works")
        labels = {"altitude": "Altitude, en mètres (optionnel)", "activity": "Activité (optionnel)"}
        help_texts = {
            "public_works": "Le représentant du maître d’œuvre sera demandé à l’envoi d’un arrêt.",
            "altitude": "0 si vous ne la connaissez pas et que le chantier n’est pas en montagne.",
            "activity": "Par exemple «\u00a0étanchéité\u00a0», si votre caisse vous l’a indiqué.",
        }
        widgets = {"trade": forms.RadioSelect}
        error_messages = {
            "name": {"required": "Donnez un nom à ce chantier."},
            "address": {"required": "Indiquez où est le chantier."},
            "town": {"required": "Indiquez la ville du chantier."},
            "altitude": dict.fromkeys(("invalid", "min_value", "max_value"), WRONG_ALTITUDE),
            "trade": {"required": "Choisissez la catégorie du chantier."},
        }

    def __init__(self, *args: Any, site: Site, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        self.instance.site = site
        self.fields["altitude"].required = False
        trade: Any = self.fields["trade"]
        trade.choices = TRADES
        for name in ("name", "address", "postal_code", "town", "activity"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.helper = helper_for(
            self,
            button="Enregistrer le chantier",
            back=back_link(back, "Annuler"),
            groups={
                "Où": ("name", "address", "postal_code", "town", "altitude"),
                "Travaux": ("trade", "activity", "public_works"),
            },
        )

    def clean_postal_code(self) -> str:
        """Of metropolitan France; the département follows from it."""
        code: str = "".join(self.cleaned_data["postal_code"].split())
        self.instance.departement = departement_of(code)
        return code

    def clean_altitude(self) -> int:
        """In metres."""
        altitude: int = self.cleaned_data.get("altitude") or 0
        if altitude > HIGHEST:
            raise ValidationError(WRONG_ALTITUDE)
        return altitude

    def clean_name(self) -> str:
        """Once on a site."""
        name: str = self.cleaned_data["name"].strip()
        same = Worksite.objects.filter(site=self.site, name__iexact=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError("Un de vos chantiers porte déjà ce nom\u00a0: choisissez-en un autre.")
        return name


class StopForm(forms.Form):
    """Step 1: where, why, when; one stop of the week or several."""

    worksite = forms.ModelChoiceField(
        Worksite.objects.none(),
        label="Chantier",
        empty_label="Choisissez un chantier",
        error_messages={"required": "Choisissez le chantier.", "invalid_choice": "Choisissez le chantier."},
    )
    trade = forms.ChoiceField(
        label="Catégorie des salariés",
        choices=[("", "Celle du chantier"), *TRADES],
        required=False,
        help_text="À changer seulement si vous tenez deux paies, l’une du gros œuvre et l’autre du second"
        " œuvre\u00a0: chacune a sa déclaration.",
    )
    cause = forms.ChoiceField(
        label="Cause de l’arrêt",
        choices=[("", "Choisissez une cause"), *CAUSES],
        error_messages={"required": "Choisissez la cause de l’arrêt."},
    )
    weather = forms.CharField(
        label="Précisions sur le temps (optionnel)",
        required=False,
        max_length=200,
        help_text="Par exemple «\u00a0− 6\u00a0°C au lever du jour\u00a0».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    work = forms.CharField(
        label="Travaux interrompus",
        max_length=200,
        help_text="Par exemple «\u00a0élévation de murs\u00a0».",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites quels travaux sont interrompus."},
    )
    vigilance = forms.ChoiceField(
        label="Vigilance canicule du département",
        choices=[("", "Sans objet"), *VIGILANCES],
        required=False,
        help_text="Celle de Météo-France, le jour de l’arrêt.",
    )
    prefect_order = forms.BooleanField(label="Un arrêté préfectoral a été pris", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, site: Site, spans: int, back: str, draft: Stoppage | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.spans = min(max(spans, 1), MOST_SPANS)
        kept = [draft.worksite_id] if draft else []
        here = Worksite.objects.filter(site=site)
        worksite: Any = self.fields["worksite"]
        worksite.queryset = here.current() | here.filter(pk__in=kept)
        groups: dict[str, tuple[str, ...]] = {
            "Chantier": ("worksite", "trade", "work"),
            "Intempérie": ("cause", "weather"),
            "En cas de canicule seulement": ("vigilance", "prefect_order"),
        }
        for number in range(self.spans):
            self._add_span(number)
            groups["Arrêt et reprise" if not number else f"{ORDINALS[number]} arrêt de la semaine"] = tuple(
                f"{name}_{number}" for name in SPAN_FIELDS
            )
        self.fields["spans"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=self.spans
        )
        self.helper = helper_for(
            self, button="Enregistrer et continuer", back=back_link(back, "Annuler"), groups=groups
        )
        self.helper.layout.insert(0, HTML(ENTER))
        self.helper.layout.insert(2, HTML(ANOTHER_WORKSITE))  # after « Chantier »
        if self.spans < MOST_SPANS:
            self.helper.layout.insert(len(self.helper.layout.fields) - 1, HTML(ANOTHER_SPAN))
        self.helper.layout.extend(["version", "spans"])

    def _add_span(self, number: int) -> None:
        first = not number
        self.fields[f"stop_day_{number}"] = DayField(
            label="Jour de l’arrêt", required=first, missing="Saisissez le jour de l’arrêt."
        )
        self.fields[f"stop_time_{number}"] = TimeOfDayField(
            label="Heure de l’arrêt", required=first, missing="Saisissez l’heure de l’arrêt."
        )
        self.fields[f"resume_day_{number}"] = DayField(
            label="Jour de la reprise",
            required=False,
            help_text="Vide tant que le travail n’a pas repris\u00a0: le brouillon est gardé.",
        )
        self.fields[f"resume_time_{number}"] = TimeOfDayField(label="Heure de la reprise", required=False)

    def clean(self) -> dict[str, Any]:
        """Each stop is whole, in the past, followed by its resumption; they do not overlap (rule 5)."""
        values = super().clean() or {}
        found: list[tuple[int, Span]] = []
        for number in range(self.spans):
            span = self._span(number, values)
            if span is not None:
                found.append((number, span))
        self._refuse_overlaps(found)
        values["found"] = [span for _, span in sorted(found, key=lambda each: each[1].begins)]
        return values

    def _span(self, number: int, values: dict[str, Any]) -> Span | None:
        names = {name: f"{name}_{number}" for name in SPAN_FIELDS}
        day, time, back_day, back_time = (values.get(names[name]) for name in SPAN_FIELDS)
        if any(names[name] in self.errors for name in SPAN_FIELDS):
            return None
        if number and not any((day, time, back_day, back_time)):
            return None
        wanted = {
            "stop_day": (day, "Saisissez le jour de l’arrêt."),
            "stop_time": (time, "Saisissez l’heure de l’arrêt."),
            "resume_day": (back_day or not back_time, "Saisissez aussi le jour de la reprise."),
            "resume_time": (back_time or not back_day, "Saisissez aussi l’heure de la reprise."),
        }
        for name, (there, sentence) in wanted.items():
            if not there and names[name] not in self.errors:
                self.add_error(names[name], sentence)
        if any(not there for there, _ in wanted.values()):
            return None
        assert day is not None
        assert time is not None
        resumes = clock.at(back_day, back_time) if back_day and back_time else None
        # In UTC: of two wall times around a change of clock, the later may come first.
        return self._checked(
            number, clock.at(day, time).astimezone(dt.UTC), resumes and resumes.astimezone(dt.UTC)
        )

    def _checked(self, number: int, begins: dt.datetime, resumes: dt.datetime | None) -> Span | None:
        if clock.day_of(begins) < clock.months_after(clock.today(), -MOST_MONTHS):
            self.add_error(f"stop_day_{number}", TOO_OLD)
        elif begins > clock.now():
            self.add_error(
                f"stop_day_{number}", "L’arrêt est dans le futur\u00a0: déclarez-le quand il a commencé."
            )
        elif resumes is not None and resumes <= begins:
            self.add_error(f"resume_day_{number}", "La reprise doit suivre l’arrêt.")
        elif resumes is not None and resumes > clock.now():
            self.add_error(
                f"resume_day_{number}", "La reprise est dans le futur\u00a0: laissez-la vide jusque-là."
            )
        else:
            return Span(begins, resumes)
        return None

    def _refuse_overlaps(self, found: list[tuple[int, Span]]) -> None:
        ordered = sorted(found, key=lambda each: each[1].begins)
        for (_, earlier), (number, later) in pairwise(ordered):
            if _week(earlier) != _week(later):
                self.add_error(f"stop_day_{number}", OTHER_WEEK)
            elif earlier.resumes is None or later.begins < earlier.resumes:
                self.add_error(
                    f"stop_day_{number}", "Cet arrêt commence avant la reprise de celui qui précède."
                )

    def facts(self) -> StopFacts:
        """What was typed, once it is valid."""
        values = self.cleaned_data
        heat = values["cause"] == Cause.HEAT.value
        return StopFacts(
            worksite=values["worksite"],
            trade=values["trade"] or values["worksite"].trade,
            cause=values["cause"],
            work=values["work"],
            weather=values["weather"],
            vigilance=values["vigilance"] if heat else "",
            prefect_order=values["prefect_order"] and heat,
            spans=values["found"],
        )


def _week(span: Span) -> tuple[int, int]:
    return week_of(clock.day_of(span.begins))


TOO_OLD = "Cet arrêt a plus de deux ans\u00a0: il ne se déclare plus ici."
OTHER_WEEK = "Cet arrêt est d’une autre semaine que le premier : il se déclare à part."
SPAN_FIELDS = ("stop_day", "stop_time", "resume_day", "resume_time")
ORDINALS = ("Premier", "Deuxième", "Troisième", "Quatrième", "Cinquième")
# « Ajouter » comes before the form's own button: Enter must go on meaning that one.
ENTER = (
    '<button type="submit" class="visually-hidden" name="do" value="save" tabindex="-1" aria-hidden="true">'
    "Enregistrer et continuer</button>"
)
ANOTHER_WORKSITE = (
    "<p>Le chantier n’est pas dans la liste\u00a0? "
    '<button type="submit" class="btn btn-outline-secondary btn-sm" name="do" value="worksite"'
    " formnovalidate>Ajouter un chantier</button></p>"
)
ANOTHER_SPAN = (
    '<p><button type="submit" class="btn btn-outline-secondary" name="do" value="another" formnovalidate>'
    "Ajouter un autre arrêt de la même semaine</button></p>"
)


class SigningForm(forms.Form):
    """Step 5: what the declarant attests (rule 9)."""

    committee = forms.ChoiceField(
        label="Comité social et économique (CSE)",
        choices=Committee.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si le CSE a été consulté."},
    )
    project_manager = forms.CharField(
        label="Représentant du maître d’œuvre",
        max_length=150,
        help_text="Marché public\u00a0: il peut s’opposer à l’arrêt.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Nommez le représentant du maître d’œuvre."},
    )
    conditions = forms.BooleanField(
        label="J’atteste que les salariés déclarés remplissent les conditions et que leurs indemnités sont "
        "payées à l’échéance de la paie.",
        error_messages={"required": "Cochez cette attestation pour envoyer la déclaration."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: Stoppage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not draft.worksite.public_works:
            del self.fields["project_manager"]
        place = {"cibtp_id": draft.site.cibtp_id, "number": draft.pk}
        self.helper = helper_for(
            self,
            button="Envoyer la déclaration",
            back=back_link(reverse("intemperies:checks", kwargs=place), "Retour aux contrôles"),
        )


class CancelForm(forms.Form):
    """Why what was sent is cancelled."""

    reason = forms.CharField(
        label="Motif de l’annulation",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi cette déclaration est annulée."},
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_for(self, button="Annuler la déclaration", back=back_link(back, "Retour"))


class DeleteForm(forms.Form):
    """Nothing but its button."""

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_for(
            self,
            button="Supprimer ce brouillon",
            back=back_link(back, "Le garder"),
            required_notice=False,
        )


class DuplicateForm(forms.Form):
    """For which other worksite."""

    worksite = forms.ModelChoiceField(
        Worksite.objects.none(),
        label="Autre chantier",
        empty_label="Choisissez un chantier",
        error_messages={"required": "Choisissez le chantier.", "invalid_choice": "Choisissez le chantier."},
    )

    def __init__(self, *args: Any, stoppage: Stoppage, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Worksite.objects.filter(site_id=stoppage.site_id).current()
        worksite: Any = self.fields["worksite"]
        worksite.queryset = others.exclude(pk=stoppage.worksite_id)
        self.helper = helper_for(self, button="Dupliquer l’arrêt", back=back_link(back, "Annuler"))
