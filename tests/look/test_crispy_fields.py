"""Each field is tied to its label, its help and its errors; the summary leads to the fields."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template.loader import render_to_string

from portal.fields import PhoneField
from portal.templatetags.portal_forms import error_lines


class Example(forms.Form):
    """One field of each sort."""

    email = forms.EmailField(label="Adresse électronique", help_text="Elle sert à se connecter.")
    password = forms.CharField(
        label="Mot de passe",
        widget=forms.PasswordInput(attrs={"data-rules": "true", "aria-describedby": "mot"}),
    )
    phone = forms.CharField(label="Téléphone", required=False)
    role = forms.ChoiceField(
        label="Vous êtes", choices=[("a", "Adhérent"), ("c", "Cabinet")], widget=forms.RadioSelect
    )
    mode = forms.ChoiceField(label="Mode", choices=[("p", "Prélèvement")])
    agreed = forms.BooleanField(label="J’accepte", error_messages={"required": "Cochez la case."})

    def clean(self) -> None:
        if "phone" in self.cleaned_data and self.cleaned_data["phone"] == "faux":
            raise forms.ValidationError("Rien ne va.")


def shown(form: forms.Form) -> str:
    return str(render_crispy_form(form, FormHelper())).replace("&nbsp;", "\u00a0")


def tag(html: str, name: str, identifier: str) -> str:
    found = re.search(rf'<{name}\b[^>]*id="{identifier}"[^>]*>', html)
    assert found, identifier
    return found[0]


def test_the_browser_s_own_bubbles_are_left_out() -> None:
    html = shown(Example())
    assert "novalidate" in html
    assert not re.search(r"\srequired\b", html)


def test_a_required_field_is_marked_in_its_label_and_for_machines() -> None:
    html = shown(Example())
    assert ">Adresse électronique\u00a0*</label>" in html
    assert ">Vous êtes\u00a0*</legend>" in html
    assert ">J’accepte\u00a0*</label>" in html
    assert ">Téléphone</label>" in html
    assert 'aria-required="true"' in tag(html, "input", "id_email")
    assert "aria-required" not in tag(html, "input", "id_phone")


def test_the_notice_stands_before_the_fields_and_only_when_something_is_required() -> None:
    html = shown(Example())
    assert html.index("Attention\u00a0! Tous les champs marqués d’un *") < html.index('id="id_email"')

    class Free(forms.Form):
        word = forms.CharField(label="Mot", required=False)

    assert "Attention" not in shown(Free())


def test_the_help_comes_before_its_field_and_describes_it() -> None:
    html = shown(Example())
    assert html.index("Elle sert à se connecter.") < html.index('id="id_email"')
    assert 'aria-describedby="id_email_helptext"' in tag(html, "input", "id_email")


def test_a_new_password_is_described_by_its_rules() -> None:
    html = shown(Example())
    assert 'aria-describedby="mot id_password_rules"' in tag(html, "input", "id_password")
    assert html.index('id="id_password_rules"') < html.index('id="id_password"')
    assert "8 caractères au moins" in html


def test_the_show_button_waits_for_the_script() -> None:
    assert re.search(r'<button[^>]*type="button"[^>]*hidden[^>]*data-password-toggle', shown(Example()))


def test_an_error_is_tied_to_its_field() -> None:
    html = shown(Example({"email": "x", "role": "z"}))
    field = tag(html, "input", "id_email")
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_email_helptext id_email_error"' in field
    assert "is-invalid" in field
    assert 'id="id_email_error"' in html
    assert '<fieldset class="choices" aria-describedby="id_role_error">' in html


def test_the_summary_says_the_same_words_and_leads_to_each_field() -> None:
    html = shown(Example({"email": "jean@exemple.fr", "password": "x", "mode": "p"}))
    assert 'role="alert" tabindex="-1"' in html
    assert "Le formulaire comporte 2 erreurs" in html
    assert '<a href="#id_agreed">Cochez la case.</a>' in html
    for target in re.findall(r'href="#([\w-]+)"', html):
        assert f'id="{target}"' in html


def test_one_error_is_in_the_singular() -> None:
    html = shown(Example({"email": "jean@exemple.fr", "password": "x", "role": "a", "mode": "p"}))
    assert "Le formulaire comporte une erreur" in html


def test_a_message_of_django_is_told_with_its_field() -> None:
    form = Example({"role": "a", "mode": "p", "agreed": "on", "phone": "faux"})
    assert [line.message for line in error_lines(form)] == [
        "Rien ne va.",
        "Adresse électronique\u00a0: ce champ est obligatoire.",
        "Mot de passe\u00a0: ce champ est obligatoire.",
    ]
    assert error_lines(form)[0].target == ""


def test_a_sentence_that_two_fields_share_is_told_with_each_one_s_name() -> None:
    class Places(forms.Form):
        birth = forms.CharField(label="Naissance", error_messages={"required": "Saisissez la ville."})
        work = forms.CharField(label="Travail", error_messages={"required": "Saisissez la ville."})

    lines = [line.message for line in error_lines(Places({}))]
    assert lines == ["Naissance\u00a0: saisissez la ville.", "Travail\u00a0: saisissez la ville."]
    (alone,) = error_lines(Places({"birth": "Metz"}))
    assert alone.message == "Saisissez la ville."


def test_what_is_wrong_with_a_phone_number_is_told_with_its_field() -> None:
    class Phones(forms.Form):
        mobile = PhoneField(label="Téléphone mobile", autocomplete="tel", mobile=True)

    (line,) = error_lines(Phones({"mobile": "12"}))
    assert line.message.startswith("Téléphone mobile\u00a0: il manque des chiffres")


def test_what_was_typed_is_kept_but_passwords() -> None:
    html = shown(Example({"email": "jean", "password": "secret", "phone": "03"}))
    assert 'value="jean"' in tag(html, "input", "id_email")
    assert "secret" not in html


def test_a_label_cannot_break_out() -> None:
    class Sly(forms.Form):
        word = forms.CharField(label="<b>Mot</b>")

    assert "&lt;b&gt;Mot" in shown(Sly())


@pytest.mark.parametrize("template", ["500.html"])
def test_the_page_of_a_failure_needs_nothing(template: str) -> None:
    assert "Erreur inattendue" in render_to_string(template)
