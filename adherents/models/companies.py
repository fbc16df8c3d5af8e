"""Companies, sites and accounting firms, as the caisse's back office knows them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from adherents.addresses import PostalAddress
from portal import clock
from portal.identifiers import format_siren, format_siret


class AccountingFirm(models.Model):
    """A *cabinet comptable*, as the caisse's file names it."""

    siret = models.CharField("SIRET", max_length=14, unique=True)
    name = models.CharField("nom", max_length=200)
    email = models.CharField("courriel", max_length=254, blank=True)

    class Meta:
        verbose_name = "cabinet comptable"
        verbose_name_plural = "cabinets comptables"
        ordering: ClassVar = ["name", "siret"]

    def __str__(self) -> str:
        return self.name


class PaymentMode(models.TextChoices):
    """How the company pays its contributions."""

    DEBIT = "debit", "Prélèvement"
    TRANSFER = "transfer", "Virement"
    CHEQUE = "cheque", "Chèque"


class Activity(models.TextChoices):
    """The trade's branch, which decides the bad-weather contribution (domain-rules 1.6)."""

    STRUCTURAL = "GO", "Gros œuvre"
    FINISHING = "SO", "Second œuvre"
    PUBLIC_WORKS = "TP", "Travaux publics"


class AdherentQuerySet(models.QuerySet["Adherent"]):
    """Named selections."""

    def locked(self) -> AdherentQuerySet:
        """Kept from changing until the transaction ends; rows that merely refer to them pass."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def lock(self) -> None:
        """Lock them all, in the order of their keys, without reading them."""
        list(self.locked().values_list("pk"))


class Adherent(models.Model):
    """An affiliated company. Rights are held on its sites, never on the company."""

    number = models.CharField("numéro d’adhérent", max_length=5, unique=True)
    company_name = models.CharField("raison sociale", max_length=200)
    siren = models.CharField("SIREN", max_length=9)
    legal_form = models.CharField("forme juridique", max_length=60, blank=True)
    activity = models.CharField("activité", max_length=2, choices=Activity.choices)
    payroll = models.DecimalField(
        "masse salariale (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    joined_on = models.DateField("date d’adhésion", null=True, blank=True)
    manager_last_name = models.CharField("nom du gérant", max_length=100, blank=True)
    manager_first_name = models.CharField("prénom du gérant", max_length=100, blank=True)
    address1 = models.CharField("adresse", max_length=100, blank=True)
    address2 = models.CharField("complément d’adresse", max_length=100, blank=True)
    postal_code = models.CharField("code postal", max_length=10, blank=True)
    town = models.CharField("ville", max_length=100, blank=True)
    mailing_address1 = models.CharField("adresse postale", max_length=100, blank=True)
    mailing_address2 = models.CharField("complément d’adresse postale", max_length=100, blank=True)
    mailing_postal_code = models.CharField("code postal (adresse postale)", max_length=10, blank=True)
    mailing_town = models.CharField("ville (adresse postale)", max_length=100, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    fax = models.CharField("fax", max_length=30, blank=True)
    email = models.CharField("adresse e-mail", max_length=254, blank=True)
    payment_mode = models.CharField(
        "mode de paiement", max_length=10, choices=PaymentMode.choices, blank=True
    )
    accounting_firm = models.ForeignKey(
        AccountingFirm,
        verbose_name="cabinet comptable délégable",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="adherents",
    )

    objects = AdherentQuerySet.as_manager()

    class Meta:
        verbose_name = "adhérent"
        verbose_name_plural = "adhérents"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{5}$"), name="adherent_number_five_digits"
            ),
            models.CheckConstraint(
                condition=Q(siren__regex=r"^[0-9]{9}$"), name="adherent_siren_nine_digits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_name} ({self.number})"

    @property
    def siren_grouped(self) -> str:
        """`732 829 320`."""
        return format_siren(self.siren)

    @property
    def manager_name(self) -> str:
        """First name then last name, or an empty string."""
        return f"{self.manager_first_name} {self.manager_last_name}".strip()

    @property
    def head_office(self) -> PostalAddress:
        """Where the company has its seat."""
        return PostalAddress(self.address1, self.address2, self.postal_code, self.town)

    @property
    def mailing_address(self) -> PostalAddress:
        """Where the caisse writes to it: its own postal address, or the seat."""
        own = PostalAddress(
            self.mailing_address1, self.mailing_address2, self.mailing_postal_code, self.mailing_town
        )
        return own if own else self.head_office


class SiteQuerySet(models.QuerySet["Site"]):
    """Named selections."""

    def locked(self) -> SiteQuerySet:
        """Kept from changing until the transaction ends.

        Whoever changes who opens or administers a site takes its row first, and only then its codes,
        openings and delegations: one order, no deadlock. Rows that merely refer to the site pass.
        """
        return self.select_for_update(of=("self",), no_key=True)


class Site(models.Model):
    """A *site déclarant*: whatever a user does, he does for one of these."""

    cibtp_id = models.CharField("identifiant CIBTP", max_length=12, unique=True)
    adherent = models.ForeignKey(
        Adherent, verbose_name="adhérent", on_delete=models.PROTECT, related_name="sites"
    )
    siret = models.CharField("SIRET", max_length=14, db_index=True)
    name = models.CharField("nom du site déclarant", max_length=200, blank=True)
    address1 = models.CharField("adresse", max_length=100, blank=True)
    address2 = models.CharField("complément d’adresse", max_length=100, blank=True)
    postal_code = models.CharField("code postal", max_length=10, blank=True)
    town = models.CharField("ville", max_length=100, blank=True)
    closed_on = models.DateField("date de fermeture", null=True, blank=True)
    # Its Administrateurs ask a second factor of whoever enters it (product.md 4.5); no extract says it.
    second_factor_required = models.BooleanField("second facteur exigé", default=False, db_default=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = "site déclarant"
        verbose_name_plural = "sites déclarants"
        ordering: ClassVar = ["cibtp_id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(cibtp_id__regex=r"^[0-9]{5}-[0-9]{3}-[0-9]{2}$"), name="site_cibtp_id_format"
            ),
            models.CheckConstraint(
                condition=Q(siret__regex=r"^[0-9]{14}$"), name="site_siret_fourteen_digits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cibtp_id} {self.adherent.company_name}"

    @property
    def siret_grouped(self) -> str:
        """`732 829 320 00074`."""
        return format_siret(self.siret)

    @property
    def address(self) -> PostalAddress:
        """Where the site is, and where its letters go."""
        return PostalAddress(self.address1, self.address2, self.postal_code, self.town)

    def is_closed(self, on: dt.date | None = None) -> bool:
        """Whether the site is closed that day (today by default): readable, not writable."""
        return self.closed_on is not None and self.closed_on <= (on or clock.today())
