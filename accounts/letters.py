"""Printing the two letters that open a space (R14 to R17).

The codes exist in clear in `codes.pdf` only: the database keeps keyed hashes, and neither journal, log,
output nor exception ever quotes one. Never print in the parent of a forking worker (`portal.pdf`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.envelopes import capitals, envelope_lines, posting_address
from accounts.limits import OPENING_BY_IDENTIFIER
from accounts.models import CodeRequest, LetterBatch, Opening, ProvisionalCode
from accounts.print_folder import AlreadyThere, PrintFolder
from adherents.models import Site, SiteQuerySet
from delegations.models import Delegation
from portal import clock
from portal.caisse import current_caisse
from portal.codes import posted
from portal.identifiers import identifier_key
from portal.journal.models import Entry, Kind
from portal.journal.recording import entry
from portal.limits.counting import clear
from portal.messaging.outbox import absolute
from portal.origin import COMMAND, Origin
from portal.pdf.compiling import CompilationFailed, compile_joined
from portal.phones import written_phone
from portal.templatetags.french import long_date, short_date

WELCOME_FILE = "bienvenue.pdf"
CODES_FILE = "codes.pdf"
T = TypeVar("T")
BATCH = 1000  # rows per statement


class LettersRefused(Exception):
    """Nothing was printed; the message says why, in French."""


@dataclass(frozen=True)
class Printing:
    """What was printed: no batch when nothing waited. `without_address` sites go on waiting."""

    batch: LetterBatch | None
    count: int
    without_address: tuple[str, ...]


def awaiting_letters() -> SiteQuerySet:
    """Open sites without an activated Administrateur that asked for a letter, or that have neither a usable
    code nor an opening to be activated."""
    here = OuterRef("pk")
    administered = Delegation.objects.kept_administrators().filter(site=here)
    usable = ProvisionalCode.objects.live().filter(site=here, expires_at__gt=clock.now())
    opened = Opening.objects.pending().filter(site=here)
    asked = CodeRequest.objects.pending().filter(site=here)
    return Site.objects.exclude(closed_on__lte=clock.today()).filter(
        ~Exists(administered), Exists(asked) | (~Exists(usable) & ~Exists(opened))
    )


def print_letters(
    *, folder: Path, printed_by: str, sites: Iterable[Site] | None = None, origin: Origin = COMMAND
) -> Printing:
    """Print both letters of each site into `folder`, in postal order: page n of both is one site's.

    Without `sites`, those that wait. A site's former live code dies with the new letter. The database
    commits only once both files are on disk; a failure leaves no file and no change. Raises
    LettersRefused, OSError, or CompilationFailed.
    """
    now = clock.now()
    try:
        with (
            PrintFolder(folder, (WELCOME_FILE, CODES_FILE)) as files,
            transaction.atomic(durable=True),
        ):
            chosen, without_address = _postable(_waiting() if sites is None else _named(sites))
            if not chosen:
                return Printing(None, 0, without_address)
            batch = LetterBatch.objects.create(
                printed_at=now, printed_by=printed_by, folder=str(folder.resolve())
            )
            _print(batch, chosen, files)
            Entry.objects.bulk_create(_entries(batch, chosen, origin), batch_size=BATCH)
            files.publish()
    except AlreadyThere as error:
        raise LettersRefused(_already_there(error.path)) from None
    return Printing(batch, len(chosen), without_address)


def _already_there(path: Path) -> str:
    return (
        f"{path.parent} contient déjà {path.name}, dont les courriers ne sont peut-être pas postés. "
        "Choisissez un autre dossier, ou supprimez ce fichier après l’envoi. Rien n’a été imprimé."
    )


# --- which sites ---------------------------------------------------------------------------------


def _waiting() -> list[Site]:
    candidates = list(_locked(awaiting_letters()))
    # Another printing may have held the locks until now: ask again whether they still wait.
    still = set(awaiting_letters().values_list("pk", flat=True))
    return [site for site in candidates if site.pk in still]


def _named(sites: Iterable[Site]) -> list[Site]:
    ids = sorted({site.pk for site in sites})
    found: list[Site] = []
    administered: set[int] = set()
    for some in _chunks(ids):
        found += _locked(Site.objects.filter(pk__in=some))
        holders = Delegation.objects.kept_administrators().filter(site__in=some)
        administered |= set(holders.values_list("site_id", flat=True))
    faults = [_fault(site, site.pk in administered) for site in found]
    refused = [fault for fault in faults if fault]
    if refused:
        raise LettersRefused(f"{' '.join(refused)} Rien n’a été imprimé.")
    return found


def _fault(site: Site, administered: bool) -> str:
    if site.is_closed():
        return f"Le site {site.cibtp_id} est fermé depuis le {short_date(site.closed_on)}."
    if administered:
        return f"Le site {site.cibtp_id} a déjà un Administrateur activé."
    if posting_address(site) is None:
        return f"Le site {site.cibtp_id} n’a pas d’adresse postale complète."
    return ""


def _locked(sites: SiteQuerySet) -> QuerySet[Site]:
    return sites.select_related("adherent").locked().order_by("pk")


def _postable(sites: list[Site]) -> tuple[list[Site], tuple[str, ...]]:
    chosen = [site for site in sites if posting_address(site)]
    rest = sorted(site.cibtp_id for site in sites if not posting_address(site))
    return sorted(chosen, key=_postal_order), tuple(rest)


def _postal_order(site: Site) -> tuple[str, ...]:
    address = posting_address(site)
    assert address is not None
    places = (address.postal_code, address.town, address.line1, site.adherent.company_name)
    return (*(capitals(place) for place in places), site.cibtp_id)


# --- the codes -----------------------------------------------------------------------------------


def _issue(batch: LetterBatch, sites: Sequence[Site]) -> list[str]:
    """One new code per site, in clear, in order; their hashes are stored and the former codes voided.

    A letter that somebody asked for is one of these: asking again waits for another.
    """
    expires_at = _end_of_validity(batch)
    codes = [posted.draw() for _ in sites]
    for some in _chunks([site.pk for site in sites]):
        ProvisionalCode.objects.filter(site__in=some).void(batch.printed_at)
        asked = CodeRequest.objects.pending().filter(site__in=some)
        asked.update(answered_at=batch.printed_at, batch=batch)
    for some_ids in _chunks([identifier_key(site.cibtp_id) for site in sites]):
        clear(OPENING_BY_IDENTIFIER, *some_ids)
    rows = (
        ProvisionalCode(
            site=site,
            batch=batch,
            page=page,
            digest=posted.digest(code, site_id=site.pk),
            expires_at=expires_at,
        )
        for page, (site, code) in enumerate(zip(sites, codes, strict=True), 1)
    )
    ProvisionalCode.objects.bulk_create(rows, batch_size=BATCH)
    return codes


def _end_of_validity(batch: LetterBatch) -> dt.datetime:
    return posted.end_of_validity(clock.day_of(batch.printed_at), settings.PROVISIONAL_CODE_DAYS)


def _chunks(ids: Sequence[T]) -> Iterator[Sequence[T]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


# --- the pages -----------------------------------------------------------------------------------


def _print(batch: LetterBatch, sites: Sequence[Site], files: PrintFolder) -> None:
    codes = _issue(batch, sites)
    welcome = ({**_addressed(site), "identifier": site.cibtp_id} for site in sites)
    code = (
        {**_addressed(site), "code": code, "address": str(site.address)}
        for site, code in zip(sites, codes, strict=True)
    )
    data = _shared(batch)
    for name, template, items in ((WELCOME_FILE, "welcome", welcome), (CODES_FILE, "code", code)):
        path = f"accounts/letters/{template}.typ"
        with files.writing(name) as target:
            pages = compile_joined(target, path, data, items, made_at=batch.printed_at)
        if pages != len(sites):
            raise CompilationFailed(f"{path} gave {pages} pages for {len(sites)} letters")


def _addressed(site: Site) -> dict[str, Any]:
    company, address = site.adherent.company_name, posting_address(site)
    assert address is not None
    return {
        "recipient": envelope_lines(company, site.name, address),
        "company": company,
        "site": site.name,
        "address": "",
    }


def _shared(batch: LetterBatch) -> dict[str, Any]:
    caisse = current_caisse()
    last_day = clock.day_of(_end_of_validity(batch)) - dt.timedelta(days=1)
    return {
        "caisse": {
            "name": caisse.name,
            "address": list(caisse.address),
            "phone": written_phone(caisse.phone),
            "hours": caisse.hours,
        },
        "logo": _logo(caisse.logo),
        "date": long_date(clock.day_of(batch.printed_at)),
        "valid_until": long_date(last_day),
        "opening_address": absolute(reverse("accounts:opening")),
        "activation_hours": settings.ACTIVATION_LINK_HOURS,
    }


def _logo(static_path: str) -> list[int] | None:
    """The image's bytes as JSON can carry them, or None for the name alone."""
    if not static_path:
        return None
    found = finders.find(static_path)
    if not isinstance(found, str):
        raise LettersRefused(f"Le logo de la caisse est introuvable : {static_path}. Rien n’a été imprimé.")
    return list(Path(found).read_bytes())


# --- the journal ---------------------------------------------------------------------------------


def _entries(batch: LetterBatch, sites: Sequence[Site], origin: Origin) -> Iterator[Entry]:
    def line(sentence: str, site: Site | None = None) -> Entry:
        return entry(
            "letters.printed",
            sentence,
            kind=Kind.LETTERS,
            origin=origin,
            actor_name=batch.printed_by,
            site=site,
        )

    yield line(f"{counted(len(sites))} : lot n° {batch.pk}")
    for page, site in enumerate(sites, 1):
        yield line(f"Courriers de bienvenue et informatique imprimés : lot n° {batch.pk}, page {page}", site)


def counted(count: int) -> str:
    """`1 courrier de bienvenue et 1 courrier informatique imprimés`, and in the plural."""
    s = "s" if count > 1 else ""
    return f"{count} courrier{s} de bienvenue et {count} courrier{s} informatique{s} imprimés"
