"""The forms of the doors: sign-in, opening, association, invitation, forgotten password or code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from accounts.models import ProvisionalCode, User
from adherents.models import Site
from delegations.choice import sites_of
from portal.codes import posted
from portal.email_addresses import canonical, parse_email
from portal.fields import PhoneField
from portal.forms import back_link, helper_for
from portal.identifiers import typed_cibtp_id
from portal.names import validate_name
from portal.pasted import LONGEST

MISMATCH_EMAIL = "Les deux adresses électroniques ne sont pas identiques : saisissez deux fois la même."
MISMATCH_PASSWORD = "Les deux mots de passe ne sont pas identiques : saisissez deux fois le même."  # noqa: S105
CODE_AS_PASSWORD = "Ce mot de passe est le code confidentiel du courrier\u00a0: choisissez-en un autre."  # noqa: S105
TYPE_AGAIN = "Par sécurité, saisissez de nouveau votre mot de passe."
SITES_HELD_AGAINST = 20
# « Certifier » comes before the form's own button: Enter must go on meaning that one.
DEFAULT_BUTTON = (
    '<button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true">Valider</button>'
)
BACK = "retour"
# A button, not a link: what was typed is kept on the way.
BACK_BUTTON = (
    f'<button type="submit" class="btn btn-outline-secondary" name="{BACK}" value="oui" formnovalidate>'
    "Retour à l’étape précédente</button>"
)
CERTIFICATION = '{% if certification %}{% include "accounts/_mobile_certification.html" %}{% endif %}'


def words_of(site: Site) -> list[str]:
    """What designates a company and its site: no password holds it."""
    company = site.adherent
    return [company.company_name, site.name, site.cibtp_id, site.siret, company.siren]


def certify_beside_mobile(helper: FormHelper) -> None:
    """Put « Certifier » beside the mobile field; it shows on pages that give `certification`."""
    (group,) = (one for one in helper.layout.fields if isinstance(one, Fieldset) and "mobile" in one.fields)
    place = group.fields.index("mobile")
    group.fields[place] = Div("mobile", HTML(CERTIFICATION), css_class="mobile-field")
    helper.layout.insert(0, HTML(DEFAULT_BUTTON))


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


class SignInForm(forms.Form):
    """« Connexion à votre espace CIBTP »."""

    email = email_field(autocomplete="username")
    password = password_field("Mot de passe", "current-password")

    @cached_property
    def helper(self) -> FormHelper:
        """How it is shown: a right password shows nothing."""
        return helper_for(self, button="Connexion", required_notice=False)


class IdentificationForm(forms.Form):
    """Étape 1/2 « Informations d'identification ». Only emptiness is told: the rest is one answer (R04)."""

    cibtp_id = forms.CharField(
        label="Identifiant CIBTP",
        help_text="(présent sur le Courrier de bienvenue) Par exemple 29209-001-12.",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": "Saisissez l’identifiant CIBTP du Courrier de bienvenue."},
    )
    siret = forms.CharField(
        label="Numéro de SIRET",
        help_text="14 chiffres, par exemple 732 829 320 00074.",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": "Saisissez le numéro de SIRET du site."},
    )
    code = forms.CharField(
        label="Code confidentiel",
        help_text="(présent sur le Courrier informatique) Par exemple ABCD-2345-EF.",
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": "Saisissez le code confidentiel du Courrier informatique."},
    )

    def __init__(self, *args: Any, back: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way_back = back_link(back or reverse("accounts:sign_in"), "Annuler")
        self.helper = helper_for(self, button="Valider", back=way_back)
        self.helper.layout.insert(len(self.fields), HTML('{% include "accounts/_code_lost.html" %}'))


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

    def full_clean(self) -> None:
        """A password never comes back to the page: when only the rest is at fault, the field says so."""
        super().full_clean()
        if self.errors and not self.errors.keys() & {"password", "password_again"}:
            self["password"].help_text = TYPE_AGAIN

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


class Contact(forms.Form):
    """Who one is, and how one is reached."""

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
    landline = PhoneField(label="Téléphone fixe", autocomplete="home tel")
    mobile = PhoneField(label="Téléphone mobile", autocomplete="mobile tel", mobile=True)
    consent = forms.BooleanField(
        label=(
            "Je suis informé que je suis susceptible de recevoir à cette adresse, quelques fois par an, des "
            "informations réglementaires et pratiques ainsi que des actualités de la caisse."
        ),
        required=False,
    )


class ConnectionForm(TwiceTypedEmail, TwiceTypedPassword, Contact):
    """Étape 2/2 « Informations de connexion » and « Informations de contact »."""

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
            back=HTML(BACK_BUTTON),
            groups={
                "Informations de connexion": ("email", "email_again", "password", "password_again"),
                "Informations de contact": ("last_name", "first_name", "landline", "mobile", "consent"),
            },
        )
        self.helper.attrs = {"data-kept-for": salted_hmac("kept", str(code.pk)).hexdigest()[:12]}
        certify_beside_mobile(self.helper)

    def clean(self) -> dict[str, Any]:
        """The password is neither the code of the letter nor about the person (R14, R25)."""
        values = super().clean()
        person = User(**{name: values.get(name) or "" for name in ("email", "last_name", "first_name")})
        site = self.code.site
        person.password_context = words_of(site)
        self.check_passwords(person)
        if posted.matches(values.get("password") or "", self.code.digest, site_id=site.pk):
            self.add_error("password", CODE_AS_PASSWORD)
        return values


class InvitedForm(TwiceTypedPassword, Contact):
    """« Informations de contact et de connexion » of an invited person, whose address is fixed."""

    field_order = (
        "password", "password_again", "last_name", "first_name", "landline", "mobile", "consent",
    )  # fmt: skip

    def __init__(self, *args: Any, email: str, words: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email, self.words = email, words
        self.helper = helper_for(
            self,
            button="Valider",
            back=back_link("?refuser=oui", "Refuser ces droits"),
            groups={"Informations de contact et de connexion": tuple(self.fields)},
        )
        self.helper.layout[0].fields.insert(0, HTML('{% include "accounts/_fixed_address.html" %}'))
        certify_beside_mobile(self.helper)

    def clean(self) -> dict[str, Any]:
        """The password is not about the person, nor about what is offered (R25)."""
        values = super().clean() or {}
        names = {name: values.get(name) or "" for name in ("last_name", "first_name")}
        person = User(email=self.email, **names)
        person.password_context = self.words
        self.check_passwords(person)
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


class OwnPasswordForm(forms.Form):
    """Étape 2/2 of an association when one is signed in: the password again."""

    password = password_field("Mot de passe", "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = back_link(reverse("accounts:association"), "Retour à l’étape précédente")
        self.helper = helper_for(self, button="Valider", back=back)


class CodeRequestForm(forms.Form):
    """« Demande d'un nouveau code confidentiel »: how it is written is told, not whether it is known."""

    cibtp_id = forms.CharField(
        label="Identifiant CIBTP",
        help_text="(présent sur le Courrier de bienvenue) Par exemple 29209-001-12.",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": "Saisissez l’identifiant CIBTP du Courrier de bienvenue."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = back_link(reverse("accounts:forgotten"), "Annuler")
        self.helper = helper_for(self, button="Recevoir mon code confidentiel par courrier", back=back)

    def clean_cibtp_id(self) -> str:
        """The identifier as it is printed, however it was typed."""
        return typed_cibtp_id(self.cleaned_data["cibtp_id"])


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
