"""Journal entries: names and identifiers are copied, so that an entry outlives what it speaks of."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from portal import clock


class AppendOnly(TypeError):
    """Somebody tried to change or delete a journal entry."""


class Kind(models.TextChoices):
    """What an entry is about; decides how long it is kept and who reads it."""

    SIGN_IN = "sign_in", "Connexion"
    ACCOUNT = "account", "Compte"
    RIGHTS = "rights", "Droits"
    LETTERS = "letters", "Courriers"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads and adds; never changes."""

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
    cibtp_id = models.CharField("identifiant CIBTP", max_length=12, blank=True, db_index=True)
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
