"""What is done to a site's worksites: each act is a line of the journal, in the same transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from adherents.models import Site
from intemperies.models import Worksite
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.origin import Origin

FACTS = (
    "name", "address", "postal_code", "town", "departement", "altitude", "trade", "activity", "public_works",
)  # fmt: skip


def facts_of(worksite: Worksite) -> dict[str, Any]:
    """What is typed of it, and the département that follows from it."""
    return {name: getattr(worksite, name) for name in FACTS}


@transaction.atomic
def add(*, worksite: Worksite, person: Any, origin: Origin) -> Worksite:
    """Keep a new one. Raises IntegrityError when the site has one of that name."""
    worksite.save(force_insert=True)
    sentence = f"{person.get_full_name()} ajoute le chantier {worksite.name}"
    _record("worksite.added", sentence, worksite, actor=person, origin=origin, after=facts_of(worksite))
    return worksite


@transaction.atomic
def change(*, worksite: Worksite, person: Any, origin: Origin) -> Worksite:
    """Keep what it says otherwise than before, if anything. Raises IntegrityError as `add` does.

    Only what changed is written: a colleague may have ended it meanwhile.
    """
    former = Worksite.objects.select_for_update().get(pk=worksite.pk)
    then, now = facts_of(former), facts_of(worksite)
    before = {name: value for name, value in then.items() if now[name] != value}
    if before:
        worksite.save(update_fields=[*before])
        after = {name: now[name] for name in before}
        sentence = f"{person.get_full_name()} modifie le chantier {former.name}"
        _record(
            "worksite.changed", sentence, worksite, actor=person, origin=origin, before=before, after=after
        )
    return worksite


@transaction.atomic
def end(*, number: int, site: Site, person: Any, origin: Origin) -> Worksite:
    """Offer it no more. Raises DoesNotExist for another site's."""
    worksite = _locked(number, site)
    if not worksite.over:
        sentence = f"{person.get_full_name()} termine le chantier {worksite.name}"
        _record("worksite.ended", sentence, worksite, actor=person, origin=origin, **_turn(worksite))
    return worksite


@transaction.atomic
def resume(*, number: int, site: Site, person: Any, origin: Origin) -> Worksite:
    """Offer it again. Raises DoesNotExist for another site's."""
    worksite = _locked(number, site)
    if worksite.over:
        sentence = f"{person.get_full_name()} reprend le chantier {worksite.name}"
        _record("worksite.resumed", sentence, worksite, actor=person, origin=origin, **_turn(worksite))
    return worksite


def _locked(number: int, site: Site) -> Worksite:
    return Worksite.objects.select_for_update().get(pk=number, site=site)


def _turn(worksite: Worksite) -> dict[str, Any]:
    """Write its other situation; what it was before, and what it is."""
    worksite.over = not worksite.over
    worksite.save(update_fields=["over"])
    return {"before": {"over": not worksite.over}, "after": {"over": worksite.over}}


def _record(action: str, sentence: str, worksite: Worksite, **facts: Any) -> None:
    record(action, sentence, kind=Kind.COMPANY, site=worksite.site, **facts)
