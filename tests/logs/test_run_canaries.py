"""The net under the whole run of the tests: what it learns and reads; a leak fails the run (R17, R75)."""

import logging
import os
import subprocess
import sys
import textwrap

import pytest
from django.test import Client

from portal import tokens
from portal.codes import posted, sms
from portal.messaging import tasks
from portal.messaging.models import Message
from portal.messaging.outbox import queue_mail
from portal.second_factor import recovery
from tests import canaries
from tests.accounts.conftest import mails_to
from tests.canaries import Watch
from tests.deploy_check import ROOT
from tests.factories import PASSWORD, UserFactory, nir
from tests.second_factor.apps import app_of

KEPT = "canary-of-the-net"


@pytest.fixture
def net():
    made = Watch()
    made.begin("this test")
    return made


@pytest.mark.parametrize("secret", ["Truelle-Canari-26", "Canari Truelle-26", "7KQM-2XYZ-AB"])
def test_a_secret_is_found_wherever_it_stands_and_is_not_told_itself(net, secret):
    net.learn("password", secret)
    net.keep("the log", f'{{"a": "x={secret}."}}')
    (told,) = net.leaks()
    assert told == "password in the log, by this test"


def test_it_is_found_even_when_it_is_known_only_afterwards(net):
    net.keep("the log", "GET /activation/WzUxMDAxLDFd.1xU.abcdef/")
    net.learn("token", "WzUxMDAxLDFd.1xU.abcdef")
    assert net.leaks() == ["token in the log, by this test"]


def test_six_digits_are_a_secret_of_their_own_test_alone(net):
    net.learn_digits("804617")
    net.keep("the log", "request 804617 and x804617y")
    net.begin("another test")
    net.keep("the log", "user=804617")
    assert net.leaks() == ["SMS code in the log, by this test"]


@pytest.mark.parametrize("text", ["804\u00a0617", '"804617"', "code=804617,"])
def test_six_digits_are_found_as_people_and_programs_write_them(net, text):
    net.learn_digits("804617")
    net.keep("the broker", text)
    assert net.leaks() == ["SMS code in the broker, by this test"]


def test_an_iban_is_found_by_its_shape(net):
    net.keep("the journal", "de FR7630006000011234567890189 à FR76 •••• 0189")
    assert net.leaks() == ["IBAN in the journal, by this test"]


def test_what_is_no_secret_is_not_found(net):
    net.learn("password", "Truelle-Canari-26")
    net.keep("the log", "Truelle-Canari-2 Canari-26 user=51001")
    assert net.leaks() == []


def test_of_a_line_of_the_log_its_time_and_its_request_alone_are_not_read(net):
    record = logging.LogRecord("portal", logging.INFO, "x", 1, "Truelle-Canari-26 of [abc]", (), None)
    net.records = [(record, "-"), (record, "abc")]
    net.learn("password", "Truelle-Canari-26")
    assert net.leaks() == ["password in the log, by this test"]
    assert [line for _, line in net.lines] == []  # they are read once


def test_a_word_typed_with_a_code_is_no_secret_and_a_code_typed_with_words_is_one(monkeypatch, net):
    monkeypatch.setattr(canaries, "watch", net)
    canaries.learn_typed(
        {"code": "Code confidentiel 2026 :", "password": "voici Truelle-Canari-26", "a": "Z9-y" * 3}
    )
    assert list(net.secrets) == ["Truelle-Canari-26"]


# --- the one net of this run ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_learns_whatever_is_made_or_typed():
    person = UserFactory()
    browser = Client()
    browser.post("/connexion/", {"email": person.email, "password": "Faux-Canari-77"})
    browser.post("/connexion/", {"email": person.email, "password": PASSWORD})
    app_of(person)
    browser.post("/mot-de-passe/oublie/", {"email": person.email})
    reset = mails_to(person.email)[-1].secret.strip("/").rpartition("/")[2]
    assert any(secret in reset for secret in canaries.watch.secrets)
    made = [posted.draw(), *recovery.draw(), tokens.make("canary", 1), nir(77)]
    made += ["Faux-Canari-77", PASSWORD, browser.cookies["session"].value, browser.cookies["csrf"].value]
    assert [one for one in made if one not in canaries.watch.secrets] == []
    assert "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in canaries.watch.secrets  # the app's seed
    assert sms.draw() in canaries.watch.short


@pytest.mark.django_db(transaction=True)
def test_it_reads_the_log_the_broker_and_what_left_the_outbox():
    logging.getLogger("portal").info("one line with %s", KEPT)
    row = queue_mail(
        "accounts/mails/password_changed", to="a@exemple.fr", context={"person": UserFactory.build()}
    )
    tasks.send(row.pk)
    Message.objects.update(subject=KEPT)
    canaries.watch.keep_records()
    canaries.keep_rows()
    places = {place for place, text in canaries.watch.lines if KEPT in text}
    assert places == {"the log", "the outbox"}
    assert [
        text for place, text in canaries.watch.lines if place == "the broker" and "messaging.send" in text
    ]


LEAKING = """
    import logging

    import pytest

    from portal.codes import posted


    @pytest.mark.parametrize("turn", range(4))
    def test_says_a_code_in_a_way_that_no_pattern_knows(turn):
        code = posted.draw().replace("-", "").lower()
        logging.getLogger("portal").warning("the code is %s", {code!r} if {leaks} else "kept to oneself")
"""


@pytest.mark.parametrize("leaks", [True, False])
def test_a_run_of_tests_that_leaks_fails_when_it_is_over_in_each_of_its_workers(tmp_path, leaks):
    """R75: each test passes; the run does not."""
    source = textwrap.dedent(LEAKING).replace("{code!r}", "code").replace("{leaks}", str(leaks))
    (tmp_path / "test_leaking.py").write_text(source)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.conftest"]')
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-c", "pyproject.toml",
         "--rootdir", ".", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert ("4 passed, 2 errors" if leaks else "4 passed in") in done.stdout, done.stdout + done.stderr
    assert done.returncode == (1 if leaks else 0)
    assert ("posted code in the log, by" in done.stdout) == leaks
