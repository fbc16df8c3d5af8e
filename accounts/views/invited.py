"""/delegation/<token>/: an invited person opens the account, accepts or refuses; a GET changes nothing."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.views import View

from accounts import invited
from accounts.certifying import Certifier
from accounts.forms import SITES_HELD_AGAINST, InvitedForm, words_of
from accounts.invited import Guest
from accounts.limits import answer_claims, mail_claims
from accounts.opening import Person
from accounts.views.certifying import STEP, Certification, asks_for_a_step, stepped, typed_again
from accounts.views.opening import door
from delegations.accepting import accept, decline
from delegations.invitations import LinkState, offered_by, read_link, send_again, waiting
from delegations.models import Delegation, Outcome, Status
from delegations.notices import who_confirms
from delegations.offers import answers, offers
from delegations.refusals import AlreadyAnswered, AlreadyGiven, AlreadyOver
from portal.limits.answer import too_many_tries
from portal.limits.counting import Blocked, take
from portal.origin import Origin

STATUS = {LinkState.READY: 200, LinkState.USED: 200}
AT_THIS_INSTANT = "Un espace est en cours d’ouverture avec cette adresse. Validez de nouveau dans un instant."
CONTACT = ("last_name", "first_name", "landline", "mobile", "consent")


@door
class InvitationPage(View):
    """« Ouverture de délégation », or what became of the link."""

    gated_when_signed_in: ClassVar[bool] = True
    passes_gates: ClassVar[tuple[str, ...]] = ("certification",)  # accepting certifies the address

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the link, once; one that offers nothing now says what became of it."""
        link = read_link(kwargs["token"])
        if link.invitation is None:
            return render(request, "accounts/invitation_link.html", {"state": "dead"}, status=410)
        self.invitation, self.state = link.invitation, link.state
        self.guest = invited.guest_of(request.user, link.invitation)
        if self.state is LinkState.EXPIRED and request.method == "POST" and "renew" in request.POST:
            return self.renewed()
        if self.state is not LinkState.READY:
            return self.what_became()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """What is offered, and the way to take it that fits whoever reads it."""
        if "refuser" in request.GET and self.guest is not Guest.ANOTHER:
            return self.shown("accounts/invitation_declining.html")
        return self.offered()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Refuse, accept or open the account."""
        if "decline" in request.POST and self.guest is not Guest.ANOTHER:
            return self.declined()
        if "accept" in request.POST and self.guest is Guest.INVITED:
            return self.accepted()
        if self.guest is Guest.NEWCOMER and asks_for_a_step(request):
            certification = stepped(request, self.certifier)
            if not certification.done or STEP in request.POST:
                return self.certifying(certification)
        if self.guest is Guest.NEWCOMER:
            form = self.form(request.POST)
            return self.opened(form) if form.is_valid() else self.offered(form, 422)
        return self.offered(status=409)

    @cached_property
    def given(self) -> list[Delegation]:
        """What the invitation offers."""
        return waiting(self.invitation)

    # --- what is shown ------------------------------------------------------------------------------

    def offered(
        self,
        form: InvitedForm | None = None,
        status: int = 200,
        certification: Certification | None = None,
    ) -> HttpResponse:
        """The offer, with the form of a newcomer or what anybody else may do."""
        if self.guest is not Guest.NEWCOMER:
            return self.shown("accounts/invitation.html", status=status)
        form = form or self.form()
        certification = certification or Certification(self.certifier, self.request.path)
        certification.stands_beside(form)
        facts = {"form": form, "has_errors": form.is_bound, "certification": certification}
        facts["gives_way"] = invited.opened_meanwhile(self.invitation)
        return self.shown("accounts/invitation_newcomer.html", status=status, **facts)

    @cached_property
    def certifier(self) -> Certifier:
        """This invitation: its newcomer has no account yet."""
        return Certifier(invited.holder_of(self.invitation))

    def certifying(self, certification: Certification) -> HttpResponse:
        """A step of « Certifier », with the rest of the form as it was typed."""
        form = self.form(initial=typed_again(self.request, InvitedForm))
        return certification.limited(self.offered(form, certification=certification))

    def form(self, data: Any = None, initial: Any = None) -> InvitedForm:
        """The newcomer's form; the password holds nothing of what is offered."""
        given = self.given[:SITES_HELD_AGAINST]
        words = [word for one in given for word in words_of(one.site)]
        firms = {one.firm.name for one in given if one.firm}
        return InvitedForm(data, initial=initial, email=self.invitation.email, words=[*words, *firms])

    def shown(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """A page of an invitation that waits."""
        facts = {
            "guest": self.guest.value,
            "email": self.invitation.email,
            "giver": giver_of(self.given),
            "companies": companies_of(self.given),
            "groups": offers(self.given),
            "confirmer": who_confirms(self.given),
        }
        return render(self.request, template, facts | context, status=status)

    def what_became(self) -> HttpResponse:
        """The page of a link that offers nothing (any more)."""
        given = offered_by(self.invitation)
        context = {
            "state": self.state.value,
            "declined": all(one.outcome == Outcome.REFUSED for one in given),
            "facts": answers(given) if self.state in (LinkState.USED, LinkState.OVER) else [],
            "giver": giver_of(given),
            "companies": companies_of(given),
        }
        status = STATUS.get(self.state, 410)
        return render(self.request, "accounts/invitation_link.html", context, status=status)

    def as_it_stands(self) -> HttpResponse:
        """Somebody answered since the page was shown: what the link is worth now."""
        self.state = read_link(self.kwargs["token"]).state
        return self.what_became()

    # --- what is done -------------------------------------------------------------------------------

    def opened(self, form: InvitedForm) -> HttpResponse:
        """Open the account and accept, then lead to the sign-in page."""
        values, origin = form.cleaned_data, Origin.of(self.request)
        try:
            take(*answer_claims(self.invitation.pk, origin))
            person = Person(
                email=self.invitation.email,
                password_hash=make_password(values["password"]),
                **{name: values[name] for name in CONTACT},
            )
            taken = invited.open_account(invitation=self.invitation, person=person, origin=origin)
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        except AlreadyAnswered:
            return self.as_it_stands()
        except invited.AddressTaken:
            self.guest = invited.guest_of(self.request.user, self.invitation)
            form.add_error(None, AT_THIS_INSTANT)  # read by a newcomer only
            return self.offered(form, status=409)
        created = "Votre compte est créé\u00a0: vous pouvez vous connecter."
        messages.success(self.request, f"{created} {what_next(taken)}")
        return redirect("accounts:sign_in")

    def accepted(self) -> HttpResponse:
        """Accept; what begins today opens at once."""
        try:
            taken = accept(
                invitation=self.invitation, person=self.request.user, origin=Origin.of(self.request)
            )
        except AlreadyAnswered:
            return self.as_it_stands()
        except AlreadyGiven:
            return self.shown("accounts/invitation_held.html", status=409)
        self.request.session.cycle_key()  # R29: other rights, another session
        messages.success(self.request, what_next(taken))
        if any(one.status_on() is Status.TO_CONFIRM for one in taken):
            return redirect(self.request.path)
        if len(taken) == 1 and taken[0].status_on() is Status.ACTIVE:
            return redirect("home:home", cibtp_id=taken[0].site.cibtp_id)
        return redirect("delegations:choice")

    def declined(self) -> HttpResponse:
        """Refuse, as whoever holds the mailbox may."""
        person = self.request.user if self.guest is Guest.INVITED else None
        try:
            decline(invitation=self.invitation, origin=Origin.of(self.request), person=person)
        except AlreadyAnswered:
            return self.as_it_stands()
        return redirect(self.request.path)

    def renewed(self) -> HttpResponse:
        """Send a new link to the invited address."""
        try:
            take(*mail_claims(self.invitation.email, Origin.of(self.request)))
            send_again(self.invitation)
        except Blocked as blocked:
            return too_many_tries(self.request, blocked)
        except (AlreadyAnswered, AlreadyOver):
            return self.as_it_stands()
        return render(self.request, "accounts/invitation_renewed.html")


def giver_of(given: list[Delegation]) -> str:
    """Who gave: the same person for all that one invitation offers."""
    return given[0].given_by.get_full_name() if given and given[0].given_by else ""


def companies_of(given: list[Delegation]) -> str:
    """The companies of the sites, each once."""
    return ", ".join(dict.fromkeys(one.site.adherent.company_name for one in given))


def what_next(taken: list[Delegation]) -> str:
    """What follows from an acceptance, said to who accepted."""
    statuses = {one.status_on() for one in taken}
    company = companies_of(taken)
    if statuses == {Status.ACTIVE}:
        return "Vos droits sont actifs."
    if Status.TO_CONFIRM in statuses:
        return f"{company} doit encore confirmer vos droits\u00a0: un courriel vous dira sa réponse."
    first = min(one.starts_on for one in taken)
    return f"Vos droits commencent le {first:%d/%m/%Y}."
