"""A form with every sort of field, in each of its states."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.urls import reverse

from portal.fields import AmountField, DayField, PhoneField
from portal.forms import back_link, helper_for
from portal.parts import Step

JOBS = (
    ("", "Choisissez un emploi"),
    ("macon", "Maçon"),
    ("couvreur", "Couvreur"),
    ("charpentier", "Charpentier"),
    ("conducteur", "Conducteur de travaux"),
)
COLLEGES = (("ouvrier", "Ouvrier"), ("etam", "ETAM"), ("cadre", "Cadre"))
DAYS = (("lu", "Lundi"), ("ma", "Mardi"), ("me", "Mercredi"), ("je", "Jeudi"), ("ve", "Vendredi"))
IDENTITY = ("name", "used_name", "email", "mobile")
CONTRACT = ("hired_on", "wages", "job", "college", "days")
PAPERS = ("contract", "remark", "agreed")
TYPED = {
    "name": "Barthélemy",
    "used_name": "Vautrin",
    "email": "nadege.vautrin@maconnerie-vermois.example",
    "mobile": "06 12 34 56 78",
    "hired_on": dt.date(2026, 3, 27),
    "wages": Decimal("2150.40"),
    "job": "couvreur",
    "college": "ouvrier",
    "days": ["lu", "ma", "me", "je"],
    "remark": "Reprise d’un contrat d’apprentissage, même chantier.",
    "agreed": True,
}


def as_typed(**changes: Any) -> dict[str, Any]:
    """What the page would send, with some fields typed otherwise."""
    return TYPED | {"hired_on": "27/03/2026", "wages": "2 150,40", "password": "Ardoise-Fine-26"} | changes


class HiringForm(forms.Form):
    """An employee's hiring."""

    name = forms.CharField(
        label="Nom de naissance",
        max_length=80,
        error_messages={"required": "Saisissez le nom de naissance."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    used_name = forms.CharField(
        label="Nom d’usage (optionnel)",
        required=False,
        max_length=80,
        help_text="S’il diffère du nom de naissance.",
    )
    email = forms.EmailField(
        label="Adresse électronique",
        help_text="Le salarié y reçoit son certificat de congés.",
        error_messages={
            "required": "Saisissez l’adresse électronique.",
            "invalid": "Écrivez une adresse électronique complète, par exemple nom@entreprise.fr.",
        },
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
    )
    mobile = PhoneField(label="Téléphone portable (optionnel)", autocomplete="off", mobile=True)
    hired_on = DayField(label="Date d’embauche", missing="Saisissez la date d’embauche.")
    wages = AmountField(
        label="Salaire brut mensuel",
        missing="Saisissez le salaire brut mensuel.",
        help_text="Primes comprises.",
    )
    job = forms.ChoiceField(
        label="Emploi", choices=JOBS, error_messages={"required": "Choisissez un emploi dans la liste."}
    )
    college = forms.ChoiceField(
        label="Collège",
        choices=COLLEGES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un collège."},
    )
    days = forms.MultipleChoiceField(
        label="Jours travaillés",
        choices=DAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez au moins un jour.",
        error_messages={"required": "Cochez au moins un jour travaillé."},
    )
    contract = forms.FileField(
        label="Contrat de travail (optionnel)",
        required=False,
        help_text="PDF, JPEG ou PNG, 5 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    remark = forms.CharField(
        label="Remarque (optionnel)", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    password = forms.CharField(
        label="Mot de passe provisoire",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-rules": "true"}),
        error_messages={"required": "Saisissez un mot de passe provisoire."},
    )
    agreed = forms.BooleanField(
        label="J’atteste que ces informations sont exactes",
        error_messages={"required": "Cochez la case pour attester ces informations."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = {
            "Identité": IDENTITY,
            "Contrat": CONTRACT,
            "Accès du salarié": ("password",),
            "Pièces et remarques": PAPERS,
        }
        back = back_link(reverse("components:index"), "Annuler")
        self.helper = helper_for(self, button="Envoyer la déclaration d’embauche", groups=groups, back=back)


class StepForm(forms.Form):
    """A part of the hiring, one page of two."""

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = HiringForm()
        self.fields = {name: whole.fields[name] for name in (IDENTITY, CONTRACT)[number - 1]}
        back = back_link(step_url(1), "Étape précédente") if number == 2 else None
        self.helper = helper_for(self, button="Continuer", back=back)


class OwnAccountForm(forms.Form):
    """One's own account: the address is shown and changes elsewhere."""

    email = forms.CharField(
        label="Adresse électronique",
        required=False,
        help_text="Elle se change depuis « Gérer mon compte utilisateur », par un lien envoyé à la nouvelle.",
        widget=forms.TextInput(attrs={"readonly": True, "autocomplete": "email"}),
    )
    mobile = forms.CharField(
        label="Téléphone portable (optionnel)",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_for(self, button="Enregistrer mon téléphone")


def answered(request: HttpRequest, form: forms.Form) -> dict[str, Any]:
    """The form of the page, or what was just sent to it: checked, and forgotten."""
    if request.method != "POST":
        return {"form": form}
    sent = HiringForm(request.POST, request.FILES)
    if sent.is_valid():
        said = Message(SUCCESS, "Tout est juste. Rien n’a été enregistré : cette page est un exemple.")
        return {"form": HiringForm(), "messages": [said]}
    return {"form": sent}


def empty(request: HttpRequest) -> dict[str, Any]:
    """Nothing typed yet."""
    return answered(request, HiringForm())


def filled(request: HttpRequest) -> dict[str, Any]:
    """What is known already."""
    return answered(request, HiringForm(initial=TYPED))


def wrong(request: HttpRequest) -> dict[str, Any]:
    """Each sort of field in error."""
    typed = {
        "email": "nadege.vautrin",
        "mobile": "06 12",
        "hired_on": "27/03/26",
        "wages": "deux mille",
        "used_name": "Vautrin",
    }
    return answered(request, HiringForm(typed))


def one_error(request: HttpRequest) -> dict[str, Any]:
    """A single error has its summary too."""
    return answered(request, HiringForm(as_typed(hired_on="31/02/2026")))


def read_only(request: HttpRequest) -> dict[str, Any]:
    """What is shown and cannot be changed there."""
    known = {"email": "camille.perrin@maconnerie-vermois.example", "mobile": "06 12 34 56 78"}
    facts = [
        ("Nom et prénom", "Camille Perrin"),
        ("Rôle", "Administrateur"),
        ("Compte créé le", "12/01/2026"),
    ]
    return {"form": OwnAccountForm(initial=known), "facts": facts}


def step_url(number: int) -> str:
    """The address of a page of the path: its two steps, its summary, its confirmation."""
    example = ("", "deuxieme", "recapitulatif", "confirmation")[number - 1]
    return (
        reverse("components:example", args=["etapes", example])
        if example
        else reverse("components:family", args=["etapes"])
    )


def step(request: HttpRequest, number: int) -> dict[str, Any]:
    """A page of the two, its bar above it; what is right leads on."""
    sent = request.method == "POST"
    form = StepForm(request.POST, number=number) if sent else StepForm(number=number, initial=TYPED)
    onward = step_url(number + 1) if sent and form.is_valid() else ""
    return {"form": form, "number": number, "steps": bar(number), "onward": onward}


def bar(current: int) -> list[Step]:
    """The bar of three parts; those behind can be reopened."""
    steps = []
    for number, label in enumerate(("Identité", "Contrat", "Vérification"), 1):
        if number < current:
            steps.append(Step(label, "done", step_url(number)))
        else:
            steps.append(Step(label, "current" if number == current else "next"))
    return steps
