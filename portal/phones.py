"""Phone numbers: read as people write them, French unless begun with +, kept as E.164, shown by pairs."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from portal.pasted import BETWEEN, plain

FRANCE = 33
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
HIDDEN = "••"
RUN = re.compile(rf"(?:\+\s*)?[0-9](?:(?:{BETWEEN}|[()])*[0-9])*")
EXAMPLE = "03\u00a083\u00a012\u00a034\u00a056"
MOBILE_EXAMPLE = "06\u00a083\u00a012\u00a034\u00a056"
FOREIGN_EXAMPLE = "+352\u00a0621\u00a0123\u00a0456"
NO_FIGURES = "Ce numéro n’est pas en chiffres."
SEVERAL = "Il y a plus d’un numéro\u00a0: gardez-en un seul, sans numéro de poste."
NO_COUNTRY = "Aucun pays n’a cet indicatif."
TOO_SHORT = "Il manque des chiffres à ce numéro"
TOO_LONG = "Ce numéro a trop de chiffres"
IN_FRANCE = "\u00a0: en France, il en compte 10"
UNREADABLE = {
    NumberParseException.INVALID_COUNTRY_CODE: ValidationResult.INVALID_COUNTRY_CODE,
    NumberParseException.TOO_LONG: ValidationResult.TOO_LONG,
}
UNKNOWN = "Ce numéro ne peut pas exister\u00a0: vérifiez chaque chiffre."
NOT_MOBILE = "Ce numéro n’est pas celui d’un mobile\u00a0: en France, il commence par 06 ou 07."


def parse_phone(text: str, *, mobile: bool = False) -> str:
    """The number as E.164, or an empty string for none, from what was typed or pasted with its label.

    Raises ValidationError, whose sentence says what is wrong with it and gives an example.
    """
    typed = plain(text).strip()
    if not typed:
        return ""
    number = _read(typed, MOBILE_EXAMPLE if mobile else EXAMPLE)
    if mobile and phonenumbers.number_type(number) not in MOBILE:
        raise ValidationError(NOT_MOBILE, code="mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _read(typed: str, example: str) -> PhoneNumber:
    runs = RUN.findall(typed)
    if len(runs) == 1:
        with suppress(NumberParseException):
            number = phonenumbers.parse(runs[0], "FR")
            if phonenumbers.is_valid_number(number):
                return number
        sentence = _what_is_wrong(runs[0])
        example = FOREIGN_EXAMPLE if _is_foreign(runs[0]) else example
    else:
        sentence = SEVERAL if runs else NO_FIGURES
    raise ValidationError(f"{sentence} Écrivez par exemple {example}.", code="phone")


def _is_foreign(run: str) -> bool:
    """Whether it is written as a foreign number is, which a French one may be too."""
    return run.startswith(("+", "00"))


def _what_is_wrong(run: str) -> str:
    here = "" if _is_foreign(run) else IN_FRANCE
    wrong = {
        ValidationResult.INVALID_COUNTRY_CODE: NO_COUNTRY,
        ValidationResult.TOO_SHORT: f"{TOO_SHORT}{here}.",
        ValidationResult.TOO_LONG: f"{TOO_LONG}{here}.",
    }
    try:
        number = phonenumbers.parse(run, "FR")
    except NumberParseException as error:
        return wrong[UNREADABLE.get(error.error_type, ValidationResult.TOO_SHORT)]
    return wrong.get(phonenumbers.is_possible_number_with_reason(number), UNKNOWN)


def parsed_phone(text: str) -> PhoneNumber | None:
    """The number that a text holds, French unless it says otherwise; None when unreadable."""
    try:
        number = phonenumbers.parse(text, "FR")
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


@lru_cache(maxsize=1024)
def written_phone(text: str) -> str:
    """`06 12 34 56 78`, `+32 470 12 34 56`, with no-break spaces; as it is when unreadable.

    The one place where a number is written, worked out once: the caisse's own is at the foot of every page.
    """
    number = parsed_phone(text)
    if number is None:
        return text
    form = PhoneNumberFormat.NATIONAL if number.country_code == FRANCE else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form).replace(" ", "\u00a0")


def takes_codes(number: str) -> bool:
    """Whether codes are sent to that number: a mobile of a country that the caisse allows (R43).

    Not where mobiles and landlines share their numbers (North America), nor to a number that looks like a
    mobile's and is a machine's, a pager's or dearer to call.
    """
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return False
    allowed = parsed.country_code in settings.SMS_COUNTRIES and phonenumbers.is_valid_number(parsed)
    return allowed and phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE


def masked(number: str) -> str:
    """`06 •• •• •• 12`, or `+262 •• •• •• 12`: enough to know one's own number, with no-break spaces."""
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return HIDDEN if number else ""
    digits = phonenumbers.national_significant_number(parsed)
    first = f"0{digits[0]}" if parsed.country_code == FRANCE else f"+{parsed.country_code}"
    return "\u00a0".join([first, HIDDEN, HIDDEN, HIDDEN, digits[-2:]])
