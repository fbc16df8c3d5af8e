"""`make run`, for real: three processes, a mail written by the worker, a stop that stops all, kept data."""

import os
import re
import signal
import time
import urllib.request
from email import message_from_bytes, policy
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.embedded_portal import EmbeddedPortal

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def portal(tmp_path):
    """A portal of the test's own, to be stopped."""
    yield from started_in(tmp_path)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A portal that runs all along, for whoever only looks at it."""
    yield from started_in(tmp_path_factory.mktemp("running"))


def started_in(folder):
    """A portal that runs, and is stopped whatever happens."""
    started = EmbeddedPortal(folder / "var")
    started.start()
    yield started
    if started.process and started.process.poll() is None:
        started.stop(signal.SIGKILL)


def browser():
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def post(opener, address, **values):
    page = opener.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    body = urlencode({"csrfmiddlewaretoken": token} | values).encode()
    return opener.open(urllib.request.Request(address, body, {"Referer": address}))


def processes_of(portal):
    """The ids of the living processes that were started with this VAR_DIR."""
    mark = f"VAR_DIR={portal.var_dir}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def wait_for(condition, seconds=30):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.2)
    return False


def resets_to(address, portal):
    """The mails with a link for a new password to that address: the demo has mails of its own."""
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (portal.var_dir / "outbox").glob("*.eml")
    ]
    there = [one for one in found if one["To"] == address]
    return [one for one in there if "/mot-de-passe/nouveau/" in one.get_body(("plain",)).get_content()]


def test_it_serves_sends_mail_through_the_worker_stops_whole_and_keeps_its_data(portal):
    assert "29209-001-12" in portal.printed
    assert re.search(r"Code confidentiel +[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{2}", portal.printed)
    email, password = re.search(r"employeur \(4 sites\) +(\S+) +(\S+)", portal.printed).groups()

    signed_in = post(browser(), f"{portal.origin}/connexion/", email=email, password=password)
    assert signed_in.url == f"{portal.origin}/sites/"

    post(browser(), f"{portal.origin}/mot-de-passe/oublie/", email=email)
    assert wait_for(lambda: resets_to(email, portal), 15)  # sooner than a sweep: the worker was asked
    assert len(resets_to(email, portal)) == 1

    assert len(processes_of(portal)) >= 4
    first_print = portal.printed
    assert portal.stop(signal.SIGINT) == 0
    assert wait_for(lambda: not processes_of(portal), 10)

    portal.start()
    assert "Premier démarrage" not in portal.printed
    code = re.search(r"Code confidentiel +(\S+)", first_print).group(1)
    assert code in portal.printed
    again = post(browser(), f"{portal.origin}/connexion/", email=email, password=password)
    assert again.url == f"{portal.origin}/sites/"
    assert portal.stop(signal.SIGTERM) == 0
    assert wait_for(lambda: not processes_of(portal), 10)


def test_when_the_command_itself_is_killed_nothing_is_left_running(portal):
    portal.stop(signal.SIGKILL)
    assert wait_for(lambda: not processes_of(portal), 20)


def test_a_port_that_is_taken_is_said_in_a_sentence(running, tmp_path):
    second = EmbeddedPortal(tmp_path / "other", port=running.port)
    with pytest.raises(RuntimeError, match=r"est déjà pris. Choisissez-en un autre"):
        second.start()


def test_two_portals_run_side_by_side(running, tmp_path):
    second = EmbeddedPortal(tmp_path / "other")
    second.start()
    try:
        for one in (running, second):
            assert urllib.request.urlopen(f"{one.origin}/sante/").status == 200
    finally:
        second.stop()


def test_it_is_reached_from_this_machine_only(running):
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [local for _, local, _, state, *_ in rows if state == "0A"]
    assert [local for local in listening if int(local.split(":")[1], 16) == running.port] == [
        f"0100007F:{running.port:04X}"
    ]
