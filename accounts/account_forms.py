"""The forms of « Gérer mon compte utilisateur »: address, password, contact."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.forms import Contact, NewPasswordForm, TwiceTypedEmail, certify_beside_mobile
from accounts.models import User
from portal.fields import FOREIGN_NUMBER
from portal.forms import back_link, helper_for

SAME_ADDRESS = "Cette adresse est déjà la vôtre\u00a0: saisissez la nouvelle, ou annulez."
SAME_PASSWORD = "Ce mot de passe est déjà le vôtre\u00a0: choisissez-en un autre, ou annulez."  # noqa: S105

LOSES_CERTIFICATION = (
    "Si vous changez ce numéro, sa certification prend fin\u00a0: il faudra certifier le nouveau."
)


def back_to_account() -> HTML:
    """« Annuler » leads back to the account."""
    return back_link(reverse("accounts:account"), "Annuler")


class AddressForm(TwiceTypedEmail):
    """« Modifier adresse mail »: the new address, twice."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].label = "Nouvelle adresse électronique"
        self.fields["email"].error_messages["required"] = "Saisissez votre nouvelle adresse électronique."
        self.fields["email_again"].label = "Confirmation de la nouvelle adresse électronique"
        self.fields["email_again"].error_messages["required"] = (
            "Saisissez une seconde fois votre nouvelle adresse électronique."
        )
        self.helper = helper_for(self, button="Modifier l’adresse mail", back=back_to_account())
        self.helper.attrs = {
            "data-never-kept": "true"
        }  # sent, it ends the session: nothing is to be restored

    def clean_email(self) -> str:
        """The canonical address; raises ValidationError for the present one."""
        email = super().clean_email()
        if email == self.user.email:
            raise ValidationError(SAME_ADDRESS)
        return email


class OwnPasswordForm(NewPasswordForm):
    """« Modifier mot de passe »: the same rule as everywhere, and another than the present one."""

    def __init__(self, *args: Any, user: User, back: str, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.helper = helper_for(self, button="Enregistrer le mot de passe", back=back_link(back, "Annuler"))

    def clean(self) -> dict[str, Any]:
        """Compared only once the rule takes it: a comparison costs forty milliseconds."""
        values = super().clean()
        password = values.get("password")
        if password and not self.errors and check_password(password, self.user.password):
            self.add_error("password", SAME_PASSWORD)
        return values


class ContactForm(Contact):
    """« Modifier contact »."""

    def __init__(self, *args: Any, certified: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if certified:
            self.fields["mobile"].help_text = f"{FOREIGN_NUMBER} {LOSES_CERTIFICATION}"
        self.helper = helper_for(
            self,
            button="Enregistrer les coordonnées",
            back=back_to_account(),
            groups={"Coordonnées": ("last_name", "first_name", "landline", "mobile", "consent")},
        )
        certify_beside_mobile(self.helper)
