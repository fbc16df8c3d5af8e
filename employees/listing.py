"""« Gérer mes salariés » as a list: what may be asked of it, and its rows.

The name that somebody looks for is read from a POST only and never stands in an address (R81).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import F, Q, QuerySet

from employees.features import EMPLOYEE
from employees.models import Employee, EmployeeQuerySet
from portal import clock
from portal.access.levels import Access, College
from portal.access.site_access import SiteAccess
from portal.folding import Folded, words_of
from portal.templatetags.french import pluralize_fr, short_date

PAGE_SIZES = (10, 25, 50, 100)
PAGE_SIZE = 25
PRESENT, DEPARTED, ALL = "presents", "sortis", "tous"
SITUATIONS = ((PRESENT, "Présents"), (DEPARTED, "Sortis"), (ALL, "Tous"))
NAME = "nom"
BY_NAME = (Folded("last_name"), Folded("first_name"))
SORTS: dict[str, tuple[Any, ...]] = {
    NAME: BY_NAME,
    "college": (F("college_then"),),
    "matricule": (F("matricule"),),
    "classification": (F("classification"), F("trade")),
    "embauche": (F("hired_on"),),
}
FIELDS = (
    "last_name",
    "first_name",
    "college_then",
    "matricule",
    "classification",
    "trade",
    "hired_on",
    "left_on",
)


class ListFilter(forms.Form):
    """One filter under each head that has one; the order and the page's size go along unseen."""

    nom = forms.CharField(
        label="Nom et prénom",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    college = forms.ChoiceField(label="Collège", required=False)
    situation = forms.ChoiceField(label="Situation", required=False, choices=SITUATIONS)
    tri = forms.ChoiceField(
        required=False,
        choices=[(f"{sign}{name}", name) for name in SORTS for sign in ("", "-")],
        widget=forms.HiddenInput,
    )
    lignes = forms.ChoiceField(
        required=False, choices=[(str(size), size) for size in PAGE_SIZES], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, colleges: Sequence[College], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Tous"), *((college.value, college.label) for college in colleges)]
        self.fields["college"].choices = choices  # type: ignore[attr-defined]


def readable(access: SiteAccess) -> list[College]:
    """The collèges whose employees the person may read, in their order."""
    held = access.colleges(EMPLOYEE, Access.READ)
    return [college for college in College if college in held]


@dataclass(frozen=True)
class Asked:
    """What the list is asked for; whatever was not understood is as if it had not been asked."""

    name: str = ""
    college: str = ""
    situation: str = PRESENT
    sort: str = NAME
    size: int = PAGE_SIZE

    @classmethod
    def of(cls, sent: Mapping[str, Any], access: SiteAccess, *, with_name: bool) -> Asked:
        """Read what was sent; the name only when it did not come in an address."""
        form = ListFilter(sent, colleges=readable(access))
        form.is_valid()
        understood = form.cleaned_data
        return cls(
            name=" ".join(understood.get("nom", "").split()) if with_name else "",
            college=understood.get("college", ""),
            situation=understood.get("situation") or PRESENT,
            sort=understood.get("tri") or NAME,
            size=int(understood.get("lignes") or PAGE_SIZE),
        )

    @property
    def narrowed(self) -> bool:
        """Whether a name or a collège is looked for."""
        return bool(self.name or self.college)

    @property
    def filtered(self) -> bool:
        """Whether the list shows something else than it does by itself."""
        return self.narrowed or self.situation != PRESENT

    def state(self) -> list[tuple[str, str]]:
        """What a form must send to be shown the same, the name included."""
        return [(NAME, self.name), *self._plain().items()] if self.name else list(self._plain().items())

    def query(self, **changes: str) -> str:
        """The query string that shows the same; never with a name."""
        kept = {name: value for name, value in (self._plain() | changes).items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    def form(self, access: SiteAccess) -> ListFilter:
        """The filters as they stand."""
        initial = {NAME: self.name} | self._plain() | {"situation": self.situation}
        return ListFilter(initial=initial, auto_id="filtre_%s", colleges=readable(access))

    def _plain(self) -> dict[str, str]:
        values = {
            "college": self.college,
            "situation": "" if self.situation == PRESENT else self.situation,
            "tri": "" if self.sort == NAME else self.sort,
            "lignes": "" if self.size == PAGE_SIZE else str(self.size),
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Listed:
    """A row of the list."""

    last_name: str
    first_name: str
    college: str
    matricule: str
    classification: str
    trade: str
    hired_on: dt.date | None
    left_on: dt.date | None
    today: dt.date

    @classmethod
    def of(cls, values: Sequence[Any]) -> Listed:
        """The row of an employee, from its `FIELDS`."""
        known = dict(zip(FIELDS, values, strict=True))
        college = College(known.pop("college_then")).label
        return cls(**known, college=college, today=clock.today())

    @property
    def name(self) -> str:
        """Last name, then first name."""
        return f"{self.last_name} {self.first_name}"

    @property
    def present(self) -> bool:
        """Whether he works there today."""
        return not self._to_come and (self.left_on is None or self.left_on >= self.today)

    @property
    def situation(self) -> str:
        """Where he stands with the site, in a few words."""
        if self._to_come:
            return f"Arrive le {short_date(self.hired_on)}"
        if self.left_on is None:
            return "Présent"
        return f"{'Présent jusqu’au' if self.present else 'Sorti le'} {short_date(self.left_on)}"

    @property
    def _to_come(self) -> bool:
        return self.hired_on is not None and self.hired_on > self.today


class EmployeeList:
    """The employees that a person may see on a site, as he asks for them."""

    def __init__(self, access: SiteAccess, asked: Asked) -> None:
        self._visible = Employee.objects.visible_to(access)
        self.asked = asked

    def found(self) -> QuerySet[Employee, tuple[Any, ...]]:
        """What answers, in order: the `FIELDS` of each."""
        found = self._in_situation()
        if self.asked.college:
            found = found.filter(Q(college_then=self.asked.college))
        found = named(found, self.asked.name).with_contract()
        return found.order_by(*self._order()).values_list(*FIELDS)

    def total(self) -> int:
        """How many there are in that situation, whatever name or collège is looked for."""
        return self._in_situation().count()

    def departed(self) -> int:
        """How many left the site, among those that may be shown."""
        return self._visible.departed().count()

    def is_empty(self) -> bool:
        """Whether there is nobody at all to be shown."""
        return not self._visible.exists()

    def _in_situation(self) -> EmployeeQuerySet:
        if self.asked.situation == ALL:
            return self._visible
        return self._visible.departed() if self.asked.situation == DEPARTED else self._visible.present()

    def _order(self) -> list[Any]:
        keys = SORTS[self.asked.sort.removeprefix("-")]
        down = self.asked.sort.startswith("-")
        return [*(key.desc() if down else key.asc() for key in keys), *BY_NAME, "matricule"]


def named(employees: EmployeeQuerySet, text: str) -> EmployeeQuerySet:
    """Those whose first and last names hold every word, accents and capitals aside."""
    employees = employees.alias(folded_last=Folded("last_name"), folded_first=Folded("first_name"))
    for word in words_of(text):
        employees = employees.filter(Q(folded_last__contains=word) | Q(folded_first__contains=word))
    return employees


def counted(count: int, asked: Asked) -> str:
    """`3 salariés présents`."""
    several = pluralize_fr(count)
    word = {PRESENT: f" présent{several}", DEPARTED: f" sorti{several}", ALL: ""}[asked.situation]
    return f"{count} salarié{several}{word}"
