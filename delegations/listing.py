"""« Liste des bénéficiaires de délégation »: what may be asked of it, and in which order (product.md 6.4).

Names and addresses that somebody looks for are read from a POST only and never stand in an address (R81).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf, TruncDate

from delegations.models import Delegation, Role, Side, Status
from delegations.models.delegation import DelegationQuerySet
from portal.fields import DayField
from portal.folding import Folded, fold, words_of

PAGE_SIZES = (5, 10, 25, 50)
PAGE_SIZE = 5
BY_NAME = "nom"
ALL = [("", "Tous…")]
OVER = tuple(status.value for status in Status if status.is_over)
PERSONAL = ("nom", "courriel")
NOT_YET_KNOWN = "Pas encore de compte"
ROLES = {
    Side.COMPANY: (Role.ADMINISTRATOR, Role.HEAD, Role.USER),
    Side.FIRM: (Role.DEPUTY, Role.USER),
}


def place_of(column: str, labels: Mapping[str, str]) -> Case:
    """The place of a column's value in the order of the words that show."""
    ordered = sorted(labels, key=lambda value: fold(labels[value]))
    whens = [When(**{column: value}, then=Value(place)) for place, value in enumerate(ordered)]
    return Case(*whens, output_field=IntegerField())


OVER_ON = TruncDate("over_at")
ENDED_ON = Case(  # as `Delegation.ended_on` has it
    When(
        Q(over_at__isnull=False) & (Q(shown_last_day=None) | Q(over_at__date__lt=F("shown_last_day"))),
        OVER_ON,
    ),
    default=F("shown_last_day"),
)


SORTS: dict[str, Any] = {
    "role": place_of("role", {role.value: role.label for role in Role}),
    BY_NAME: F("sorted_name"),
    "statut": place_of("status", {status.value: status.label for status in Status}),
    "debut": F("starts_on"),
    "fin": F("shown_end"),
    "courriel": F("shown_address"),
}


class Typed(forms.CharField):
    """A filter that is typed: nothing that a browser would keep or complete."""

    def __init__(self, label: str) -> None:
        attrs = {"autocomplete": "off", "spellcheck": "false"}
        super().__init__(label=label, required=False, max_length=100, widget=forms.TextInput(attrs=attrs))


