"""Every line of every process goes through the formatter that takes secrets out."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.views.debug import get_exception_reporter_class

from portal.demo.processes import commands
from portal.logs.error_reports import BareReporter
from tests.deploy.compose import image_command
from tests.deploy_check import ROOT, production_environment, run_under_production
from tests.embedded_portal import free_port

FORMATTERS = {"portal.logs.lines.Redacting", "portal.logs.lines.JsonLines"}


def test_every_handler_takes_secrets_out(settings):
    for handler in settings.LOGGING["handlers"].values():
        assert settings.LOGGING["formatters"][handler["formatter"]]["()"] in FORMATTERS


@pytest.mark.parametrize("name", ["django", "django.server", "django.request", "gunicorn.error"])
def test_no_logger_writes_past_it(name):
    own = [
        handler for handler in logging.getLogger(name).handlers if "pytest" not in type(handler).__module__
    ]
    assert {type(handler.formatter).__module__ for handler in own} <= {"portal.logs.lines"}


def test_nobody_is_mailed_a_report_and_the_report_would_be_bare(rf):
    mailing = [type(handler).__name__ for handler in logging.getLogger("django").handlers]
    assert "AdminEmailHandler" not in mailing
    assert get_exception_reporter_class(rf.get("/")) is BareReporter


def test_production_writes_json():
    line = "logging.getLogger('x').error('marie@exemple.fr\\n%s', 'b')"
    done = run_under_production(
        ["-c", f"import django, logging; django.setup(); {line}"], production_environment()
    )
    values = json.loads(done.stderr)
    assert (values["level"], values["logger"]) == ("ERROR", "x")
    assert values["message"] == "m…@exemple.fr\\nb"


def test_gunicorn_is_asked_for_no_access_log():
    started = {"image": image_command(), "embedded": commands(8000, Path("var"))["web"]}
    for name, command in started.items():
        assert "gunicorn" in command, name
        wanted = [
            word for word in command if "access" in word or word.startswith(("--log", "-c", "--config"))
        ]
        assert wanted == [], name


@pytest.mark.timeout(90)
def test_under_gunicorn_a_link_that_is_followed_leaves_no_token_behind(tmp_path):
    port = free_port()
    command = commands(port, tmp_path)["web"] + ["--log-level", "debug"]
    own = {"PORT": str(port), "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings.embedded"}
    environment = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}} | own
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(
            [sys.executable, *command[1:]], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        assert answer_of(port, "/sante/?q=QUERY-CANARY") == 200
        # No static file is collected: the page fails, then the page that says so, and gunicorn tells.
        assert answer_of(port, "/activation/TOKEN-CANARY.b.c/?q=QUERY-CANARY") == 500
        malformed(port, b"GET /activation/TOKEN-CANARY/ HTTP/9.9\r\nBad Header\r\n\r\n")
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(20)
    written = (tmp_path / "web.log").read_text()
    assert "request method=GET route=sante/ status=200" in written
    assert "Error handling request GET /activation/…/" in written
    assert "CANARY" not in written


def answer_of(port, path):
    limit = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10).status
        except urllib.error.HTTPError as answer:
            return answer.code
        except urllib.error.URLError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


def malformed(port, sent):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        while connection.recv(1000):
            pass
