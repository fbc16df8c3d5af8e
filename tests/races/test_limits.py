"""Fifty tries at once: never more comparisons than the limit allows (R11)."""

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts import opening
from portal.codes import posted
from tests.factories import SiteFactory, letters_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_fifty_wrong_codes_at_once_are_compared_five_times_and_the_right_one_is_refused(monkeypatch):
    site = SiteFactory()
    code, _ = letters_of(site)
    compared = []
    genuine = posted.matches
    monkeypatch.setattr(opening.posted, "matches", lambda *a, **k: compared.append(1) or genuine(*a, **k))
    start = threading.Barrier(50)
    statuses = []

    def one():
        values = {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": "AAAA-AAAA-AA"}
        browser = Client()
        start.wait(30)
        try:
            statuses.append(browser.post("/ouverture/", values).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(compared) == 5
    assert sorted(statuses) == [200] * 5 + [429] * 45
    right = {"cibtp_id": site.cibtp_id, "siret": site.siret, "code": code}
    assert Client().post("/ouverture/", right).status_code == 429
