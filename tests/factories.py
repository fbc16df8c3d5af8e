"""Invented companies, sites and people, with valid keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import factory
from stdnum import luhn
from stdnum.fr import nir as stdnum_nir

from accounts.models import LetterBatch, ProvisionalCode, User
from adherents.models import AccountingFirm, Adherent, Site
from contact import terms
from contact.models import TermsAcceptance
from delegations.matrix import RightsMatrix
from delegations.models import Delegation, Role, Side
from employees.models import CollegePeriod, Contract, Employee
from intemperies.models import Line, LostHours, Period, Stoppage, Worksite
from portal import clock
from portal.access.levels import Access, College
from portal.codes import posted
from tests.hashing import hash_of

PASSWORD = "Truelle-Bleue-26"
MONDAY, WEDNESDAY = (
    clock.at(dt.date(2026, 1, 12), dt.time(10)),
    clock.at(dt.date(2026, 1, 14), dt.time(8)),
)
Hours = Mapping[dt.date, Decimal]
FIVE_AND_SEVEN: Hours = {dt.date(2026, 1, 12): Decimal(5), dt.date(2026, 1, 13): Decimal(7)}


def siren(number: int) -> str:
    """A valid SIREN."""
    body = f"{30_000_000 + number:08}"
    return body + str(luhn.calc_check_digit(body))


def siret(of_siren: str, number: int) -> str:
    """A valid SIRET of that SIREN."""
    body = f"{of_siren}{number:04}"
    return body + str(luhn.calc_check_digit(body))


def nir(number: int) -> str:
    """A valid NIR of a man born in February 1980."""
    body = f"1800257{number // 1000 % 1000:03}{number % 1000:03}"
    return body + stdnum_nir.calc_check_digits(body)


class AdherentFactory(factory.django.DjangoModelFactory[Adherent]):
    """A company in Metz."""

    class Meta:
        model = Adherent

    number = factory.Sequence(lambda n: f"{29000 + n:05}")
    company_name = factory.Sequence(lambda n: f"MAÇONNERIE {n}")
    siren = factory.Sequence(siren)
    legal_form = "SARL"
    activity = "GO"
    manager_last_name = "MEYER"
    manager_first_name = "Zoé"
    address1 = "14 RUE DU MOULIN"
    postal_code = "57000"
    town = "METZ"


class AccountingFirmFactory(factory.django.DjangoModelFactory[AccountingFirm]):
    """An accounting firm."""

    class Meta:
        model = AccountingFirm

    siret = factory.Sequence(lambda n: siret(siren(900_000 + n), 1))
    name = factory.Sequence(lambda n: f"CABINET KIEFFER {n}")


class SiteFactory(factory.django.DjangoModelFactory[Site]):
    """The head office of a company."""

    class Meta:
        model = Site

    adherent = factory.SubFactory(AdherentFactory)
    cibtp_id = factory.LazyAttributeSequence(lambda site, n: f"{site.adherent.number}-{n % 999 + 1:03}-12")
    siret = factory.LazyAttributeSequence(lambda site, n: siret(site.adherent.siren, n % 9999 + 1))
    name = "SIÈGE"
    address1 = "14 RUE DU MOULIN"
    postal_code = "57000"
    town = "METZ"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An activated person who signs in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    password = factory.LazyFunction(lambda: hash_of(PASSWORD))
    first_name = "Loïc"
    last_name = factory.Sequence(lambda n: f"Perrin{n}")
    is_active = True
    email_certified_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def accepts_terms(self, create: bool, wanted: bool | None, **kwargs: Any) -> None:
        """He accepted the terms of use, unless told otherwise."""
        text = terms.in_effect() if create and wanted is not False else None
        if text is not None:
            TermsAcceptance.objects.create(user=self, text=text)


class DelegationFactory(factory.django.DjangoModelFactory[Delegation]):
    """An Administrateur since today."""

    class Meta:
        model = Delegation

    site = factory.SubFactory(SiteFactory)
    beneficiary = factory.SubFactory(UserFactory)
    role = Role.ADMINISTRATOR
    starts_on = factory.LazyFunction(clock.today)
    accepted_at = factory.LazyFunction(clock.now)
    confirmed_at = factory.LazyFunction(clock.now)


def beneficiary_of(
    site: Site, levels: Mapping[tuple[str, College | None], Access], **fields: Any
) -> Delegation:
    """The delegation of a new person (or `beneficiary`) who holds those levels on the company's side."""
    matrix = RightsMatrix.of(levels)
    bits = {"read_bits": matrix.read_bits, "write_bits": matrix.write_bits}
    made: Delegation = DelegationFactory(site=site, **({"role": Role.USER} | bits | fields))
    return made


