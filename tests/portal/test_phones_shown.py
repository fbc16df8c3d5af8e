"""A phone number is written in pairs wherever it is shown, in fields and in the admin too."""

import pytest
from django import forms

from portal.fields import PhoneField
from tests.factories import AdherentFactory, UserFactory

NUMBERS = {"landline": "+33383123456", "mobile": "+352621123456"}
WRITTEN = ("03\u00a083\u00a012\u00a034\u00a056", "+352\u00a0621\u00a0123\u00a0456")


class Form(forms.Form):
    phone = PhoneField(label="Téléphone", autocomplete="tel")


def shown(form):
    return form["phone"].value().replace("\u00a0", " ")


def test_a_field_filled_in_before_shows_pairs_and_reads_them_back():
    assert shown(Form(initial={"phone": "+33612345678"})) == "06 12 34 56 78"
    sent = Form({"phone": Form(initial={"phone": "+33612345678"})["phone"].value()})
    assert sent.is_valid()
    assert sent.cleaned_data["phone"] == "+33612345678"


@pytest.mark.parametrize("typed", ["12", "06.12.34.56.78", "abc", "+33 6 12", ""])
def test_a_field_shows_what_was_typed_as_it_was(typed):
    assert shown(Form({"phone": typed})) == typed


@pytest.mark.django_db
def test_staff_read_numbers_in_pairs(client):
    person, company = UserFactory(**NUMBERS), AdherentFactory(phone="0383123456", fax="+352621123456")
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for address in (
        f"/admin/accounts/user/{person.pk}/change/",
        f"/admin/adherents/adherent/{company.pk}/change/",
    ):
        page = client.get(address).content.decode()
        for number in WRITTEN:
            assert number in page
        for label in ("Téléphone fixe", "Téléphone mobile") if "user" in address else ("Téléphone", "Fax"):
            assert label in page
