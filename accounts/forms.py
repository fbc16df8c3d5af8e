"""The forms of the doors: sign-in, opening, correction of the address, new password."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.addresses import canonical, parse_email
from accounts.models import ProvisionalCode, User
from accounts.phones import parse_phone
from adherents.models import Site
from delegations.choice import sites_of
from portal.codes import posted
from portal.forms import back_link, helper_for

MISMATCH_EMAIL = "Les deux adresses électroniques ne sont pas identiques : saisissez deux fois la même."
MISMATCH_PASSWORD = "Les deux mots de passe ne sont pas identiques : saisissez deux fois le même."  # noqa: S105


SITES_HELD_AGAINST = 20


def words_of(site: Site) -> list[str]:
    """What designates a company and its site: no password holds it."""
    company = site.adherent
    return [company.company_name, site.name, site.cibtp_id, site.siret, company.siren]


def email_field(
    label: str = "Adresse électronique",
    autocomplete: str = "email",
    missing: str = "Saisissez votre adresse électronique.",
) -> forms.CharField:
    """An address, typed as people type it; its form checks it."""
    attrs = {
        "autocomplete": autocomplete,
        "inputmode": "email",
        "autocapitalize": "none",
        "spellcheck": "false",
    }
    messages = {"required": missing}
    return forms.CharField(
        label=label, max_length=254, widget=forms.TextInput(attrs=attrs), error_messages=messages
    )


def password_field(
    label: str, autocomplete: str, *, rules: bool = False, missing: str = "Saisissez votre mot de passe."
) -> forms.CharField:
    """A password, never stripped; `rules` shows the password rule before it."""
    attrs = {"autocomplete": autocomplete} | ({"data-rules": "true"} if rules else {})
    messages = {"required": missing}
    return forms.CharField(
        label=label, strip=False, widget=forms.PasswordInput(attrs=attrs), error_messages=messages
    )


def validate_name(name: str) -> None:
    """A name is letters, spaces, apostrophes, dashes and dots: it stands in mails. Raises ValidationError."""
    if any(
        not (char.isalpha() or unicodedata.category(char).startswith("M") or char in " '’-.") for char in name
    ):
        raise ValidationError("Écrivez seulement des lettres, des espaces, des tirets et des apostrophes.")


class SignInForm(forms.Form):
    """« Connexion à votre espace CIBTP »."""

    email = email_field(autocomplete="username")
    password = password_field("Mot de passe", "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_for(self, button="Connexion", required_notice=False)


class IdentificationForm(forms.Form):
    """Étape 1/2 « Informations d'identification ». Only emptiness is told: the rest is one answer (R04)."""

    cibtp_id = forms.CharField(
        label="Identifiant CIBTP",
        help_text="(présent sur le Courrier de bienvenue) Par exemple 29209-001-12.",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": "Saisissez l’identifiant CIBTP du Courrier de bienvenue."},
    )
    siret = forms.CharField(
        label="Numéro de SIRET",
        help_text="14 chiffres, par exemple 732 829 320 00074.",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": "Saisissez le numéro de SIRET du site."},
    )
    code = forms.CharField(
        label="Code confidentiel",
        help_text="(présent sur le Courrier informatique) Par exemple ABCD-2345-EF.",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": "Saisissez le code confidentiel du Courrier informatique."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = back_link(reverse("accounts:sign_in"), "Annuler")
        self.helper = helper_for(self, button="Valider", back=back)


class TwiceTypedEmail(forms.Form):
    """An address typed twice."""

    email = email_field()
    email_again = email_field(
        "Confirmation adresse électronique", missing="Saisissez une seconde fois votre adresse électronique."
    )

    def clean_email(self) -> str:
        """The canonical address."""
        return parse_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        """Both must be the same address."""
        values = super().clean() or {}
        first, again = values.get("email"), values.get("email_again")
        if first and again and canonical(again) != first:
            self.add_error("email_again", MISMATCH_EMAIL)
        return values


class TwiceTypedPassword(forms.Form):
    """A new password typed twice, held against the rule."""

    password = password_field("Mot de passe", "new-password", rules=True)
    password_again = password_field(
        "Confirmation mot de passe", "new-password", missing="Saisissez une seconde fois le mot de passe."
    )

    def check_passwords(self, user: User) -> None:
        """Add an error to the fields when they differ or when the rule refuses the password."""
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", MISMATCH_PASSWORD)
        if password:
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.add_error("password", error.messages[0])  # one thing to mend at a time


class ConnectionForm(TwiceTypedEmail, TwiceTypedPassword):
    """Étape 2/2 « Informations de connexion » and « Informations de contact »."""

    last_name = forms.CharField(
        label="Nom",
        max_length=100,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Saisissez votre nom."},
    )
    first_name = forms.CharField(
        label="Prénom",
        max_length=100,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Saisissez votre prénom."},
    )
    landline = forms.CharField(
        label="Téléphone fixe",
        required=False,
        max_length=40,
        help_text="Pour un numéro étranger, commencez par + et l’indicatif du pays.",
        widget=forms.TextInput(attrs={"autocomplete": "home tel", "inputmode": "tel"}),
    )
    mobile = forms.CharField(
        label="Téléphone mobile",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "mobile tel", "inputmode": "tel"}),
    )
    consent = forms.BooleanField(
        label=(
            "Je suis informé que je suis susceptible de recevoir à cette adresse, quelques fois par an, des "
            "informations réglementaires et pratiques ainsi que des actualités de la caisse."
        ),
        required=False,
    )
    field_order = (
        "email", "email_again", "password", "password_again", "last_name", "first_name", "landline", "mobile",
        "consent",
    )  # fmt: skip

    def __init__(self, *args: Any, code: ProvisionalCode, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code
        self.helper = helper_for(
            self,
            button="Valider",
            back=back_link(reverse("accounts:opening"), "Retour à l’étape précédente"),
            groups={
                "Informations de connexion": ("email", "email_again", "password", "password_again"),
                "Informations de contact": ("last_name", "first_name", "landline", "mobile", "consent"),
            },
        )

    def clean_landline(self) -> str:
        """E.164 or empty."""
        return parse_phone(self.cleaned_data["landline"])

    def clean_mobile(self) -> str:
        """E.164 of a mobile number, or empty."""
        return parse_phone(self.cleaned_data["mobile"], mobile=True)

    def clean(self) -> dict[str, Any]:
        """The password is neither the code of the letter nor about the person (R14, R25)."""
        values = super().clean()
        person = User(**{name: values.get(name) or "" for name in ("email", "last_name", "first_name")})
        site = self.code.site
        person.password_context = words_of(site)
        self.check_passwords(person)
        if posted.matches(values.get("password") or "", self.code.digest, site_id=site.pk):
            self.add_error("password", "Le mot de passe ne peut pas être le code confidentiel du courrier.")
        return values


class CorrectionForm(TwiceTypedEmail):
    """« Corriger mon adresse électronique »."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = back_link(reverse("accounts:opening_done"), "Annuler")
        self.helper = helper_for(self, button="Envoyer le lien à cette adresse", back=back)


class AssociationForm(SignInForm):
    """Étape 2/2 of an association: the existing space."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = back_link(reverse("accounts:association"), "Retour à l’étape précédente")
        self.helper = helper_for(self, button="Valider", back=back)


class ForgottenForm(forms.Form):
    """« Mot de passe oublié ? »: the address."""

    email = email_field(autocomplete="username")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = back_link(reverse("accounts:sign_in"), "Annuler")
        self.helper = helper_for(self, button="Valider", back=back)

    def clean_email(self) -> str:
        """The canonical address, whether or not it is known."""
        return parse_email(self.cleaned_data["email"])


class NewPasswordForm(TwiceTypedPassword):
    """The page behind the mailed link."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        user.password_context = [
            word for site in sites_of(user)[:SITES_HELD_AGAINST] for word in words_of(site)
        ]
        self.fields["password"].label = "Nouveau mot de passe"
        self.fields["password_again"].label = "Confirmation du nouveau mot de passe"
        self.helper = helper_for(self, button="Enregistrer le mot de passe")

    def clean(self) -> dict[str, Any]:
        """Held against the rule, with what is known of the person."""
        values = super().clean() or {}
        self.check_passwords(self.user)
        return values
