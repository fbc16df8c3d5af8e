"""« Certifier » beside a mobile field: what the part shows, and the two steps that any page with it takes.

Without JavaScript its buttons send the page's own form; with it htmx sends the same and keeps, of the page
that comes back, the part alone (`accounts/_mobile_certification.html`).
"""

from __future__ import annotations

import datetime as dt
import math
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.generic import FormView

from accounts.certifying import Certifier, NotAMobile, check_code, send_code
from portal import clock
from portal.codes.models import SmsCode
from portal.codes.sms import Verdict
from portal.fields import PhoneField
from portal.limits.answer import wait_in_words
from portal.limits.counting import Blocked
from portal.messaging.models import SmsState
from portal.messaging.sms.gateway import is_offered
from portal.origin import Origin
from portal.phones import masked, parse_phone

F = TypeVar("F", bound=forms.BaseForm)
STEP, SEND, CHECK = "mobile_step", "send", "check"
LONGEST_TYPED = 400  # a whole SMS may be pasted
NO_NUMBER = "Saisissez votre numéro de téléphone mobile."
NOT_A_MOBILE = (
    "Aucun code ne peut être envoyé à ce numéro\u00a0: indiquez un téléphone mobile de France, métropole ou "
    "outre-mer, ou d’un pays accepté par votre caisse."
)
NO_CODE = "Saisissez le code à 6 chiffres reçu par SMS."
TOLD = {
    SmsState.WAITING: "Un code part vers le {number}\u00a0: il arrive en général en moins d’une minute.",
    SmsState.SENT: "Un code a été envoyé au {number}. Il est valable 10 minutes.",
    SmsState.DELIVERED: "Un code a été remis au {number}. Il est valable 10 minutes.",
    SmsState.REFUSED: "Le SMS au {number} a été refusé par l’opérateur\u00a0: vérifiez ce numéro.",
    SmsState.UNCERTAIN: (
        "Nous ne savons pas si le SMS est parti vers le {number}. Si rien n’arrive d’ici une minute, "
        "demandez un autre code."
    ),
    SmsState.ABANDONED: (
        "Le SMS au {number} n’a pas pu partir\u00a0: le service d’envoi ne répond pas. Demandez un autre "
        "code dans quelques minutes."
    ),
}
EXPIRED = "Le code envoyé au {number} a expiré\u00a0: demandez-en un autre."
DEAD = "Après cinq codes erronés, le code envoyé au {number} ne sert plus\u00a0: demandez-en un autre."
NONE = "Aucun code n’est attendu\u00a0: demandez-en un."


class CodeForm(forms.Form):
    """The code received by SMS."""

    mobile_code = forms.CharField(
        label="Code reçu par SMS",
        required=False,
        help_text="6 chiffres, par exemple 123 456.",
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "aria-describedby": "certification-told",
            }
        ),
    )


class NumberForm(forms.Form):
    """The number, on the page of somebody who gave none."""

    mobile = PhoneField(label="Téléphone mobile", autocomplete="mobile tel", mobile=True)


@dataclass
class Certification:
    """What the part shows. `url` is the page that takes its steps; `lone` when it has the page to itself."""

    certifier: Certifier
    url: str
    lone: bool = False
    problem: str = ""
    retry_after: int = 0  # seconds; not 0 when a limit holds
    done: bool = False  # whether this very step certified the number
    beside: str = ""  # the number in the field that the part stands beside, E.164
    form: CodeForm = field(default_factory=CodeForm)
    number_form: NumberForm = field(default_factory=NumberForm)  # shown when the part asks for the number

    def __post_init__(self) -> None:
        self.code: SmsCode | None = self.certifier.code
        self.certified: tuple[str, dt.date] | None = self.certifier.certified()

    @property
    def offered(self) -> bool:
        """Whether this caisse certifies numbers."""
        return is_offered()

    @property
    def number(self) -> str:
        """The number that is spoken of, masked; empty when none is known."""
        if self.awaited and self.code is not None:
            return masked(self.code.number)
        own = self.certifier.user.mobile if self.certifier.user is not None else ""
        return masked(self.certified[0] if self.certified else own)

    @property
    def certified_number(self) -> str:
        """The number that is certified, masked."""
        return masked(self.certified[0]) if self.certified else ""

    @property
    def holds(self) -> bool:
        """Whether the number shown is the certified one."""
        return self.certified is not None and (self.lone or self.certified[0] == self.beside)

    @property
    def is_open(self) -> bool:
        """Whether the part says or asks more than a badge or a button does."""
        return bool(self.told or self.problem or self.awaited)

    def stands_beside(self, form: forms.BaseForm) -> None:
        """Take the number from the form that holds the part."""
        with suppress(ValidationError):
            self.beside = parse_phone(str(form["mobile"].value() or ""))

    @property
    def asks_number(self) -> bool:
        """Whether the part's own page has to ask for the number."""
        return self.lone and not self.number

    @property
    def certified_on(self) -> dt.date | None:
        """Since when the number is certified."""
        return self.certified[1] if self.certified else None

    @property
    def awaited(self) -> bool:
        """Whether a code may be typed now: one that could still arrive."""
        gone = (SmsState.REFUSED, SmsState.ABANDONED)
        return self.code is not None and self.code.is_live() and self.code.sms.state not in gone

    @property
    def moving(self) -> bool:
        """Whether what is told may change in a moment."""
        return self.awaited and self.code is not None and self.code.sms.state == SmsState.WAITING

    def limited(self, response: HttpResponse) -> HttpResponse:
        """The page as an answer: 429 with when to try again when a limit holds."""
        if self.retry_after:
            response.status_code = 429
            response["Retry-After"] = str(self.retry_after)
        return response

    @property
    def told(self) -> str:
        """What became of the last code sent; empty when there is nothing to say."""
        if self.code is None or self.code.used_at is not None:
            return ""
        sentence = TOLD[SmsState(self.code.sms.state)]
        if self.code.is_dead:
            sentence = DEAD
        elif not self.code.is_live():
            sentence = "" if self.certified else EXPIRED
        return sentence.format(number=masked(self.code.number))


