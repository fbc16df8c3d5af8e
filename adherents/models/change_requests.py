"""What a company asks the caisse to change in its file, until staff answer."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString

from adherents.models.companies import Adherent, Site
from portal import clock
from portal.access.site_access import SiteAccess
from portal.templatetags.french import or_missing, phone

# What may be asked for, in the order in which it is shown (product.md 7.1): no identifier.
CHANGEABLE = (
    "manager_last_name", "manager_first_name", "email", "phone", "fax",
    "mailing_address1", "mailing_address2", "mailing_postal_code", "mailing_town",
)  # fmt: skip

PHONES = ("phone", "fax")


class ChangeState(models.TextChoices):
    """What became of a request."""

    WAITING = "waiting", "En attente"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"
    WITHDRAWN = "withdrawn", "Retirée"


class Change(NamedTuple):
    """One field of a request: what the file said, what is asked instead."""

    field: str
    label: str
    before: str
    after: str

    def shown(self, value: str) -> SafeString:
        """A value as it is shown: a number in groups, and words where there is none."""
        return or_missing(phone(value) if self.field in PHONES else value)

    @property
    def shown_before(self) -> SafeString:
        """What the file said."""
        return self.shown(self.before)

    @property
    def shown_after(self) -> SafeString:
        """What is asked."""
        return self.shown(self.after)


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    """Named selections."""

    def visible_to(self, access: SiteAccess) -> ChangeRequestQuerySet:
        """The requests made from the site on which that access is held."""
        return self.filter(site_id=access.site.pk)

    def waiting(self) -> ChangeRequestQuerySet:
        """Those that staff have not answered and nobody withdrew."""
        return self.filter(state=ChangeState.WAITING)

    def unconfirmed(self) -> ChangeRequestQuerySet:
        """Accepted, and not yet confirmed by the back office; the oldest first."""
        accepted = self.filter(state=ChangeState.ACCEPTED).exclude(unconfirmed={})
        return accepted.select_related("adherent").order_by("answered_at", "pk")

    def whole(self) -> ChangeRequestQuerySet:
        """With the site, the company and the person that an answer names."""
        return self.select_related("site__adherent", "adherent", "asked_by")


class ChangeRequest(models.Model):
    """A change asked for on « Mes informations adhérent »; nothing changes before staff accept it.

    It is made from one site and concerns the company: one at a time waits for a company. `before` and
    `after` hold the asked fields only; once accepted, `before` is what was really replaced.
    `unconfirmed` holds, for each field that the back office sends too, the former value that it may
    still send; a later request takes the field over.
    """

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="change_requests"
    )
    adherent = models.ForeignKey(
        Adherent, verbose_name="adhérent", on_delete=models.PROTECT, related_name="change_requests"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="demandée par", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("demandée le", default=clock.now)
    before = models.JSONField("avant")
    after = models.JSONField("après")
    state = models.CharField(
        "état", max_length=10, choices=ChangeState.choices, default=ChangeState.WAITING, db_index=True
    )
    reason = models.CharField("motif", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="réponse par",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    answered_at = models.DateTimeField("réponse le", null=True, blank=True)
    unconfirmed = models.JSONField(default=dict, blank=True, editable=False)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de modification"
        verbose_name_plural = "demandes de modification"
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["adherent"], condition=Q(state="waiting"), name="one_change_request_waits_per_company"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True, answered_by__isnull=True)
                | Q(~Q(state="waiting"), answered_at__isnull=False, answered_by__isnull=False),
                name="change_request_answered_or_waiting",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="change_refused_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Demande n° {self.pk} de {self.site.cibtp_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody answered or withdrew it yet."""
        return self.state == ChangeState.WAITING

    @property
    def answered_on(self) -> dt.date | None:
        """The day of the answer, in Paris."""
        return clock.day_of(self.answered_at) if self.answered_at else None

    @property
    def changes(self) -> list[Change]:
        """What is asked, field by field, in the order of the page."""
        return [
            Change(field, label_of(field), self.before[field], self.after[field])
            for field in CHANGEABLE
            if field in self.after
        ]


def label_of(field: str) -> str:
    """What a changeable field is called on screen."""
    name = str(Adherent._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    return name[:1].upper() + name[1:]
