"""`python -m bench.people`: the people of the bench, on sites that the importer brought; told as JSON."""

from __future__ import annotations

import json

import django

PASSWORD = "Truelle-Bleue-26"  # noqa: S105  of invented people
FEW, MANY, LETTERS = 5, 5000, 200
BENEFICIARIES = 2000  # on the second of the five sites


def make(signing_in: int) -> dict[str, object]:
    """An Administrateur of 5 sites, one of 5,000, as many people as will sign in, and many on one site."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import User
    from adherents.models import Site
    from bench.given import delegation as given_delegation
    from contact import terms
    from contact.models import TermsAcceptance
    from delegations.models import Delegation, Role
    from portal import clock

    hashed = make_password(PASSWORD)
    people = [
        User(
            email=f"personne{number}@bench.example",
            password=hashed,
            first_name="Loïc",
            last_name=f"Perrin{number}",
            is_active=True,
            email_certified_at=clock.now(),
        )
        for number in range(2 + signing_in + BENEFICIARIES)
    ]
    User.objects.bulk_create(people, batch_size=1000)
    text = terms.in_effect()
    assert text is not None
    TermsAcceptance.objects.bulk_create(TermsAcceptance(user=user, text=text) for user in people)
    sites = list(Site.objects.order_by("pk")[: FEW + MANY + LETTERS])
    signing, beneficiaries = people[2 : 2 + signing_in], people[2 + signing_in :]
    held = {people[0]: sites[:FEW], people[1]: sites[FEW : FEW + MANY]}
    Delegation.objects.bulk_create(
        [
            Delegation(
                site=site,
                beneficiary=user,
                role=Role.ADMINISTRATOR,
                starts_on=clock.today(),
                accepted_at=clock.now(),
                confirmed_at=clock.now(),
            )
            for user, some in held.items()
            for site in some
        ],
        batch_size=1000,
    )
    given = [given_delegation(site=sites[1], beneficiary=person) for person in beneficiaries]
    Delegation.objects.bulk_create(given, batch_size=1000)
    return {
        "few": cookie_of(people[0]),
        "many": cookie_of(people[1]),
        "site": sites[0].cibtp_id,
        "crowded": sites[1].cibtp_id,
        "letters": [site.cibtp_id for site in sites[-LETTERS:]],
        "signing_in": [user.email for user in signing],
        "password": PASSWORD,
    }


def cookie_of(user: object) -> str:
    """The cookie of a new session of that person."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    import sys

    django.setup()
    print(json.dumps(make(int(sys.argv[1]))))
