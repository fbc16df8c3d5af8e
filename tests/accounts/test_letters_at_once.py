"""Two printings at the same moment, with real connections."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection

from accounts.letters import print_letters
from accounts.models import ProvisionalCode
from adherents.models import Adherent, Site

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_two_printings_at_once_give_each_site_one_letter(tmp_path):
    adherent = Adherent.objects.create(number="29209", company_name="MEYER", siren="732829320", activity="GO")
    place = {"address1": "1 rue Basse", "postal_code": "54000", "town": "NANCY", "siret": "73282932000074"}
    for number in range(1, 31):
        Site.objects.create(adherent=adherent, cibtp_id=f"29209-{number:03}-12", **place)
    start, counts = threading.Barrier(2), []

    def run(folder: Path) -> None:
        try:
            start.wait()
            counts.append(print_letters(folder=folder, printed_by="Zoé").count)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(tmp_path / name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 30]
    assert ProvisionalCode.objects.filter(used_at=None, voided_at=None).count() == 30
    assert not ProvisionalCode.objects.exclude(voided_at=None).exists()
