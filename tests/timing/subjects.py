"""Fresh subjects for each try: nobody has asked about them, so no limit has counted them."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from typing import Any

from accounts.limits import SIGN_IN_BY_ACCOUNT
from accounts.models import CodeRequest, LetterBatch, Opening, ProvisionalCode, User
from adherents.models import Adherent, Site
from delegations.models import Delegation
from portal import clock
from portal.codes import posted
from portal.limits.counting import key_of
from portal.limits.models import Counter
from tests.factories import AdherentFactory, DelegationFactory, SiteFactory, UserFactory

_numbers = itertools.count()


def addresses(count: int) -> list[str]:
    """Addresses of one length that nobody has."""
    return [f"personne.{next(_numbers):07}@exemple.fr" for _ in range(count)]


def users(count: int, **fields: Any) -> list[User]:
    """Accounts; activated unless told otherwise."""
    made = [UserFactory.build(email=email, **fields) for email in addresses(count)]
    return User.objects.bulk_create(made)


def blocked(emails: list[str]) -> None:
    """Enough wrong passwords for these addresses to wait an hour."""
    now = clock.now()
    Counter.objects.bulk_create(
        Counter(
            key=key_of(SIGN_IN_BY_ACCOUNT, email), limit=SIGN_IN_BY_ACCOUNT.name, tries=8, since=now,
            last_try_at=now, blocked_until=now + dt.timedelta(hours=1),
        )
        for email in emails
    )  # fmt: skip


def sites(count: int, **fields: Any) -> list[Site]:
    """Sites, each of a company of its own."""
    companies = Adherent.objects.bulk_create(AdherentFactory.build_batch(count))
    return Site.objects.bulk_create([SiteFactory.build(adherent=company, **fields) for company in companies])


def letters(of: list[Site], **fields: Any) -> list[tuple[str, ProvisionalCode]]:
    """The code in each site's letter with its row; valid for three weeks unless told."""
    batch = LetterBatch.objects.create(printed_by="Essai", folder="/tmp")
    values = {"expires_at": clock.now() + dt.timedelta(days=21)} | fields
    codes = [posted.draw() for _ in of]
    rows = [
        ProvisionalCode(
            site=site, batch=batch, page=page, digest=posted.digest(code, site_id=site.pk), **values
        )
        for page, (site, code) in enumerate(zip(of, codes, strict=True), 1)
    ]
    return list(zip(codes, ProvisionalCode.objects.bulk_create(rows), strict=True))


def asked_before(of: list[Site]) -> None:
    """The code of each of these sites was asked for, printed eight days ago, and still serves."""
    printed_at = clock.now() - dt.timedelta(days=8)
    batch = letters(of)[0][1].batch
    LetterBatch.objects.filter(pk=batch.pk).update(printed_at=printed_at)
    CodeRequest.objects.bulk_create(
        CodeRequest(site=site, asked_at=printed_at, answered_at=printed_at, batch=batch) for site in of
    )


def administered(of: list[Site]) -> None:
    """Each of these sites has an activated Administrateur."""
    Delegation.objects.bulk_create(
        DelegationFactory.build(site=site, beneficiary=user)
        for site, user in zip(of, users(len(of)), strict=True)
    )


def openings(people: list[User], **fields: Any) -> None:
    """Each of these people opened a site with its letter."""
    for_each = letters(sites(len(people)), used_at=clock.now())
    Opening.objects.bulk_create(
        Opening(site=row.site, code=row, user=user, attempt=uuid.uuid4(), **fields)
        for user, (_, row) in zip(people, for_each, strict=True)
    )
