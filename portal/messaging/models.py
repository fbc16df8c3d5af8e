"""The outbox: what is to be sent, what was sent, what could not be."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from portal import clock

BLANKED = "[lien retiré]"
CODE_BLANKED = "[code retiré]"
FOLLOWED_FOR = dt.timedelta(days=1)


class MessageQuerySet(models.QuerySet["Message"]):
    """Named selections of the outbox."""

    def to_send(self, now: dt.datetime) -> MessageQuerySet:
        """Not sent, not abandoned, due, and held by no worker (or by one that died)."""
        held = Q(claimed_until__gt=now)
        return self.filter(sent_at=None, abandoned_at=None, next_try_at__lte=now).exclude(held)


class Message(models.Model):
    """One mail. `secret` is the link in it: blanked everywhere once sent."""

    kind = models.CharField("genre", max_length=60)
    recipient = models.CharField("destinataire", max_length=254)
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte")
    html = models.TextField("texte HTML")
    secret = models.TextField(blank=True, editable=False)
    once = models.CharField(max_length=150, unique=True, null=True, blank=True, editable=False)
    created_at = models.DateTimeField("écrit le", default=clock.now)
    next_try_at = models.DateTimeField("prochain essai", default=clock.now)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=200, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    abandoned_at = models.DateTimeField("abandonné le", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(sent_at__isnull=True, abandoned_at__isnull=True),
                name="message_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.sent_at:
            return "Envoyé"
        if self.abandoned_at:
            return "Abandonné"
        return "En attente" if not self.tries else "Nouvel essai prévu"

    @property
    def shown_text(self) -> str:
        """The text without its secret, whether or not it was sent: what staff may read."""
        return self.text.replace(self.secret, BLANKED) if self.secret else self.text

    def blank(self) -> None:
        """Take the secret out of the stored texts."""
        if self.secret:
            self.text = self.text.replace(self.secret, BLANKED)
            self.html = self.html.replace(self.secret, BLANKED)
            self.secret = ""


class SmsState(models.TextChoices):
    """What became of an SMS, as far as we know."""

    WAITING = "waiting", "En attente"
    SENT = "sent", "Envoyé"
    DELIVERED = "delivered", "Remis"
    REFUSED = "refused", "Refusé"
    UNCERTAIN = "uncertain", "Incertain"
    ABANDONED = "abandoned", "Abandonné"


class SmsQuerySet(models.QuerySet["Sms"]):
    """Named selections of the SMS outbox."""

    def to_send(self, now: dt.datetime) -> SmsQuerySet:
        """Due, still of use, and in nobody's hands: one that was ever handed over is never taken again."""
        waiting = self.filter(state=SmsState.WAITING, claimed_until=None)
        return waiting.filter(next_try_at__lte=now, expires_at__gt=now)

    def lost(self, now: dt.datetime) -> SmsQuerySet:
        """Handed over by a worker that died before it said what the gateway answered."""
        return self.filter(state=SmsState.WAITING, claimed_until__lte=now)

    def too_late(self, now: dt.datetime) -> SmsQuerySet:
        """Of no use any more, and never handed over."""
        return self.filter(state=SmsState.WAITING, claimed_until=None, expires_at__lte=now)

    def to_follow(self, now: dt.datetime) -> SmsQuerySet:
        """Sent less than a day ago under a reference by which the gateway can be asked, and due to be."""
        followed = self.filter(state=SmsState.SENT, sent_at__gt=now - FOLLOWED_FOR, next_try_at__lte=now)
        return followed.exclude(reference="")


class Sms(models.Model):
    """One SMS. `secret` is the code in it, kept only as long as it may have to be sent."""

    kind = models.CharField("genre", max_length=60)
    number = models.CharField("numéro", max_length=16)
    text = models.TextField("texte")
    secret = models.CharField(max_length=20, blank=True, editable=False)
    state = models.CharField("état", max_length=10, choices=SmsState.choices, default=SmsState.WAITING)
    created_at = models.DateTimeField("écrit le", default=clock.now)
    expires_at = models.DateTimeField("utile jusqu’au")
    next_try_at = models.DateTimeField("prochain essai", default=clock.now)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveIntegerField("essais", default=0)
    last_error = models.CharField("dernière erreur", max_length=200, blank=True)
    reference = models.CharField("référence de l’opérateur", max_length=100, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = SmsQuerySet.as_manager()

    class Meta:
        verbose_name = "SMS"
        verbose_name_plural = "SMS"
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="sms_to_send"),
            models.Index(fields=["next_try_at"], condition=Q(state="sent"), name="sms_to_follow"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(secret=""), name="settled_sms_is_blanked"
            ),
        ]

    def __str__(self) -> str:
        return f"SMS n° {self.pk}"

    @property
    def shown_text(self) -> str:
        """The text without its code, whether or not it was sent: what staff may read."""
        return self.text.replace(self.secret, CODE_BLANKED) if self.secret else self.text
