"""One's own second factors: added, taken away, and the codes for when they are lost.

The same pages stand under /compte/securite/ and, for staff, under /admin/second-facteur/, where alone
their session is read.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Factor, FactorKind, User
from accounts.second_factor import checking, enrolling, factors
from accounts.second_factor.factors import Refused
from accounts.second_factor.forms import AddAppForm, AddPasskeyForm
from accounts.views.account import Section
from delegations.second_factor import place_that_asks
from portal import clock
from portal.caisse import current_caisse
from portal.origin import Origin
from portal.reauth.pages import FreshPage
from portal.second_factor import passkeys, totp
from portal.second_factor.verified import forget, is_verified, mark
from portal.web.sessions import STAFF_PAGES
from portal.web.way_on import safe_next, with_next

WRONG_CODE = "Ce code n’est pas le bon\u00a0: vérifiez l’heure de l’appareil, puis saisissez le code suivant."
STALE = "Cette page a vécu trop longtemps\u00a0: une nouvelle clé est proposée ci-dessous."
NOT_MADE = "La clé d’accès n’a pas pu être vérifiée\u00a0: recommencez."
SENT_AGAIN = (
    "Ces codes ont déjà été créés\u00a0: ceux que vous avez gardés servent toujours. Sans eux, créez-en de "
    "nouveaux."
)


def way_back(request: HttpRequest, *, staff: bool = False) -> str:
    """The page that asked for a second factor, when one of that side led here; else empty."""
    asked = safe_next(request)
    return asked if asked.startswith(STAFF_PAGES) == staff else ""


class OwnFactors(LoginRequiredMixin, FreshPage):
    """A page of one's own factors. Whoever has one has proved it in this session before he changes any.

    Whoever was led here by a page that asks for one (`?next=`) comes back to it once he has added it.
    """

    before_gates: ClassVar[bool] = True
    staff: bool = False
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Staff's pages are for staff; an unproved session goes and proves first."""
        if not isinstance(request.user, User):
            return self.handle_no_permission()
        self.person = request.user
        if self.staff and not self.person.is_staff:
            raise Http404
        self.back = way_back(request, staff=self.staff)
        self.own = factors.of(self.person)
        if self.own and not is_verified(request):
            return redirect(self.to("verification"))
        return super().dispatch(request, *args, **kwargs)

    def to(self, name: str) -> str:
        """One of these addresses, on the side on which one stands, with the way back."""
        return with_next(reverse(f"accounts:{'staff_' if self.staff else ''}{name}"), self.back)

    @property
    def home(self) -> str:
        """Where the factors are listed."""
        return self.to("factors" if self.staff else "security")

    def fresh_back(self) -> str:
        """Back to the list."""
        return self.home

    def shown(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """A page, with the way back."""
        facts = {"list_page": self.home, "after": self.back or self.home, "staff": self.staff}
        return render(self.request, f"accounts/second_factor/{template}.html", facts | context, status=status)

    def risen(self) -> HttpResponse:
        """A factor was proved in this session by adding it: a new id (R29), then the codes to print."""
        self.request.session.cycle_key()
        mark(self.request.session)
        left = factors.codes_left(self.person)
        return redirect((self.back or self.home) if left else self.to("recovery_codes"))


class AddAppPage(OwnFactors):
    """« Ajouter une application d’authentification »: a key to scan or to type, a code that confirms it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """A new key."""
        return self.offered(enrolling.Offer.new(self.person))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it once a code shows that the app has it."""
        offer = enrolling.Offer.read(request.POST.get("seed", ""), self.person)
        if offer is None:
            messages.warning(request, STALE)
            return redirect(request.get_full_path())
        form = AddAppForm(request.POST, back=self.home)
        if not form.is_valid():
            return self.offered(offer, form)
        step = totp.step_of(form.cleaned_data["code"], offer.seed, at=clock.now(), after=0)
        if step is None:
            form.add_error("code", WRONG_CODE)
            return self.offered(offer, form)
        name, session = form.cleaned_data["name"], request.session.session_key
        try:
            made = factors.add_totp(
                user=self.person,
                name=name,
                seed=offer.seed,
                step=step,
                origin=Origin.of(request),
                proved=is_verified(request),
                session=session,
            )
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
            return self.offered(offer, form)
        messages.success(request, f"{made.as_subject} a été ajoutée à votre compte.")
        return self.risen()

    def offered(self, offer: enrolling.Offer, form: AddAppForm | None = None) -> HttpResponse:
        """The key as a picture and in groups, and the form."""
        first = {
            "seed": offer.sealed,
            "name": f"Application {len(self.own) + 1}" if self.own else "Mon téléphone",
        }
        address = totp.address(offer.seed, account=self.person.email or "", issuer=current_caisse().name)
        return self.shown(
            "add_app",
            form=form or AddAppForm(initial=first, back=self.home),
            address=address,
            picture=totp.picture(address),
            key=totp.grouped(offer.seed),
        )


class AddPasskeyPage(OwnFactors):
    """« Ajouter une clé d’accès »: a name, and what the browser makes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        name = f"Clé {len(self.own) + 1}" if self.own else "Ma clé d’accès"
        return self.offered(AddPasskeyForm(initial={"name": name}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the passkey that the browser made."""
        form = AddPasskeyForm(request.POST)
        if not form.is_valid():
            return self.offered(form)
        try:
            known = passkeys.added(form.sent, checking.bound(request, self.person))
            made = factors.add_passkey(
                user=self.person,
                name=form.cleaned_data["name"],
                known=known,
                origin=Origin.of(request),
                proved=is_verified(request),
                session=request.session.session_key,
            )
        except passkeys.NotProved:
            form.add_error(None, NOT_MADE)
            return self.offered(form)
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
            return self.offered(form)
        messages.success(request, f"{made.as_subject} a été ajoutée à votre compte.")
        return self.risen()

    def offered(self, form: AddPasskeyForm) -> HttpResponse:
        """The form, with what the browser is asked to make."""
        known = [factor.known for factor in self.own if factor.kind == FactorKind.PASSKEY]
        options = passkeys.options_to_add(
            checking.bound(self.request, self.person),
            account=self.person.email or "",
            name=self.person.get_full_name(),
            known=known,
        )
        return self.shown("add_passkey", form=form, options=options, app_url=self.to("factor_app"))


class RemovePage(OwnFactors):
    """Taking one away, once it was said what that means."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Raises Http404 for what is not the person's own."""
        mine = Factor.objects.filter(pk=kwargs["number"], user=request.user.pk or 0)
        found = mine.first()
        if found is None and request.user.is_authenticated:
            raise Http404
        self.factor = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """The question."""
        return self.question()

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Take it away."""
        session = request.session.session_key
        try:
            removed = factors.remove(
                user=self.person, number=number, origin=Origin.of(request), session=session
            )
        except Refused as refusal:
            return self.question(refusal.sentence, status=409)
        if removed is not None:
            messages.success(request, f"{removed.as_subject} a été retirée de votre compte.")
        if not factors.has_any(self.person):
            forget(request.session)
        return redirect(self.home)

    def question(self, refusal: str = "", *, status: int = 200) -> HttpResponse:
        """The page itself."""
        last = len(self.own) == 1
        return self.shown("remove", factor=self.factor, last=last, refusal=refusal, status=status)


class RecoveryCodesPage(OwnFactors):
    """Ten codes to print: shown in the answer that makes them, and nowhere else."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """How many are left, and the button that makes new ones."""
        return self.shown(
            "recovery",
            left=factors.codes_left(self.person),
            has_factor=bool(self.own),
            latest=factors.latest_code(self.person),
            codes=(),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """New ones: the former are void. The same form sent again makes none, and voids none."""
        if request.POST.get("instead_of", "") not in {"", str(factors.latest_code(self.person))}:
            messages.warning(request, SENT_AGAIN)
            return redirect(request.get_full_path())
        voids = factors.codes_left(self.person) > 0
        try:
            codes = factors.new_recovery_codes(
                user=self.person, origin=Origin.of(request), proved=is_verified(request)
            )
        except Refused as refusal:
            messages.warning(request, refusal.sentence)
            return redirect(request.get_full_path())
        return self.shown(
            "recovery",
            has_factor=True,
            codes=codes,
            left=len(codes),
            voids=voids,
            printed_on=clock.today(),
        )


class StaffFactorsPage(OwnFactors):
    """Staff's own factors; whoever has none is led here from every page of the admin (R45)."""

    staff = True
    fresh_for: ClassVar[frozenset[str]] = frozenset()

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, or what is asked first."""
        facts = listed(request, staff=True)
        return self.shown("staff", facts=facts, way_back=self.back, has_factor=bool(self.own))


def listed(request: HttpRequest, *, staff: bool = False) -> dict[str, Any]:
    """What the list of one's own factors shows."""
    person = request.user
    assert isinstance(person, User)
    prefix = "accounts:staff_" if staff else "accounts:"
    own, back = factors.of(person), way_back(request, staff=staff)
    led_here = bool(back) and not own and not staff
    return {
        "factors": [(one, reverse(f"{prefix}factor_remove", kwargs={"number": one.pk})) for one in own],
        "led_here": led_here,
        "asked_by": place_that_asks(person, back) if led_here else "",
        "mandatory": factors.is_mandatory(person),
        "codes_left": factors.codes_left(person) if own else 0,
        "app_url": with_next(reverse(f"{prefix}factor_app"), back),
        "passkey_url": with_next(reverse(f"{prefix}factor_passkey"), back),
        "codes_url": with_next(reverse(f"{prefix}recovery_codes"), back),
    }


def section(request: HttpRequest) -> Section:
    """The part of the security tab."""
    return Section("accounts/second_factor/_section.html", listed(request))