class Day(DayField):
    """A filter by one day, its form shown inside: there is no room above it."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, help_text="")
        self.widget.attrs["placeholder"] = "jj/mm/aaaa"


class ListFilter(forms.Form):
    """One filter under each head; what else the list is asked goes along unseen."""

    role = forms.ChoiceField(label="Rôle", required=False)
    nom = Typed("Nom et prénom")
    statut = forms.ChoiceField(label="Statut", required=False, choices=[*ALL, *Status.choices])
    debut = Day("Date d’effet")
    fin = Day("Date de fin")
    courriel = Typed("Courriel")
    tri = forms.ChoiceField(
        required=False,
        choices=[(f"{sign}{name}", name) for name in SORTS for sign in ("", "-")],
        widget=forms.HiddenInput,
    )
    lignes = forms.ChoiceField(
        required=False, choices=[(str(size), size) for size in PAGE_SIZES], widget=forms.HiddenInput
    )
    cote = forms.ChoiceField(required=False, choices=[("cabinet", "")], widget=forms.HiddenInput)

    def __init__(self, sent: Mapping[str, Any], *, side: Side) -> None:
        super().__init__(sent, auto_id="filtre_%s")
        choices = [*ALL, *((role.value, role.label) for role in ROLES[side])]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Asked:
    """What the list is asked for; what was not understood narrows nothing, and `form` says what is wrong."""

    form: ListFilter
    understood: Mapping[str, Any] = field(default_factory=dict)
    with_over: bool = False

    @classmethod
    def in_address(cls, sent: Mapping[str, Any], side: Side) -> Asked:
        """What an address asks: no name, no courriel."""
        known = {name: value for name, value in sent.items() if name not in PERSONAL}
        return cls._of(known, side, with_over=sent.get("inactifs") == "oui")

    @classmethod
    def posted(cls, sent: Mapping[str, Any], side: Side) -> Asked:
        """What a form asks: an unticked « Exclure les utilisateurs inactifs » is not sent at all."""
        return cls._of(dict(sent.items()), side, with_over="sans_inactifs" not in sent)

    @classmethod
    def _of(cls, sent: Mapping[str, Any], side: Side, *, with_over: bool) -> Asked:
        form = ListFilter(sent, side=side)
        unknown = [name for name in form.errors if isinstance(form.fields[name], forms.ChoiceField)]
        if unknown:  # nobody types these: a worn address
            return cls._of(
                {name: sent[name] for name in sent if name not in unknown}, side, with_over=with_over
            )
        understood = {name: value for name, value in form.cleaned_data.items() if value}
        return cls(form, understood, with_over or understood.get("statut") in OVER)

    @property
    def is_personal(self) -> bool:
        """Whether a name or a courriel is looked for: then nothing of it stands in an address."""
        return any(name in self.understood for name in PERSONAL)

    @property
    def narrowed(self) -> bool:
        """Whether something is filtered under a head."""
        return any(name in self.understood for name in ("role", "statut", "debut", "fin", *PERSONAL))

    @property
    def sort(self) -> str:
        """The order asked for, by name otherwise."""
        return str(self.understood.get("tri", BY_NAME))

    @property
    def size(self) -> int:
        """How many lines a page."""
        return int(self.understood.get("lignes", PAGE_SIZE))

    def state(self) -> list[tuple[str, str]]:
        """What a form must send to be shown the same, names included."""
        kept = [(name, written(value)) for name, value in self.understood.items()]
        return kept if self.with_over else [*kept, ("sans_inactifs", "oui")]

    def query(self, **changes: str) -> str:
        """The query string that shows the same; never with a name or a courriel."""
        values = {name: written(value) for name, value in self.understood.items() if name not in PERSONAL} | {
            "inactifs": "oui" if self.with_over else ""
        }
        kept = {name: value for name, value in (values | changes).items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    def of(self, delegations: DelegationQuerySet) -> QuerySet[Any]:
        """Those that are asked for, in order."""
        found = shown(delegations)
        if not self.with_over:
            found = found.exclude(status__in=OVER)
        for name, column in (("role", "role"), ("statut", "status"), ("debut", "starts_on")):
            if name in self.understood:
                found = found.filter(**{column: self.understood[name]})
        if "fin" in self.understood:
            found = found.filter(shown_end=self.understood["fin"])
        for word in words_of(self.understood.get("nom", "")):
            found = found.filter(sorted_name__contains=word)
        found = found.filter(shown_address__contains=self.understood.get("courriel", "").lower())
        return found.order_by(*self._order())

    def _order(self) -> list[Any]:
        key = SORTS[self.sort.removeprefix("-")]
        first = key.desc(nulls_last=True) if self.sort.startswith("-") else key.asc(nulls_last=True)
        return [first, "sorted_name", "pk"]


def shown(delegations: DelegationQuerySet) -> QuerySet[Any]:
    """Each with what the list says of it: status, last day, address, and the name to sort by.

    Whoever has not accepted yet has no name: he stands under his address.
    """
    # What ended keeps the address of its time: a newer one is none of a former client's business.
    ended = When(Q(over_at__isnull=False) & ~Q(email=""), then=F("email"))
    address = Case(ended, default=Coalesce(NullIf("beneficiary__email", Value("")), "email"))
    name = Concat("beneficiary__last_name", Value(" "), "beneficiary__first_name", output_field=CharField())
    known = When(Q(beneficiary__isnull=False), then=name)
    return (
        delegations.with_status()
        .with_last_day()
        .annotate(
            shown_end=ENDED_ON, shown_address=address, sorted_name=Folded(Case(known, default=F("email")))
        )
        .select_related("beneficiary", "firm", "parent")
    )


def written(value: Any) -> str:
    """A value as its filter takes it."""
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


def name_of(delegation: Delegation) -> str:
    """Last name, then first name; nothing while nobody accepted."""
    person = delegation.beneficiary
    return f"{person.last_name} {person.first_name}".strip() if person else ""
