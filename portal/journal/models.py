"""Journal entries: names and identifiers are copied, so that an entry outlives what it speaks of.

The database refuses what Python could be talked into: see the triggers of migration 0004.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q

from portal import clock
from portal.access.site_access import SiteAccess


class AppendOnly(TypeError):
    """Somebody tried to change or delete a journal entry."""


class Kind(models.TextChoices):
    """What an entry is about; decides how long it is kept and who reads it."""

    SIGN_IN = "sign_in", "Connexion"
    ACCOUNT = "account", "Compte"
    RIGHTS = "rights", "Droits"
    LETTERS = "letters", "Courriers"
    COMPANY = "company", "Entreprise"


# What the people of a company read of it (product.md 6.6). Sign-ins and letters are staff's business, and so
# are openings, which a stranger may try; the activation that makes somebody an Administrateur is theirs.
READ_BY_COMPANIES = Q(kind__in=(Kind.RIGHTS, Kind.COMPANY)) | Q(action="account.activated")
KINDS_READ_BY_COMPANIES = (Kind.RIGHTS, Kind.COMPANY, Kind.ACCOUNT)
SHOWN_TO_COMPANIES = ("at", "kind", "action", "sentence", "actor_name", "channel", "before", "after")


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads and adds; never changes."""

    def visible_to(self, access: SiteAccess) -> EntryQuerySet:
        """The lines that bear the site, for who administers it; IP addresses are not even read."""
        if not access.administers:
            return self.none()
        lines = self.filter(READ_BY_COMPANIES, cibtp_id=access.site.cibtp_id)
        return lines.only(*SHOWN_TO_COMPANIES)

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly("a journal entry is never changed")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnly("a journal entry is never deleted here")


class Entry(models.Model):
    """One act: who, for which site, what, from what to what, when, from where."""

    at = models.DateTimeField("date", default=clock.now, db_index=True)
    kind = models.CharField("genre", max_length=10, choices=Kind.choices)
    action = models.CharField("action", max_length=60)
    sentence = models.CharField("ce qui s’est passé", max_length=500)
    actor_id = models.BigIntegerField("n° de compte", null=True, blank=True)
    actor_name = models.CharField("qui", max_length=300, blank=True)
    cibtp_id = models.CharField("identifiant CIBTP", max_length=12, blank=True)
    company_name = models.CharField("raison sociale", max_length=200, blank=True)
    before = models.JSONField("avant", null=True, blank=True)
    after = models.JSONField("après", null=True, blank=True)
    channel = models.CharField("canal", max_length=10)
    address = models.GenericIPAddressField("adresse IP", null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "lignes du journal"
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["cibtp_id", "-at", "-id"], name="journal_of_a_site")]

    def __str__(self) -> str:
        return self.sentence

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry. Raises AppendOnly for one that is already recorded."""
        if not self._state.adding:
            raise AppendOnly("a journal entry is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: raises AppendOnly."""
        raise AppendOnly("a journal entry is never deleted here")
