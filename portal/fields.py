"""A day, a time, an amount and a phone number, typed as French people write them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from portal import clock
from portal.pasted import LONGEST
from portal.phones import parse_phone, written_phone
from portal.templatetags.french import euros, time_fr

DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")  # four figures a year: « 26 » could be 1926
WRONG_DATE = "Écrivez la date sous la forme jj/mm/aaaa, par exemple 27/03/2026."
FOREIGN_NUMBER = "Pour un numéro étranger, commencez par + et l’indicatif du pays."
WRONG_TIME = "Écrivez l’heure, par exemple 7\u00a0h\u00a030."
TIME_OF_DAY = re.compile(r"([0-9]{1,2})(?:[h:.]([0-9]{2})?(?:min)?)?", re.ASCII)
LAST_HOUR, LAST_MINUTE = 23, 59
WRONG_AMOUNT = "Écrivez un montant en euros, par exemple 1\u00a0234,56."
SPACE = "[ \u00a0\u202f]"  # plain, no-break, narrow no-break
# Python's own reading would take « 1e2 », « 1_0 » and Arabic figures too.
AMOUNT = re.compile(
    rf"([-\u2212]?)(?=[0-9.,]*[0-9])([0-9]{{1,3}}(?:{SPACE}[0-9]{{3}})+|[0-9]*)(?:[.,]([0-9]*))?(?:{SPACE}*€)?"
)


class DayField(forms.DateField):
    """A date, `27/03/2026`."""

    default_error_messages: ClassVar = {"invalid": WRONG_DATE}

    def __init__(self, *, missing: str = "Saisissez la date.", **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "day"}
        kwargs.setdefault("widget", forms.DateInput(format="%d/%m/%Y", attrs=attrs))
        kwargs.setdefault("help_text", "jj/mm/aaaa")
        messages = {"required": missing} | kwargs.pop("error_messages", {})
        super().__init__(input_formats=DATE_FORMATS, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """The day, whatever spaces stand around its figures. Raises ValidationError for what is not one."""
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)

    def run_validators(self, value: Any) -> None:
        """The field's own, which say what its days may be; then the clock's."""
        super().run_validators(value)
        if value not in self.empty_values and not clock.knows(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


class TimeOfDayField(forms.TimeField):
    """A time, `7 h 30`: `7h30`, `7:30`, `7 h`, `07.30` and `7` are understood too."""

    default_error_messages: ClassVar = {"invalid": WRONG_TIME}

    def __init__(self, *, missing: str = "Saisissez l’heure.", **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "class": "time"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        kwargs.setdefault("help_text", "Par exemple 7\u00a0h\u00a030.")
        messages = {"required": missing} | kwargs.pop("error_messages", {})
        super().__init__(error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        """The time. Raises ValidationError for what is not one."""
        if not isinstance(value, str):
            return super().to_python(value)
        typed = "".join(value.split()).lower()
        if not typed:
            return None
        found = TIME_OF_DAY.fullmatch(typed)
        if found is None or int(found[1]) > LAST_HOUR or int(found[2] or 0) > LAST_MINUTE:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return dt.time(int(found[1]), int(found[2] or 0))

    def prepare_value(self, value: Any) -> Any:
        """A time already known is shown as it is written everywhere; what was typed, as it was."""
        return time_fr(value) if isinstance(value, dt.time) else value


class AmountField(forms.DecimalField):
    """Euros and cents, `1 234,56`: spaces between the thousands, a comma or a point before the cents.

    A minus is taken unless the field's `min_value` takes nothing below zero.
    """

    def __init__(self, *, missing: str = "Saisissez le montant.", **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "amount", "data-unit": "€"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        wrong = dict.fromkeys(
            ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"), WRONG_AMOUNT
        )
        messages = {"required": missing} | wrong | kwargs.pop("error_messages", {})
        super().__init__(max_digits=12, decimal_places=2, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The amount. Raises ValidationError for what is not one, or holds more than cents."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        found = AMOUNT.fullmatch(value.strip())
        if found is None or (found[1] and not self._takes_a_minus):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        units = re.sub(SPACE, "", found[2])
        return super().to_python(f"{found[1] and '-'}{units or 0}.{found[3] or 0}")

    @property
    def _takes_a_minus(self) -> bool:
        least = self.min_value() if callable(self.min_value) else self.min_value
        return least is None or least < 0

    def prepare_value(self, value: Any) -> Any:
        """An amount already known is shown as it would be typed; what was typed is shown as it was."""
        return euros(value) if isinstance(value, Decimal) else value


class PhoneField(forms.CharField):
    """A phone number, or none: kept as E.164, shown as `06 12 34 56 78`; `mobile` takes a mobile's alone."""

    names_itself: ClassVar = False  # its sentences do not say which of a page's numbers is wrong

    def __init__(self, *, autocomplete: str, mobile: bool = False, **kwargs: Any) -> None:
        attrs = {"autocomplete": autocomplete, "inputmode": "tel", "class": "tel"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        kwargs.setdefault("help_text", FOREIGN_NUMBER)
        super().__init__(required=False, max_length=LONGEST, **kwargs)
        self.mobile = mobile

    def clean(self, value: Any) -> str:
        """The number as E.164, or an empty string. Raises ValidationError."""
        return parse_phone(super().clean(value), mobile=self.mobile)

    def prepare_value(self, value: Any) -> Any:
        """A number is shown as it is written everywhere; what is none, as it was typed."""
        return written_phone(value) if isinstance(value, str) and value.startswith("+") else value
