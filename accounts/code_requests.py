"""« Demande d'un nouveau code confidentiel »: a letter joins those that wait (product.md 3.5, option 2).

Whatever the identifier, the same is asked of the database and one line is written in the journal: neither
the answer nor its time tells whether the site exists or is opened.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from accounts.limits import CODE_REQUESTS_OVERALL, code_request_claims
from accounts.models import CodeRequest, ProvisionalCode
from adherents.models import Site
from delegations.models import Delegation
from portal import clock
from portal.journal.models import Kind
from portal.journal.recording import record
from portal.limits.counting import Blocked, take
from portal.origin import Origin

ASKED = "Nouveau code confidentiel demandé par courrier"
SPRAY = "Nouveaux codes confidentiels demandés en grand nombre, de tous côtés"
UNKNOWN = 0  # no site's key
STATES = {  # of a site, in the order in which they are told
    "administered": "espace déjà ouvert, aucun courrier",
    "asked": "un courrier attendait déjà",
    "posted": "un courrier est déjà en route",
    "replaced": "le code déjà demandé ici sert encore, aucun courrier",
}
# From the site's own row, so that a site that is unknown asks the same and writes nothing.
QUEUED = """
    INSERT INTO "accounts_coderequest" (site_id, asked_at)
    SELECT id, %s FROM "adherents_site" WHERE id = %s ON CONFLICT DO NOTHING
"""


def request_code(cibtp_id: str, *, origin: Origin) -> None:
    """Queue a code letter for a site that is open and has no activated Administrateur; tell nobody.

    Whoever knows the identifier may ask, and a newer letter voids the code of the one before. So one request
    waits at a time, none joins while a code printed lately is in the post, and none while a code that was
    itself asked for here still serves: of each code that the caisse prints, one in hand is voided at most.
    The code in force stays so until the letter is printed. Raises Blocked.
    """
    take(*code_request_claims(cibtp_id, origin))
    _count_overall(origin)
    with transaction.atomic():
        # The site's row first: a printing that runs answers the requests made before it, not this one.
        Site.objects.locked().filter(cibtp_id=cibtp_id).first()
        site = _with_its_state(cibtp_id)
        outcome = _outcome(site)
        _queue(UNKNOWN if site is None or outcome else site.pk)
        record(
            "letters.code_requested",
            f"{ASKED}\u00a0: {outcome}" if outcome else ASKED,
            kind=Kind.LETTERS,
            origin=origin,
            site=site,
        )


def _count_overall(origin: Origin) -> None:
    """Refuses nobody: staff are told, once, of letters asked for from all sides."""
    with suppress(Blocked), transaction.atomic():
        if take((CODE_REQUESTS_OVERALL, "")):
            record("letters.requests_spray", SPRAY, kind=Kind.LETTERS, origin=origin)


def _with_its_state(cibtp_id: str) -> Site | None:
    here = OuterRef("pk")
    administered = Exists(Delegation.objects.administrators().filter(site=here))
    asked = Exists(CodeRequest.objects.pending().filter(site=here))
    since = clock.now() - dt.timedelta(days=settings.CODE_ON_ITS_WAY_DAYS)
    usable = ProvisionalCode.objects.live().filter(site=here, expires_at__gt=clock.now())
    posted = Exists(usable.filter(batch__printed_at__gt=since))
    same = CodeRequest.objects.filter(site=OuterRef("site"), batch=OuterRef("batch"))
    replaced = Exists(usable.filter(Exists(same)))
    sites = Site.objects.filter(cibtp_id=cibtp_id)
    sites = sites.annotate(administered=administered, asked=asked, posted=posted, replaced=replaced)
    return sites.select_related("adherent").first()


def _outcome(site: Site | None) -> str:
    """Why no letter joins those that wait, for staff; empty when one does."""
    if site is None:
        return "identifiant inconnu, aucun courrier"
    if site.is_closed():
        return "site fermé, aucun courrier"
    return next((told for name, told in STATES.items() if getattr(site, name)), "")


def _queue(site_id: int) -> None:
    at = CodeRequest._meta.get_field("asked_at").get_db_prep_value(clock.now(), connection)
    with connection.cursor() as cursor:
        cursor.execute(QUEUED, [at, site_id])
