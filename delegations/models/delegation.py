"""One beneficiary's rights on one site, from one day to another."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Lower

from adherents.models import AccountingFirm, Site
from delegations.matrix import RightsMatrix, everything
from delegations.models.invitation import Invitation
from portal import clock
from portal.prepared import Blank

Day = dt.date | Blank


class Role(models.TextChoices):
    """What a beneficiary may do with the rights themselves, on this one site."""

    ADMINISTRATOR = "administrator", "Administrateur"
    HEAD = "head", "Responsable"
    DEPUTY = "deputy", "Responsable adjoint"
    USER = "user", "Utilisateur"


class Side(models.TextChoices):
    """On whose side the beneficiary stands."""

    COMPANY = "company", "Entreprise"
    FIRM = "firm", "Cabinet comptable"


class Outcome(models.TextChoices):
    """How a delegation ended, once that is recorded."""

    REFUSED = "refused", "Refusé"
    CLOSED = "closed", "Fermé"
    RENOUNCED = "renounced", "Fermé"
    EXPIRED = "expired", "Expiré"


class Status(models.TextChoices):
    """Where a delegation stands today: the first that is true, in this order (product.md 6.3)."""

    REFUSED = "refused", "Refusé"
    CLOSED = "closed", "Fermé"
    EXPIRED = "expired", "Expiré"
    INVITED = "invited", "En attente"
    TO_CONFIRM = "to_confirm", "À confirmer"
    COMING = "coming", "À venir"
    ACTIVE = "active", "Actif"

    @property
    def is_over(self) -> bool:
        """« Inactif »: the first three; nothing brings it back."""
        return self in (Status.REFUSED, Status.CLOSED, Status.EXPIRED)


STATUS_OF = {
    Outcome.REFUSED: Status.REFUSED,
    Outcome.CLOSED: Status.CLOSED,
    Outcome.RENOUNCED: Status.CLOSED,
    Outcome.EXPIRED: Status.EXPIRED,
}


def lasts(day: Day, prefix: str = "") -> Q:
    """That day is not after the last one."""
    return Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})


def holds(day: Day, prefix: str = "") -> Q:
    """Agreed to by everybody who had to, begun, not over: that day, the last one included."""
    agreed = Q(**{f"{prefix}over_at__isnull": True, f"{prefix}confirmed_at__isnull": False})
    return agreed & Q(**{f"{prefix}starts_on__lte": day}) & lasts(day, prefix)


def expired(day: Day) -> Q:
    """Past its last day, its firm's last day, or the day by which the company had to answer."""
    unanswered = Q(confirmed_at__isnull=True, answer_by__lt=day)
    return Q(ends_on__lt=day) | Q(parent__ends_on__lt=day) | unanswered


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Named selections; a status always follows from dates, never from a task having run."""

    def in_force(self, on: Day | None = None) -> DelegationQuerySet:
        """Holding that day (today by default), whether or not the person's account is activated.

        What a firm passes on holds as long as the firm's own delegation does (product.md 6.2).
        """
        day = on or clock.today()
        return self.filter(holds(day), Q(parent__isnull=True) | holds(day, "parent__"))

    def in_force_looked_up(self, on: Day) -> DelegationQuerySet:
        """As `in_force`, for thousands at once of which few are passed on by a firm.

        The firm's delegation is looked up where there is one; joined, all there are would be read.
        """
        above = Delegation.objects.filter(holds(on), pk=OuterRef("parent"))
        return self.filter(holds(on), Q(parent__isnull=True) | Exists(above))

    def active(self, on: dt.date | None = None) -> DelegationQuerySet:
        """In force that day, and the beneficiary activated."""
        return self.in_force(on).filter(beneficiary__is_active=True)

    def administrators(self, on: dt.date | None = None) -> DelegationQuerySet:
        """Those that administer their site that day (product.md 6.2)."""
        return self.active(on).filter(role=Role.ADMINISTRATOR)

    def kept_administrators(self, on: dt.date | None = None) -> DelegationQuerySet:
        """Those of `administrators`, and of people whose account waits for its new address only."""
        person = Q(beneficiary__is_active=True) | Q(beneficiary__address_changing=True)
        return self.in_force(on).filter(person, role=Role.ADMINISTRATOR)

    def lasting_administrators(self) -> DelegationQuerySet:
        """Those that a site counts: never fewer than one (product.md 6.2)."""
        return self.kept_administrators().filter(ends_on=None)

    def open(self, on: Day | None = None) -> DelegationQuerySet:
        """Not over that day: invited, to confirm, to come or active."""
        return self.filter(over_at=None, parent__over_at=None).exclude(expired(on or clock.today()))

    def with_status(self, on: dt.date | None = None) -> DelegationQuerySet:
        """Each with its `status` that day, as `Delegation.status_on` has it."""
        day = on or clock.today()
        over = [When(outcome=outcome, then=Value(status.value)) for outcome, status in STATUS_OF.items()]
        above = [
            When(parent__outcome=outcome, then=Value(status.value)) for outcome, status in STATUS_OF.items()
        ]
        status = Case(
            *over,
            *above,
            When(expired(day), then=Value(Status.EXPIRED.value)),
            When(accepted_at=None, then=Value(Status.INVITED.value)),
            When(confirmed_at=None, then=Value(Status.TO_CONFIRM.value)),
            When(starts_on__gt=day, then=Value(Status.COMING.value)),
            default=Value(Status.ACTIVE.value),
            output_field=models.CharField(),
        )
        return self.annotate(status=status)

    def with_last_day(self) -> DelegationQuerySet:
        """Each with its `last_day`: its own, or its firm's when that comes first."""
        firm_first = Q(parent__ends_on__isnull=False) & (
            Q(ends_on__isnull=True) | Q(parent__ends_on__lt=F("ends_on"))
        )
        return self.annotate(
            shown_last_day=Case(When(firm_first, then=F("parent__ends_on")), default=F("ends_on"))
        )


