"""Invented companies, sites and people, with valid keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from stdnum import luhn

from accounts.models import LetterBatch, ProvisionalCode, User
from adherents.models import Adherent, Site
from delegations.models import Delegation, Role
from portal import clock
from portal.codes import posted

PASSWORD = "Truelle-Bleue-26"
_hashed: list[str] = []


def password_hash() -> str:
    """The hash of PASSWORD, computed once: forty milliseconds a person add up."""
    if not _hashed:
        _hashed.append(make_password(PASSWORD))
    return _hashed[0]


def siren(number: int) -> str:
    """A valid SIREN."""
    body = f"{30_000_000 + number:08}"
    return body + str(luhn.calc_check_digit(body))


def siret(of_siren: str, number: int) -> str:
    """A valid SIRET of that SIREN."""
    body = f"{of_siren}{number:04}"
    return body + str(luhn.calc_check_digit(body))


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

    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    password = factory.LazyFunction(password_hash)
    first_name = "Loïc"
    last_name = factory.Sequence(lambda n: f"Perrin{n}")
    is_active = True
    email_certified_at = factory.LazyFunction(clock.now)


class DelegationFactory(factory.django.DjangoModelFactory[Delegation]):
    """An Administrateur since today."""

    class Meta:
        model = Delegation

    site = factory.SubFactory(SiteFactory)
    beneficiary = factory.SubFactory(UserFactory)
    role = Role.ADMINISTRATOR
    starts_on = factory.LazyFunction(clock.today)


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
