"""Asking for a change of the company's file, and answering (product.md 7.1).

Whoever changes one of these rows locks the company first, then its request: one order, no deadlock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse

from adherents.models import Adherent, ChangeRequest, ChangeState, Site
from adherents.models.change_requests import CHANGEABLE, label_of
from portal import clock
from portal.access.answers import administrators_of
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.messaging.outbox import absolute, queue_mail
from portal.origin import Origin

People = dict[Any, tuple[Any, Site]]
"""People by key, each with the site by which he is told."""


class NothingChanges(Exception):
    """What is asked is what the file says already."""


class AlreadyWaiting(Exception):
    """The company has a request that staff have not answered yet."""


class AlreadyAnswered(Exception):
    """The request was answered or withdrawn meanwhile."""


def current_values(adherent: Adherent) -> dict[str, str]:
    """What the company's file says today, for every field that may be changed."""
    return {field: getattr(adherent, field) for field in CHANGEABLE}


@transaction.atomic
def ask_change(*, site: Site, person: Any, values: Mapping[str, str], origin: Origin) -> ChangeRequest:
    """Ask staff to change the company's file; the same request of the same person twice is one.

    Raises NothingChanges, and AlreadyWaiting when another request waits for an answer.
    """
    adherent = _locked(site.adherent_id)
    now = current_values(adherent)
    after = {field: values[field] for field in CHANGEABLE if values.get(field, now[field]) != now[field]}
    if not after:
        raise NothingChanges
    waiting = ChangeRequest.objects.waiting().filter(adherent=adherent).first()
    if waiting is not None:
        if (waiting.asked_by_id, waiting.site_id, waiting.after) == (person.pk, site.pk, after):
            return waiting
        raise AlreadyWaiting
    request = ChangeRequest.objects.create(
        site=site,
        adherent=adherent,
        asked_by=person,
        before={field: now[field] for field in after},
        after=after,
    )
    _record(request, "asked", "demande une modification des informations de l’adhérent", person, origin)
    told = {pk: where for pk, where in _administrators(adherent, site).items() if pk != person.pk}
    _tell(request, "adherents/mails/change_asked", told)
    return request


@transaction.atomic
def withdraw(*, number: int, site: Site, person: Any, origin: Origin) -> ChangeRequest:
    """Take a waiting request back. Raises AlreadyAnswered, and DoesNotExist for another site's."""
    request = _open(ChangeRequest.objects.get(pk=number, site=site))
    _answer(request, ChangeState.WITHDRAWN, person)
    _record(request, "withdrawn", "retire sa demande de modification", person, origin)
    return request


@transaction.atomic
def accept(*, number: int, staff: Any, origin: Origin, reason: str = "") -> ChangeRequest:
    """Change the company's file as asked, and tell. Raises AlreadyAnswered."""
    request = _open(ChangeRequest.objects.get(pk=number))
    adherent = request.adherent
    request.before = {field: getattr(adherent, field) for field in request.after}
    request.unconfirmed = _taken_over(request)
    for field, value in request.after.items():
        setattr(adherent, field, value)
    adherent.save(update_fields=[*request.after])
    _answer(request, ChangeState.ACCEPTED, staff, reason)
    _record(request, "accepted", "accepte la demande de modification", staff, origin)
    _tell(request, "adherents/mails/change_answered", _concerned(request))
    return request


@transaction.atomic
def refuse(*, number: int, staff: Any, origin: Origin, reason: str) -> ChangeRequest:
    """Leave the file as it is and tell why. Raises AlreadyAnswered, and ValueError without a reason."""
    if not reason.strip():
        raise ValueError("a refusal gives its reason")
    request = _open(ChangeRequest.objects.get(pk=number))
    _answer(request, ChangeState.REFUSED, staff, reason)
    _record(request, "refused", "refuse la demande de modification", staff, origin)
    _tell(request, "adherents/mails/change_answered", _concerned(request))
    return request


# The others reach the portal by these requests alone.
SENT_BY_THE_BACK_OFFICE = frozenset({"manager_last_name", "manager_first_name", "email", "phone"})


def _taken_over(request: ChangeRequest) -> dict[str, str]:
    """For each field that the back office sends too, the value that its extracts still bear."""
    former = {field: request.before[field] for field in request.after if field in SENT_BY_THE_BACK_OFFICE}
    for older in ChangeRequest.objects.unconfirmed().filter(adherent=request.adherent):
        former |= {field: value for field, value in older.unconfirmed.items() if field in former}
        older.unconfirmed = {f: value for f, value in older.unconfirmed.items() if f not in former}
        older.save(update_fields=["unconfirmed"])
    return {field: value for field, value in former.items() if value != request.after[field]}


def _locked(adherent_id: int) -> Adherent:
    return Adherent.objects.locked().get(pk=adherent_id)


def _open(request: ChangeRequest) -> ChangeRequest:
    """The request as it stands once nobody else can answer it. Raises AlreadyAnswered."""
    adherent = _locked(request.adherent_id)
    request = ChangeRequest.objects.whole().get(pk=request.pk)
    if not request.is_waiting:
        raise AlreadyAnswered
    request.adherent = request.site.adherent = adherent
    return request


def _answer(request: ChangeRequest, state: ChangeState, person: Any, reason: str = "") -> None:
    request.state = state
    request.answered_by = person
    request.answered_at = clock.now()
    request.reason = reason.strip()
    request.save(update_fields=["before", "unconfirmed", "state", "answered_by", "answered_at", "reason"])


def _record(request: ChangeRequest, act: str, sentence: str, person: Any, origin: Origin) -> None:
    record(
        f"company.change_{act}",
        f"{person.get_full_name()} {sentence} (demande n° {request.pk})",
        kind=Kind.COMPANY,
        origin=origin,
        actor=person,
        site=request.site,
        before=request.before,
        after=request.after | ({"motif": request.reason} if request.reason else {}),
    )


def _administrators(adherent: Adherent, first: Site) -> People:
    """Who administers the company's sites, each with the one by which he is told; `first` before others."""
    sites = sorted(adherent.sites.all(), key=lambda site: (site.pk != first.pk, site.cibtp_id), reverse=True)
    return {person.pk: (person, site) for site in sites for person in administrators_of(site)}


def _concerned(request: ChangeRequest) -> People:
    """Who is told the answer: who asked, as long as he may read the page, and the Administrateurs."""
    people = _administrators(request.adherent, request.site)
    if request.asked_by.has_perm("adherents.read_profile", request.site):
        people[request.asked_by_id] = (request.asked_by, request.site)
    return people


def _tell(request: ChangeRequest, template: str, people: People) -> None:
    """On another site of the company one learns what is asked, not by whom."""
    labels = [label_of(field) for field in CHANGEABLE if field in request.after]
    for person, site in people.values():
        url = absolute(reverse("adherents:profile", kwargs={"cibtp_id": site.cibtp_id}))
        here = site.pk == request.site_id
        context = {"person": person, "request": request, "labels": labels, "url": url, "here": here}
        queue_mail(template, to=person.email, context=context)
