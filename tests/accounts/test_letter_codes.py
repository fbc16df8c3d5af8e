"""The codes that the letters bear, and which sites get one."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re

import pytest
from django.core import serializers
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.letters import awaiting_letters, print_letters
from accounts.models import LetterBatch, ProvisionalCode, User
from adherents.models import Adherent, Site
from delegations.models import Role
from portal.codes import posted
from portal.journal.models import Entry
from tests.accounts import printing
from tests.accounts.printing import (
    PRINTED,
    codes,
    identifiers,
    make_administrator,
    make_opening,
    make_site,
    run,
)
from tests.deploy_check import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
at_noon = printing.at_noon


def test_a_hundred_thousand_codes_keep_to_the_alphabet_and_differ():
    """R14."""
    drawn = [posted.draw() for _ in range(100_000)]
    assert all(
        re.fullmatch(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{2}", code) for code in drawn
    )
    assert len(set(drawn)) == len(drawn)


def test_whatever_must_not_be_guessed_is_drawn_by_the_systems_own_generator():
    """R14, R50: nothing of the portal imports another one."""
    folders = [ROOT / app for app in ("portal", "accounts", "delegations")]
    ours = [path for folder in folders for path in folder.rglob("*.py")]
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in ours
        if "demo" not in path.parts
    }
    assert len(texts) > 100
    drawing = re.compile(r"^(?:import random|from random|.*get_random_string|.*np\.random)", re.MULTILINE)
    assert [path for path, text in texts.items() if drawing.search(text)] == []
    for path in ("portal/codes/posted.py", "portal/codes/sms.py", "portal/second_factor/recovery.py"):
        assert "secrets." in texts[path]


def test_a_digest_depends_on_the_key_and_on_the_site(settings):
    """R17."""
    code = posted.draw()
    first = posted.digest(code, site_id=1)
    assert posted.matches(code.replace("-", " ").lower(), first, site_id=1)
    assert not posted.matches(code, first, site_id=2)
    settings.CODE_KEY = "another key that lives outside the database"
    assert not posted.matches(code, first, site_id=1)


def test_no_code_is_kept_in_clear_or_said_anywhere(tmp_path, caplog):
    """R17."""
    caplog.set_level(logging.DEBUG)
    make_site()
    make_site("AUTRE")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        said = run(tmp_path)
    printed = codes(tmp_path)
    assert len(printed) == 2
    tables = (LetterBatch, ProvisionalCode, Entry, Site, Adherent)
    kept = "".join(serializers.serialize("json", table.objects.all()) for table in tables)
    if connection.vendor == "sqlite":
        kept += "\n".join(connection.connection.iterdump())
    kept += said + caplog.text + "".join(query["sql"] for query in queries)
    for code in printed:
        assert code not in kept
        assert code.replace("-", "") not in kept


def test_a_named_site_gets_a_new_letter_and_its_former_code_dies(tmp_path):
    """R15."""
    site, other = make_site(), make_site("AUTRE")
    print_letters(folder=tmp_path / "1", printed_by="Zoé")
    print_letters(folder=tmp_path / "2", printed_by="Zoé", sites=[site])
    old, new = site.provisional_codes.order_by("pk")
    assert (old.voided_at, old.is_usable()) == (PRINTED, False)
    assert new.is_usable()
    assert identifiers(tmp_path / "2") == [site.cibtp_id]
    assert posted.matches(codes(tmp_path / "2")[0], new.digest, site_id=site.pk)
    assert other.provisional_codes.get().is_usable()


def test_an_expired_code_is_voided_when_the_next_letter_is_printed(tmp_path, at_noon):
    site = make_site()
    print_letters(folder=tmp_path / "1", printed_by="Zoé")
    at_noon.shift(dt.timedelta(days=30))
    print_letters(folder=tmp_path / "2", printed_by="Zoé")
    old, new = site.provisional_codes.order_by("pk")
    assert old.voided_at is not None
    assert new.is_usable()


def test_a_letter_for_an_opening_not_yet_activated_leaves_the_used_code_alone(tmp_path):
    site = make_site()
    print_letters(folder=tmp_path / "1", printed_by="Zoé")
    used = make_opening(site).code
    assert list(awaiting_letters()) == []
    print_letters(folder=tmp_path / "2", printed_by="Zoé", sites=[site])
    used.refresh_from_db()
    assert (used.used_at, used.voided_at) == (PRINTED, None)
    assert site.provisional_codes.exclude(pk=used.pk).get().is_usable()


@pytest.mark.parametrize(
    ("printed", "last_moment"),
    [
        ("2026-11-21T09:00+01:00", "2026-12-12T23:59:59+01:00"),
        ("2026-07-01T00:00+02:00", "2026-07-22T23:59:59+02:00"),
        ("2026-07-01T23:59:59+02:00", "2026-07-22T23:59:59+02:00"),
        ("2026-03-10T12:00+01:00", "2026-03-31T23:59:59+02:00"),
        ("2026-10-05T12:00+02:00", "2026-10-26T23:59:59+01:00"),
    ],
)
def test_a_code_lives_to_the_end_of_the_twenty_first_day_in_paris(tmp_path, at_noon, printed, last_moment):
    """R15."""
    at_noon.move_to(dt.datetime.fromisoformat(printed))
    site = make_site()
    print_letters(folder=tmp_path, printed_by="Zoé")
    code = site.provisional_codes.get()
    last = dt.datetime.fromisoformat(last_moment)
    assert code.is_usable(last)
    assert not code.is_usable(last + dt.timedelta(seconds=1))


def test_a_site_waits_unless_closed_administered_or_able_to_open(tmp_path):
    opened, lettered = make_site("OPENED"), make_site("LETTERED")
    print_letters(folder=tmp_path, printed_by="Zoé")
    make_opening(opened)
    make_site("CLOSED", closed_on=dt.date(2026, 11, 21))
    make_administrator(make_site("ADMINISTERED"))
    waiting = [make_site("NEW"), make_site("CLOSES LATER", closed_on=dt.date(2026, 11, 22))]
    ended = make_site("ENDED")
    make_administrator(ended, ends_on=dt.date(2026, 11, 20))
    not_activated = make_administrator(make_site("NOT ACTIVATED"))
    User.objects.filter(pk=not_activated.beneficiary_id).update(is_active=False)
    merely_a_user = make_administrator(make_site("USER"), role=Role.USER)
    waiting += [ended, not_activated.site, merely_a_user.site]
    assert set(awaiting_letters()) == set(waiting)
    assert lettered not in awaiting_letters()


def test_a_site_waits_again_when_its_code_has_expired(tmp_path, at_noon):
    site = make_site()
    print_letters(folder=tmp_path, printed_by="Zoé")
    at_noon.move_to(dt.datetime.fromisoformat("2026-12-12T23:59:59+01:00"))
    assert list(awaiting_letters()) == []
    at_noon.move_to(dt.datetime.fromisoformat("2026-12-13T00:00:00+01:00"))
    assert list(awaiting_letters()) == [site]


def test_a_named_site_may_be_typed_without_dashes_and_twice(tmp_path):
    site = make_site()
    make_site("AUTRE")
    compact = site.cibtp_id.replace("-", "")
    assert "1 courrier de bienvenue et 1 courrier informatique" in run(
        tmp_path, "--site", compact, site.cibtp_id
    )
    assert identifiers(tmp_path) == [site.cibtp_id]


def test_one_wrong_site_among_those_named_prints_nothing(tmp_path):
    good, closed, taken, homeless = (make_site(name) for name in "ABCD")
    Site.objects.filter(pk=closed.pk).update(closed_on=dt.date(2026, 3, 1))
    make_administrator(taken)
    Site.objects.filter(pk=homeless.pk).update(town="")
    for wrong, reason in (
        (closed.cibtp_id, "fermé depuis le 01/03/2026"),
        (taken.cibtp_id, "a déjà un Administrateur activé"),
        (homeless.cibtp_id, "pas d’adresse postale"),
        ("99999-001-12", "Site inconnu : 99999-001-12"),
        ("2920", "s’écrit comme 29209-001-12"),
    ):
        with pytest.raises(CommandError, match=reason):
            run(tmp_path, "--site", good.cibtp_id, wrong)
    assert os.listdir(tmp_path) == []
    assert not ProvisionalCode.objects.exists()


def test_a_site_without_an_address_goes_on_waiting_and_is_named(tmp_path):
    homeless, good = make_site(town=""), make_site("AUTRE")
    said = run(tmp_path)
    assert homeless.cibtp_id in said
    assert identifiers(tmp_path) == [good.cibtp_id]
    assert list(awaiting_letters()) == [homeless]
