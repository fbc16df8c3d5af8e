"""How every form of the portal is laid out: crispy, one column, a button that says what it does."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout, Submit
from django.forms import BaseForm
from django.utils.html import format_html


def back_link(url: str, label: str) -> HTML:
    """A link beside the button that leaves the form."""
    return HTML(format_html('<a class="btn btn-outline-secondary" href="{}">{}</a>', url, label))


def helper_for(
    form: BaseForm,
    *,
    button: str,
    groups: dict[str, tuple[str, ...]] | None = None,
    back: HTML | None = None,
    required_notice: bool = True,
) -> FormHelper:
    """A helper that posts the form, its fields in groups with a legend when `groups` names them."""
    helper = FormHelper(form)
    helper.required_notice = required_notice
    fields = [Fieldset(legend, *names) for legend, names in groups.items()] if groups else list(form.fields)
    buttons = [item for item in (back, Submit("", button, css_class="btn-primary")) if item is not None]
    helper.layout = Layout(*fields, Div(*buttons, css_class="form-actions"))
    return helper
