"""What a person proves a second time with: TOTP apps and passkeys, and the codes for when they are lost."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.user import User
from portal import clock
from portal.second_factor.passkeys import Known


class FactorKind(models.TextChoices):
    """What a factor is."""

    TOTP = "totp", "Application d’authentification"
    PASSKEY = "passkey", "Clé d’accès"


class Factor(models.Model):
    """A TOTP app or a passkey of one person."""

    user = models.ForeignKey(User, models.PROTECT, verbose_name="compte", related_name="factors")
    kind = models.CharField("genre", max_length=7, choices=FactorKind.choices)
    name = models.CharField("nom", max_length=60)
    created_at = models.DateTimeField("ajouté le", default=clock.now)
    last_used_at = models.DateTimeField("dernier usage", null=True, blank=True)

    # A TOTP app: its seed, encrypted (portal.second_factor.seeds), and the last step that served (R46).
    seed = models.TextField(blank=True, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)

    # A passkey: ids and keys in base64url; the private key never leaves the person's device.
    credential_id = models.CharField(max_length=1400, unique=True, null=True, editable=False)  # noqa: DJ001
    public_key = models.TextField(blank=True, editable=False)
    sign_count = models.BigIntegerField(default=0, editable=False)
    transports = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        verbose_name = "second facteur"
        verbose_name_plural = "seconds facteurs"
        ordering: ClassVar = ["created_at", "pk"]
        permissions: ClassVar = [("reset_second_factor", "Peut réinitialiser le second facteur d’un compte")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="totp", credential_id__isnull=True, public_key="") & ~Q(seed="")
                | Q(kind="passkey", credential_id__isnull=False, seed="") & ~Q(public_key=""),
                name="factor_is_an_app_or_a_passkey",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} «\u00a0{self.name}\u00a0»"

    @property
    def as_subject(self) -> str:
        """« La clé d’accès « Ma clé » », to begin a sentence."""
        article = "L’" if self.kind == FactorKind.TOTP else "La "
        kind = self.get_kind_display()
        return f"{article}{kind[0].lower()}{kind[1:]} «\u00a0{self.name}\u00a0»"

    @property
    def known(self) -> Known:
        """The passkey as the browser is asked for it."""
        return Known(self.credential_id or "", self.public_key, self.sign_count, tuple(self.transports))


class RecoveryCode(models.Model):
    """A code that serves once when the factor is lost; kept as a keyed hash only."""

    user = models.ForeignKey(User, models.PROTECT, related_name="recovery_codes", editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "code de récupération"
        verbose_name_plural = "codes de récupération"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"Code de récupération n° {self.pk}"
