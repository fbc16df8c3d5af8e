"""The form by which a company asks for a change of its file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.urls import reverse

from adherents.models import Site
from adherents.models.change_requests import PHONES, label_of
from adherents.profile_changes import current_values
from portal.email_addresses import parse_email
from portal.fields import FOREIGN_NUMBER
from portal.forms import back_link, helper_for
from portal.names import validate_name
from portal.pasted import LONGEST
from portal.phones import parse_phone, written_phone

ENVELOPE_LINE = 38  # NF Z 10-011: characters seen through an envelope's window
POSTAL_CODE = re.compile(r"[0-9A-Z][0-9A-Z -]{1,8}[0-9A-Z]")
FRENCH_FIGURES = 5
SALT = "adherents.profile"
MAILING = ("mailing_address1", "mailing_address2", "mailing_postal_code", "mailing_town")


def line(field: str, *, autocomplete: str, length: int = ENVELOPE_LINE, **options: Any) -> forms.CharField:
    """One optional line of text of the company's file."""
    attrs = {"autocomplete": autocomplete} | options.pop("attrs", {})
    return forms.CharField(
        label=options.pop("label", label_of(field)),
        required=False,
        max_length=length,
        widget=forms.TextInput(attrs=attrs),
        **options,
    )


class ProfileChangeForm(forms.Form):
    """What the company may have changed; what is left as it stands is never held against a rule."""

    manager_last_name = line("manager_last_name", autocomplete="off", length=100)
    manager_first_name = line("manager_first_name", autocomplete="off", length=100)
    email = line(
        "email",
        autocomplete="off",
        length=254,
        help_text="Celle de l’entreprise. Elle ne change pas l’adresse avec laquelle vous vous connectez.",
        attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    phone = line(
        "phone",
        autocomplete="off",
        length=LONGEST,
        help_text=FOREIGN_NUMBER,
        attrs={"inputmode": "tel"},
    )
    fax = line("fax", autocomplete="off", length=LONGEST, attrs={"inputmode": "tel"})
    mailing_address1 = line("mailing_address1", autocomplete="off", label="Numéro et voie")
    mailing_address2 = line("mailing_address2", autocomplete="off", label="Complément d’adresse")
    mailing_postal_code = line(
        "mailing_postal_code",
        autocomplete="off",
        label="Code postal",
        length=10,
        attrs={"inputmode": "numeric"},
    )
    mailing_town = line("mailing_town", autocomplete="off", label="Ville")

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = current_values(site.adherent)
        was = self._values_shown() if self.is_bound else self.stored
        self.initial = was | {field: written_phone(was[field]) for field in PHONES}
        self.initial["shown"] = signing.dumps(was, salt=SALT)
        self.fields[
            "mailing_address1"
        ].help_text = "Laissez les quatre lignes vides pour recevoir les courriers au siège."
        self.helper = helper_for(
            self,
            button="Envoyer la demande",
            back=back_link(reverse("adherents:profile", kwargs={"cibtp_id": site.cibtp_id}), "Annuler"),
            groups={
                "Contact": ("manager_last_name", "manager_first_name", "email"),
                "Téléphones": PHONES,
                "Adresse postale": MAILING,
            },
        )
        self.helper.layout.append("shown")

    def _values_shown(self) -> dict[str, str]:
        """What the file said when the form was shown: only what differs from it was changed by hand."""
        try:
            shown = signing.loads(self.data.get("shown", ""), salt=SALT)
        except signing.BadSignature:
            return self.stored
        return {field: str(shown.get(field, stored)) for field, stored in self.stored.items()}

    def _read(self, field: str, reader: Callable[[str], str]) -> str:
        """What was typed, read; what says the same as the file stays as it is stored."""
        typed: str = self.cleaned_data[field]
        stored = self.stored[field]
        if field not in self.changed_data:
            return stored  # today's, whatever it was when the form was shown
        value = reader(typed) if typed else ""
        with suppress(ValidationError):  # what is stored may never have been held against the rule
            return stored if stored and reader(stored) == value else value
        return value

    def clean_manager_last_name(self) -> str:
        """A name, or none."""
        return self._read("manager_last_name", _name)

    def clean_manager_first_name(self) -> str:
        """A name, or none."""
        return self._read("manager_first_name", _name)

    def clean_email(self) -> str:
        """A well-formed address, or none."""
        return self._read("email", parse_email)

    def clean_phone(self) -> str:
        """A number, or none."""
        return self._read("phone", parse_phone)

    def clean_fax(self) -> str:
        """A number, or none."""
        return self._read("fax", parse_phone)

    def clean_mailing_address1(self) -> str:
        """A line that an envelope can bear, or none."""
        return self._read("mailing_address1", _envelope_line)

    def clean_mailing_address2(self) -> str:
        """A line that an envelope can bear, or none."""
        return self._read("mailing_address2", _envelope_line)

    def clean_mailing_town(self) -> str:
        """A line that an envelope can bear, or none."""
        return self._read("mailing_town", _envelope_line)

    def clean_mailing_postal_code(self) -> str:
        """Five figures in France, other signs elsewhere."""
        return self._read("mailing_postal_code", _postal_code)

    def clean(self) -> dict[str, Any]:
        """A postal address is whole or empty; a line that was not sent stays as it is."""
        values = (super().clean() or {}) | {
            field: stored for field, stored in self.stored.items() if self.add_prefix(field) not in self.data
        }
        if any(values.get(field) for field in MAILING):
            needed = {"mailing_address1": "le numéro et la voie", "mailing_postal_code": "le code postal",
                      "mailing_town": "la ville"}  # fmt: skip
            for field, what in needed.items():
                if field not in self.errors and not values.get(field):
                    self.add_error(field, f"Indiquez {what}, ou videz toute l’adresse postale.")
        return values


def _name(typed: str) -> str:
    """The name as it is. Raises ValidationError."""
    validate_name(typed)
    return typed


def _envelope_line(typed: str) -> str:
    """The line as it is. Raises ValidationError for what shows nothing, or no Latin letter nor figure."""
    plain = unicodedata.normalize("NFKD", typed)
    if any(unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} for char in typed) or not re.search(
        "[0-9A-Za-z]", plain
    ):
        raise ValidationError("Écrivez cette ligne comme sur une enveloppe, en lettres et en chiffres.")
    return typed


def _postal_code(typed: str) -> str:
    """The code in capitals. Raises ValidationError."""
    code = typed.upper()
    if not POSTAL_CODE.fullmatch(code) or (code.isdigit() and len(code) != FRENCH_FIGURES):
        raise ValidationError("Le code postal s’écrit comme 54000, ou comme L-1234 à l’étranger.")
    return code
