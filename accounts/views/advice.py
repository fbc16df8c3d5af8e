"""/ouverture/aide/: one question a page, then the advice. What was answered stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from accounts.advice import FIRM, PROFILE, Question, advice, answered, given, next_question
from accounts.views.opening import BY_FIRM
from portal.forms import back_link, helper_for

ASKED = "question"  # which question the form asked, so that one left open is said
AGAIN = "revoir"  # which question is asked again, its answer checked


class QuestionForm(forms.Form):
    """One question, with the other answers given; sent as an address (GET)."""

    def __init__(self, question: Question, answers: Mapping[str, str], sent: Mapping[str, str]) -> None:
        asked = sent.get(ASKED) == question.name
        others = {name: value for name, value in given(sent).items() if name != question.name}
        super().__init__({**others, ASKED: question.name} if asked else None)
        for name, value in ({**others, ASKED: question.name}).items():
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, initial=value)
        self.fields[question.name] = forms.ChoiceField(
            label=question.legend,
            choices=question.answers,
            widget=forms.RadioSelect,
            initial=given(sent).get(question.name),
            error_messages={"required": question.missing},
        )
        back = back_link(before(answers, given(sent)), "Précédent")
        self.helper = helper_for(self, button="Continuer", back=back)
        self.helper.form_method = "get"


@method_decorator(login_not_required, name="dispatch")
class AdvicePage(View):
    """« Aide à la création de votre espace sécurisé »."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The next question, or what to do."""
        answers = answered(request.GET, upto=request.GET.get(ASKED), again=request.GET.get(AGAIN))
        question = next_question(answers)
        if question is not None:
            form = QuestionForm(question, answers, request.GET)
            return render(request, "accounts/advice_question.html", {"form": form})
        back = before(answers, given(request.GET))
        if answers[PROFILE.name] == FIRM:
            on = f"{reverse('accounts:opening')}?{BY_FIRM}=oui"
            return render(request, "accounts/advice_firm.html", {"before": back, "on": on})
        return render(request, "accounts/advice.html", {"before": back, "advice": advice(answers)})


def before(answers: Mapping[str, str], all_given: Mapping[str, str]) -> str:
    """The page before: the last question again, its answer checked; the sign-in page before the first one."""
    if not answers:
        return reverse("accounts:sign_in")
    query = urlencode({**all_given, AGAIN: list(answers)[-1]})
    return f"{reverse('accounts:opening_advice')}?{query}"
