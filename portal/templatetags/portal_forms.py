"""How a form's fields are shown: described by their help and errors, without the browser's own bubbles."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from django import forms, template
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

register = template.Library()


class ErrorLine(NamedTuple):
    """One line of the summary: where it leads (nowhere: about the whole form), and what is wrong."""

    target: str
    message: str


def first_control(field: BoundField) -> str:
    """The id that a link to this field leads to: its control, or the first one of a group."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def shows_rules(field: BoundField) -> bool:
    """Whether the field asks for the password's rules (`data-rules` on its widget)."""
    return "data-rules" in field.field.widget.attrs


@register.filter
def with_rules(field: BoundField) -> bool:
    """`{% if field|with_rules %}`."""
    return shows_rules(field)


@register.filter
def unit(field: BoundField) -> str:
    """The unit written after the control (`data-unit` on its widget), or nothing."""
    return str(field.field.widget.attrs.get("data-unit", ""))


@register.filter
def described_by(field: BoundField) -> str:
    """The ids that describe the field: its author's, its help, its password rules, its unit, its errors."""
    ids = [field.field.widget.attrs.get("aria-describedby", "")]
    if field.auto_id:
        ids.append(f"{field.auto_id}_helptext" if field.help_text else "")
        ids.append(f"{field.auto_id}_rules" if shows_rules(field) else "")
        ids.append(f"{field.auto_id}_unit" if unit(field) else "")
        ids.append(f"{field.auto_id}_error" if field.errors else "")
    return " ".join(filter(None, ids))


def own_class(widget: forms.Widget) -> str:
    """The class that Bootstrap gives to such a control."""
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.simple_tag
def control(field: BoundField, **attrs: str) -> SafeString:
    """The field's control with its classes and what assistive technologies are told of it.

    `required` is left out: the server's own sentences answer, in one place and in French. An
    attribute is given with underscores for dashes: `{% control field aria_label="Rôle" %}`.
    """
    field.form.use_required_attribute = False
    widget = field.field.widget
    classes = [widget.attrs.get("class", ""), own_class(widget), "is-invalid" if field.errors else ""]
    given: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attrs.items() if value}
    given["class"] = " ".join(filter(None, classes))
    if field.field.required:
        given["aria-required"] = "true"
    if described := described_by(field):
        given["aria-describedby"] = described
    return field.as_widget(attrs=given)


@register.filter
def has_required_fields(form: BaseForm) -> bool:
    """Whether at least one field that is shown must be filled in."""
    return any(field.field.required and not field.is_hidden for field in form)


def names_its_field(field: BoundField, message: str) -> bool:
    """Whether a message was written for this form: Django's own ones do not say which field."""
    if not getattr(field.field, "names_itself", True):
        return False
    own = [getattr(kind, "default_error_messages", {}) for kind in type(field.field).__mro__]
    return message not in {str(text) for messages in own for text in messages.values()}


def named(field: BoundField, message: str) -> str:
    """« Date de fin : écrivez… »: the field's name before what is wrong with it."""
    name = str(field.label).removesuffix(" (optionnel)")
    return f"{name}\u00a0: {message[:1].lower()}{message[1:]}"


@register.filter
def error_lines(form: BaseForm) -> list[ErrorLine]:
    """What the summary says: the form's own errors, then each field's, in the order of the page.

    A sentence that does not name its field, or that two fields share, has the field's name before it.
    """
    lines = [ErrorLine("", str(message)) for message in form.non_field_errors()]
    times = Counter(str(message) for field in form for message in field.errors)
    for field in form:
        target = "" if field.is_hidden else first_control(field)
        for message in map(str, field.errors):
            alone = names_its_field(field, message) and times[message] == 1
            lines.append(ErrorLine(target, message if alone else named(field, message)))
    return lines
