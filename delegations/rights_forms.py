"""The form « Définir les droits d'accès » (product.md 6.1), for whoever gives, on either side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django import forms

from delegations import choices
from delegations.givers import Giver
from delegations.giving import refuse_a_second_early
from delegations.levels_field import LevelsField
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, RightsProfile, Role, Side
from delegations.refusals import AlreadyGiven, NothingGiven, OwnAddress, Refused, TooWide
from delegations.terms import Terms, check_levels, wrong_days
from portal import clock
from portal.access.levels import Access, College
from portal.access.rights_table import Filling, RightsTable, table
from portal.email_addresses import parse_email
from portal.fields import DayField

LOCKED = "La case %s est cochée\u00a0: le tableau montre ce qu’elle donne, et ne se modifie pas."
LEADING = {
    Role.ADMINISTRATOR: "Avec cette case, tous les collèges et toutes les fonctionnalités sont donnés au "
    "plus haut niveau.",
    Role.DEPUTY: "Avec cette case, tout ce que le cabinet a reçu sur ce site est donné.",
}
NO_COLLEGE = "Cochez au moins un collège."
TO_WHOM = {
    Role.HEAD: "Celui de la personne qui sera Responsable, dans le cabinet, de cette délégation. Une "
    "invitation y est envoyée.",
    Role.USER: "Une invitation y est envoyée.",
}


class CollegesWidget(forms.CheckboxSelectMultiple):
    """The boxes of the collèges; all ticked, and not to be changed, while the box of a role is."""

    locked = False

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        """The boxes, as they stand or locked."""
        if not self.locked:
            return super().optgroups(name, value, attrs)
        everything = [str(one) for one, _ in self.choices]
        return super().optgroups(name, everything, {**(attrs or {}), "disabled": True})


class RightsForm(forms.Form):
    """Whom, from when to when, as what, for which collèges, and which levels."""

    email = forms.CharField(
        label="Courriel",
        max_length=254,
        error_messages={"required": "Saisissez le courriel."},
        widget=forms.TextInput(
            attrs={
                "inputmode": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    starts_on = DayField(label="Date d’effet", missing="Saisissez la date d’effet.")
    ends_on = DayField(
        label="Date de fin (optionnel)",
        required=False,
        help_text="jj/mm/aaaa. Les droits prennent fin d’eux-mêmes ce jour-là, inclus.",
    )
    leading = forms.BooleanField(required=False)
    colleges = forms.MultipleChoiceField(
        label="Collège(s) *",
        required=False,  # with the box of a role, none need be ticked
        widget=CollegesWidget,
        error_messages={"invalid_choice": "Choisissez les collèges parmi ceux qui sont proposés."},
    )
    profile = forms.ModelChoiceField(
        RightsProfile.objects.all(),
        label="Profil (optionnel)",
        required=False,
        empty_label="Choisissez un profil",
        error_messages={"invalid_choice": "Choisissez un profil dans la liste."},
    )
    levels = LevelsField(required=False)
    distinguished = forms.CharField(required=False, widget=forms.HiddenInput)
    filled = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        giver: Giver,
        role: Role = Role.USER,
        delegation: Delegation | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.giver, self.role, self.delegation = giver, role, delegation
        self.use_required_attribute = False
        self.fields["email"].help_text = TO_WHOM[role]
        for name in (
            "starts_on",
            "ends_on",
        ):  # as the address: back from the summary, the browser restores it
            self.fields[name].widget.attrs.pop("autocomplete", None)
        self.fields["leading"].label = giver.leading_role.label
        self.fields["leading"].help_text = LEADING[giver.leading_role]
        if delegation is not None:
            del self.fields["email"]
        else:
            del self.fields["version"]
        if role is Role.HEAD:
            del self.fields["leading"]
        self._offer_colleges()

    def _offer_colleges(self) -> None:
        """Only those of which a row is offered; no field where none is."""
        if not self.has_colleges:
            del self.fields["colleges"]
            return
        field: Any = self.fields["colleges"]
        field.choices = [(one.value, one.label) for one in College if one in self.giver.offered.colleges()]
        field.help_text = "Un au moins."
        field.widget.locked = self.is_leading

    # --- what was typed, as it stands ----------------------------------------------------------------

    @staticmethod
    def blank(giver: Giver) -> dict[str, Any]:
        """What the form says before anything is typed: every row at « Aucun droit », from today."""
        return {
            "starts_on": clock.today(),
            "colleges": [one.value for one in College if one in giver.offered.colleges()],
            "levels": {},
            "distinguished": "1" if giver.offered.distinguishes() else "",
        }

    @staticmethod
    def recorded(delegation: Delegation) -> dict[str, Any]:
        """What the form says of a delegation that exists."""
        held = delegation.matrix
        leading = delegation.role in (Role.ADMINISTRATOR, Role.DEPUTY)
        apart = held.distinguishes() and not leading
        ticked = held.colleges() or frozenset(College)
        return {
            "starts_on": delegation.starts_on,
            "ends_on": delegation.ends_on,
            "leading": leading,
            "colleges": [one.value for one in College if one in ticked],
            "levels": choices.of_matrix(held, distinguished=apart),
            "distinguished": "1" if apart else "",
            "version": delegation.version,
        }

    def typed(self) -> dict[str, Any]:
        """What was sent, to be shown again without a word about what is wrong."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }

    # --- the table -----------------------------------------------------------------------------------

    @property
    def has_colleges(self) -> bool:
        """Whether any row that varies by collège is offered."""
        return bool(self.giver.offered.colleges())

    @property
    def is_distinguished(self) -> bool:
        """Whether the collèges are told apart."""
        return bool(self["distinguished"].value())

    @property
    def ticked(self) -> frozenset[College]:
        """The collèges whose box is ticked."""
        chosen = self["colleges"].value() or [] if self.has_colleges else []
        return frozenset(one for one in College if one.value in chosen)

    @property
    def is_leading(self) -> bool:
        """Whether the box of the role is ticked."""
        return "leading" in self.fields and bool(self["leading"].value())

    @property
    def asked(self) -> dict[tuple[str, College | None], Access]:
        """What is chosen in the table."""
        return dict(self["levels"].value() or {})

    def chosen_profile(self) -> RightsProfile | None:
        """The profile that last filled the table."""
        number = str(self["filled"].value() or "")
        return (
            RightsProfile.objects.filter(pk=number).first()
            if number.isdecimal() and len(number) < 10
            else None
        )

    def table(self, said: str = "") -> RightsTable:
        """The radios as they stand."""
        filling = self._filling()
        if self.is_leading:
            highest = choices.of_matrix(self.giver.offered, distinguished=self.is_distinguished)
            filling = replace(filling, choices=highest, ticked=tuple(College), locked=True)
        return table(filling, said=said)

    def _filling(self) -> Filling:
        profile = self.chosen_profile()
        return Filling(
            self.giver.offered.level,
            self.asked,
            self.ticked,
            profile.matrix.meet(self.giver.offered).level if profile else None,
            profile.name if profile else "",
            distinguished=self.is_distinguished,
        )

    def kept(self) -> list[tuple[str, str]]:
        """What was chosen before the box of the role locked the table: it comes back with the table."""
        if not self.is_leading:
            return []
        levels = [(cell.name, str(cell.chosen.value)) for cell in table(self._filling()).cells]
        return levels + [("colleges", one.value) for one in College if one in self.ticked]

    def matrix(self) -> RightsMatrix:
        """What the table asks for, for the collèges ticked; what a role gives when its box is."""
        if self.is_leading:
            return self.giver.offered
        return choices.matrix_of(
            self.asked, self.ticked, self.giver.offered, distinguished=self.is_distinguished
        )

    # --- what is asked -------------------------------------------------------------------------------

    def clean_email(self) -> str:
        """A well-formed address."""
        return parse_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        """At least one collège; and nothing that the giver cannot give: all that is wrong is said at once."""
        values = super().clean() or {}
        if "levels" in values and "colleges" not in self.errors and not self.is_leading:
            self._check_table()
        self._check_days()
        self._check_person()
        return values

    def _check_table(self) -> None:
        if self.has_colleges and not self.ticked:
            self.add_error("colleges", NO_COLLEGE)
            return
        if not self.matrix():
            self.add_error("levels", NothingGiven().sentence)
            return
        asked = choices.matrix_of(self.asked, self.ticked, self.giver.offered, distinguished=True)
        empty = [one.label for one in College if one in self.ticked - asked.colleges()]
        if self.is_distinguished and asked.colleges() and empty:
            names = " et ".join(empty)
            self.add_error(
                "levels",
                f"Aucun droit n’est choisi pour {names}\u00a0: choisissez-en un, ou décochez ce collège.",
            )
            return
        self._refuse(lambda: check_levels(Terms(self.role_asked, self.matrix()), self.giver))

    def _check_days(self) -> None:
        days = [self.cleaned_data.get(name) for name in ("starts_on", "ends_on")]
        asked = Terms(self.role_asked, RightsMatrix(), *days)
        for wrong in wrong_days(asked, self.giver, self.delegation):
            name = "starts_on" if wrong.first else "ends_on"
            if name not in self.errors:
                self.add_error(name, wrong.sentence)

    def _check_person(self) -> None:
        if "email" in self.cleaned_data:
            self._refuse(lambda: self.refuse_a_second(self.cleaned_data["email"]))

    def _refuse(self, check: Callable[[], None]) -> None:
        try:
            check()
        except Refused as refusal:
            self.add_error(self.place_of(refusal), refusal.sentence)

    def refuse_a_second(self, email: str) -> None:
        """Raise OwnAddress, AlreadyGiven or Refused: oneself, or who has a delegation already."""
        if email == self.giver.person.email:
            raise OwnAddress
        side = Side.FIRM if self.role_asked == Role.HEAD else self.giver.side
        refuse_a_second_early(self.giver.site, side, email, self.role_asked)

    def place_of(self, refusal: Refused) -> str | None:
        """The field that a refusal is about."""
        name = "email" if isinstance(refusal, AlreadyGiven | OwnAddress) else "levels"
        about = isinstance(refusal, AlreadyGiven | OwnAddress | NothingGiven | TooWide)
        return name if about and name in self.fields else None

    @property
    def locked_sentence(self) -> str:
        """What the table says when the box of the role is ticked."""
        return LOCKED % self.giver.leading_role.label if "leading" in self.fields else ""

    @property
    def role_asked(self) -> Role:
        """The role that the box gives, or the one that the page is for."""
        return self.giver.leading_role if self.is_leading else self.role

    def terms(self) -> Terms:
        """What is asked, once the form is valid."""
        matrix = RightsMatrix() if self.is_leading else self.matrix()
        return Terms(self.role_asked, matrix, self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])

    def sent(self) -> list[tuple[str, str]]:
        """All that was sent of this form, for the page that follows to send again."""
        known = set(self.fields) | set(self.extra_names)
        return [
            (name, value)
            for name, values in lists(self.data).items()
            if name in known or name.startswith("droit.")
            for value in values
        ]

    extra_names: tuple[str, ...] = ("cote",)


def lists(data: Any) -> Mapping[str, list[str]]:
    """The values of each name of a query string."""
    return dict(data.lists())