class Delegation(models.Model):
    """Rights given. A role's rights are computed, not stored; days are whole days in Europe/Paris."""

    site = models.ForeignKey(
        Site, verbose_name="site déclarant", on_delete=models.PROTECT, related_name="delegations"
    )
    email = models.CharField("courriel de l’invitation", max_length=254, blank=True)
    beneficiary = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="bénéficiaire",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
    )
    side = models.CharField("côté", max_length=10, choices=Side.choices, default=Side.COMPANY)
    role = models.CharField("rôle", max_length=15, choices=Role.choices)
    firm = models.ForeignKey(
        AccountingFirm,
        verbose_name="cabinet comptable",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="délégation du cabinet",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    read_bits = models.BigIntegerField(default=0, editable=False)
    write_bits = models.BigIntegerField(default=0, editable=False)
    starts_on = models.DateField("date d’effet")
    ends_on = models.DateField("date de fin", null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="donnée par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations_given",
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    created_at = models.DateTimeField("créée le", default=clock.now)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    answer_by = models.DateField("à confirmer avant le", null=True, blank=True)
    confirmed_at = models.DateTimeField("effective depuis l’accord du", null=True, blank=True)
    opened_by_firm = models.BooleanField("ouvert par un cabinet comptable", default=False)
    over_at = models.DateTimeField("terminée le", null=True, blank=True)
    outcome = models.CharField("issue", max_length=10, choices=Outcome.choices, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    days_warned = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    days_reminded = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "délégation"
        verbose_name_plural = "délégations"
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["beneficiary", "site"], condition=Q(over_at=None), name="delegation_held"),
            models.Index(fields=["ends_on"], condition=Q(over_at=None), name="delegation_ending"),
            models.Index(
                fields=["answer_by"],
                condition=Q(over_at=None, confirmed_at=None),
                name="delegation_to_answer",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="delegation_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(write_bits=F("write_bits").bitand(F("read_bits"))),  # type: ignore[arg-type]
                name="delegation_writing_implies_reading",
            ),
            models.CheckConstraint(
                condition=Q(role__in=("user", "head")) | Q(read_bits=0, write_bits=0),
                name="delegation_role_is_not_cells",
            ),
            models.CheckConstraint(
                condition=Q(side="company", role__in=("administrator", "user"), parent=None, firm=None)
                | Q(side="firm", role="head", parent=None, firm__isnull=False)
                | Q(side="firm", role__in=("deputy", "user"), parent__isnull=False, firm__isnull=False),
                name="delegation_role_fits_its_side",
            ),
            models.CheckConstraint(
                condition=Q(over_at=None, outcome="") | (Q(over_at__isnull=False) & ~Q(outcome="")),
                name="delegation_over_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, confirmed_at=None)
                | Q(accepted_at__isnull=False, beneficiary__isnull=False),
                name="delegation_accepted_by_somebody",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="delegation_address_is_canonical"),
            models.UniqueConstraint(
                fields=["site", "beneficiary", "side"],
                condition=Q(over_at__isnull=True),
                name="one_open_delegation_per_person_site_side",
            ),
            models.UniqueConstraint(
                fields=["site", "email", "side"],
                condition=Q(over_at__isnull=True, beneficiary__isnull=True),
                name="one_open_invitation_per_address_site_side",
            ),
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(over_at__isnull=True, role="head"),
                name="one_open_firm_per_site",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.named}, {self.get_role_display()} de {self.site.cibtp_id}"

    @property
    def named(self) -> str:
        """The person's name, or the address invited while nobody answered from it."""
        return self.beneficiary.get_full_name() if self.beneficiary else self.email

    @property
    def address(self) -> str:
        """Where the person is written to: the account's own, once there is one and until the end."""
        if self.over_at is not None and self.email:
            return self.email
        return (self.beneficiary.email if self.beneficiary else "") or self.email

    @property
    def given(self) -> RightsMatrix:
        """What was given; a role gives the highest level of each row, within what the firm holds."""
        return everything() if self.role in (Role.ADMINISTRATOR, Role.DEPUTY) else self.cells

    @property
    def cells(self) -> RightsMatrix:
        """The levels stored; none for a role."""
        return RightsMatrix(self.read_bits, self.write_bits)

    @property
    def matrix(self) -> RightsMatrix:
        """What was given ∩ what the giver's side still holds (product.md 6.2)."""
        return self.given.meet(self.parent.cells) if self.parent else self.given

    @property
    def last_day(self) -> dt.date | None:
        """Its own last day, or its firm's when that comes first."""
        days = [day for day in (self.ends_on, self.parent.ends_on if self.parent else None) if day]
        return min(days) if days else None

    @property
    def ended_on(self) -> dt.date | None:
        """The day it really ended, when that came before the last one; else the last day."""
        last = self.last_day
        ended = clock.day_of(self.over_at) if self.over_at else None
        return ended if ended and (last is None or ended < last) else last

    def status_on(self, day: dt.date | None = None) -> Status:
        """Where it stands that day (today by default): the first that is true (product.md 6.3)."""
        day = day or clock.today()
        outcome = self.outcome or (self.parent.outcome if self.parent else "")
        if outcome:
            return STATUS_OF[Outcome(outcome)]
        unanswered = self.confirmed_at is None and self.answer_by is not None and self.answer_by < day
        if unanswered or (self.last_day is not None and self.last_day < day):
            return Status.EXPIRED
        if self.accepted_at is None:
            return Status.INVITED
        if self.confirmed_at is None:
            return Status.TO_CONFIRM
        return Status.COMING if self.starts_on > day else Status.ACTIVE