def firm_of(site: Site, levels: Mapping[tuple[str, College | None], Access], **fields: Any) -> Delegation:
    """The live delegation of a firm on that site, held by its head."""
    firm = fields.pop("firm", None) or AccountingFirmFactory()
    return beneficiary_of(site, levels, side=Side.FIRM, role=Role.HEAD, firm=firm, **fields)


def passed_on(
    firm: Delegation, levels: Mapping[tuple[str, College | None], Access], **fields: Any
) -> Delegation:
    """What a firm passed on to one of its people."""
    facts = {"side": Side.FIRM, "parent": firm, "firm": firm.firm} | fields
    return beneficiary_of(firm.site, levels, **facts)


def letters_of(site: Site, **fields: Any) -> tuple[str, ProvisionalCode]:
    """The code of a letter to that site, and its row; valid for twenty-one days unless told."""
    code = posted.draw()
    batch = LetterBatch.objects.create(printed_by="Essai", folder="/tmp")
    values = {"expires_at": clock.now() + dt.timedelta(days=21)} | fields
    digest = posted.digest(code, site_id=site.pk)
    row = ProvisionalCode.objects.create(site=site, batch=batch, page=1, digest=digest, **values)
    return code, row


def owner_of(site: Site, **fields: Any) -> User:
    """A person who administers that site."""
    user: User = UserFactory(**fields)
    DelegationFactory(site=site, beneficiary=user)
    return user


class EmployeeFactory(factory.django.DjangoModelFactory[Employee]):
    """Somebody without contract nor collège: see `employee_of`."""

    class Meta:
        model = Employee

    site = factory.SubFactory(SiteFactory)
    matricule = factory.Sequence(lambda n: f"9{n:05}")  # never one that a test names
    nir = factory.Sequence(nir)
    last_name = factory.Sequence(lambda n: f"MEYER{n}")
    first_name = "Zoé"
    born_on = dt.date(1980, 2, 28)
    recent_hours = 303
    bad_weather_days = 0
    leave_earned = 30
    iban_known = True


def employee_of(
    site: Site,
    college: College = College.OUVRIER,
    *,
    hired_on: dt.date = dt.date(2015, 3, 2),
    left_on: dt.date | None = None,
    **fields: Any,
) -> Employee:
    """A person who works for that site since 2015, in one collège all along."""
    employee: Employee = EmployeeFactory(site=site, **fields)
    Contract.objects.create(
        employee=employee, trade="018", classification="N2P1", hired_on=hired_on, left_on=left_on
    )
    CollegePeriod.objects.create(employee=employee, college=college, starts_on=hired_on)
    return employee


class WorksiteFactory(factory.django.DjangoModelFactory[Worksite]):
    """A worksite of a site, in the plain."""

    class Meta:
        model = Worksite

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda n: f"Chantier {n}")
    address = "3 rue du Moulin"
    postal_code = "54000"
    town = "NANCY"
    departement = "54"
    trade = "GO"


def stoppage_of(site: Site, *employees: Employee, hours: Hours | None = None, **fields: Any) -> Stoppage:
    """A draft: from Monday 12/01/2026, 10 h, to Wednesday 14/01/2026, 8 h; some employees and their hours."""
    worksite = fields.pop("worksite", None) or WorksiteFactory(site=site)
    begun_by = fields.pop("begun_by", None) or UserFactory()
    periods = fields.pop("periods", [(MONDAY, WEDNESDAY)])
    year, week, _ = clock.day_of(periods[0][0]).isocalendar()
    values = {"cause": "gel", "work": "élévation de murs", "trade": worksite.trade} | fields
    made: Stoppage = Stoppage.objects.create(
        site=site, worksite=worksite, begun_by=begun_by, iso_year=year, iso_week=week, **values
    )
    for begins, resumes in periods:
        Period.objects.create(stoppage=made, begins=begins, resumes=resumes)
    for employee in employees:
        line_of(made, employee, hours)
    return made


def line_of(stoppage: Stoppage, employee: Employee, hours: Hours | None = None, **fields: Any) -> Line:
    """An employee put on it, paid 14 € an hour, who lost five hours on Monday and seven on Tuesday."""
    values = {"wage": Decimal(14), "worked_hours": Decimal(300), "paid_days": 0, "college": employee.college}
    line = Line.objects.create(stoppage=stoppage, employee=employee, **(values | fields))
    for day, lost in (hours or FIVE_AND_SEVEN).items():
        LostHours.objects.create(line=line, day=day, hours=lost)
    return line


def reader_of_colleges(site: Site, *colleges: College, code: str = "employees.employee") -> User:
    """A person who may read that row of the matrix for these collèges, and nothing else."""
    levels = {(code, college): Access.READ for college in colleges}
    reader: User = beneficiary_of(site, levels).beneficiary
    return reader