def step_of(request: HttpRequest) -> str:
    """The step asked for: by its button, or by a code typed before the form's own button was pressed."""
    typed = request.POST.get("mobile_code", "").strip()
    return request.POST.get(STEP) or (CHECK if typed else "")


def asks_for_a_step(request: HttpRequest) -> bool:
    """Whether the part has to answer before the page's own form."""
    return is_offered() and step_of(request) in (SEND, CHECK)


def typed_again(request: HttpRequest, form_class: type[forms.BaseForm]) -> dict[str, str]:
    """What the page's form held when a button of the part was pressed: shown again, not checked yet."""
    secret = forms.PasswordInput
    fields: dict[str, forms.Field] = form_class.base_fields  # type: ignore[attr-defined]
    return {
        name: request.POST.get(name, "") for name in fields if not isinstance(fields[name].widget, secret)
    }


def stepped(
    request: HttpRequest, certifier: Certifier, *, own_number: str = "", lone: bool = False
) -> Certification:
    """Take the step that the request asks for, and say what to show after it; nothing is raised."""
    if step_of(request) == CHECK:
        return _checked(request, certifier, lone)
    return _sent(request, certifier, own_number, lone)


def _sent(request: HttpRequest, certifier: Certifier, own_number: str, lone: bool) -> Certification:
    problem, retry_after, number_form = "", 0, NumberForm()
    try:
        typed = parse_phone(request.POST.get("mobile", ""), mobile=True)
        number = typed or _awaited_number(certifier) or own_number
        if not number:
            raise ValidationError(NO_NUMBER)
        send_code(certifier=certifier, number=number, origin=Origin.of(request))
    except ValidationError as error:
        problem = error.messages[0]
    except NotAMobile:
        problem = NOT_A_MOBILE
    except Blocked as blocked:
        retry_after = max(1, math.ceil((blocked.until - clock.now()).total_seconds()))
        problem = f"Vous pourrez demander un autre code {wait_in_words(retry_after)}."
    if problem:
        number_form = NumberForm(request.POST)
        number_form.is_valid()
        number_form.add_error("mobile", problem)
    return Certification(certifier, request.path, lone, problem, retry_after, number_form=number_form)


def _awaited_number(certifier: Certifier) -> str:
    """Where the code that is awaited went: another one goes there too."""
    before = Certification(certifier, "")
    return before.code.number if before.code is not None and before.awaited else ""


def _checked(request: HttpRequest, certifier: Certifier, lone: bool) -> Certification:
    typed = request.POST.get("mobile_code", "")[:LONGEST_TYPED].strip()
    form = CodeForm({})  # shown empty again: a wrong code is not to be sent twice
    form.is_valid()
    if not typed:
        form.add_error("mobile_code", NO_CODE)
        return Certification(certifier, request.path, lone, form=form)
    answer = check_code(certifier=certifier, typed=typed, origin=Origin.of(request))
    if answer.verdict is Verdict.RIGHT:
        return Certification(certifier, request.path, lone, done=True)
    if answer.verdict is Verdict.WRONG:
        shown = Certification(certifier, request.path, lone, form=form)
        if shown.awaited:  # else tries at the same instant spent the last one, and the page says so
            tries = "1 essai" if answer.left == 1 else f"{answer.left} essais"
            form.add_error("mobile_code", f"Ce code n’est pas le bon\u00a0: il vous reste {tries}.")
        return shown
    problem = "" if answer.verdict in (Verdict.DEAD, Verdict.EXPIRED) else NONE
    return Certification(certifier, request.path, lone, problem)


class MobileBeside(FormView[F], ABC):
    """A form page that holds a mobile field with « Certifier » beside it.

    `certified_now`: the form was sent with the right code typed in its part.
    """

    certified_now = False

    @abstractmethod
    def certifier(self) -> Certifier:
        """Who certifies on this page."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a step of the part, with the rest of the form as it was typed; or the form's own sending."""
        if not asks_for_a_step(request):
            return super().post(request, *args, **kwargs)
        certification = stepped(request, self.certifier())
        if certification.done and STEP not in request.POST:
            self.certified_now = True
            return super().post(request, *args, **kwargs)
        form_class = self.get_form_class()
        given = self.get_form_kwargs() | {"data": None, "files": None}
        form = form_class(**given | {"initial": typed_again(request, form_class)})
        context = self.get_context_data(form=form, certification=certification)
        return certification.limited(self.render_to_response(context))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the part shows, when no step was taken."""
        kwargs.setdefault("certification", Certification(self.certifier(), self.request.path))
        context = super().get_context_data(**kwargs)
        context["certification"].stands_beside(context["form"])
        return context
