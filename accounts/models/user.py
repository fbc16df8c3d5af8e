"""A person's account. An opening never activated empties the row; nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from portal import clock
from portal.access.features import asked_by
from portal.email_addresses import canonical


class UserManager(BaseUserManager["User"]):
    """Finds and makes accounts by their canonical address."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The account of that canonical address: whoever asks has made it canonical, once."""
        return self.get(email=username)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A member of the caisse's staff with every staff right; opens no site."""
        user = self.model(email=canonical(email), is_staff=True, is_superuser=True, is_active=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One person, one account, for all his sites. Inactive until the address is certified."""

    email = models.CharField("adresse électronique", max_length=254, unique=True, null=True)  # noqa: DJ001
    last_name = models.CharField("nom", max_length=100, blank=True)
    first_name = models.CharField("prénom", max_length=100, blank=True)
    landline = models.CharField("téléphone fixe", max_length=16, blank=True)
    mobile = models.CharField("téléphone mobile", max_length=16, blank=True)
    # The number that was proved, and when: accounts.mobile alone writes the three.
    certified_mobile = models.CharField(max_length=16, blank=True, editable=False)
    mobile_certified_at = models.DateTimeField("mobile certifié le", null=True, blank=True)
    mailing_consent_at = models.DateTimeField("accepte les envois depuis le", null=True, blank=True)
    email_certified_at = models.DateTimeField("adresse certifiée le", null=True, blank=True)
    is_active = models.BooleanField("activé", default=False)
    # Deactivated until a new address is confirmed (accounts.address_change): opens nothing, and is none the
    # less counted as an Administrateur (product.md 6.2).
    address_changing = models.BooleanField("change d’adresse", default=False)
    is_staff = models.BooleanField("agent de la caisse", default=False)
    created_at = models.DateTimeField("créé le", default=clock.now)
    emptied_at = models.DateTimeField("vidé le", null=True, blank=True)

    objects = UserManager()

    # What a form knows that the password must not hold (accounts.passwords).
    password_context: Sequence[str] = ()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["last_name", "first_name"]

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering: ClassVar = ["last_name", "first_name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(emptied_at__isnull=True)
                | models.Q(email__isnull=True, last_name="", first_name="", is_active=False),
                name="emptied_account_holds_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | models.Q(email=Lower("email")),
                name="account_address_is_canonical",
            ),
            models.CheckConstraint(
                condition=models.Q(address_changing=False)
                | models.Q(is_active=False, emptied_at__isnull=True, email__isnull=False),
                name="account_changing_address_is_deactivated",
            ),
            models.CheckConstraint(
                condition=models.Q(certified_mobile="", mobile_certified_at__isnull=True)
                | models.Q(certified_mobile=models.F("mobile"), mobile_certified_at__isnull=False)
                & ~models.Q(certified_mobile=""),
                name="certified_mobile_is_the_mobile",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or f"Compte n° {self.pk}"

    def get_full_name(self) -> str:
        """First name then last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """The first name."""
        return self.first_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's seam. The superuser shortcut opens the admin only: never a client's site."""
        if asked_by(perm) is None:
            return super().has_perm(perm, obj)
        return any(backend.has_perm(self, perm, obj) for backend in get_backends())
