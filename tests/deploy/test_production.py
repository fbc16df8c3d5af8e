"""Production refuses to start, in a sentence, on whatever is missing, left at a default or unsafe (R90)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from portal.settings.required import Required
from tests.deploy_check import (
    ROOT,
    documented,
    example,
    main,
    production_environment,
    production_variables,
    run_under_production,
)

START = ["-c", "import django; django.setup()"]


# A line in is an environment; a line out, the refusal of the settings read anew under it, or nothing.
READER = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
for line in sys.stdin:
    os.environ.clear()
    os.environ.update(json.loads(line))
    for name in [name for name in sys.modules if name.startswith("portal.settings")]:
        del sys.modules[name]
    try:
        importlib.import_module("portal.settings.production")
        print(json.dumps(""), flush=True)
    except ImproperlyConfigured as refusal:
        print(json.dumps(str(refusal)), flush=True)
"""
READ = production_variables()
REQUIRED = sorted(name for name, must in READ.items() if must)
GOOD = production_environment()


Refusal = Callable[..., str]


@pytest.fixture(scope="module")
def reader() -> Iterator[subprocess.Popen[str]]:
    """A process that reads the settings again and again: starting one for each takes most of the time."""
    with subprocess.Popen(
        [sys.executable, "-c", READER],
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", "")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


@pytest.fixture
def refusal_of(reader: subprocess.Popen[str]) -> Refusal:
    """What production answers to these changes, None being an absent variable: a refusal, or nothing."""

    def ask(**changes: str | None) -> str:
        assert reader.stdin
        assert reader.stdout
        given = {name: value for name, value in (GOOD | changes).items() if value is not None}
        reader.stdin.write(json.dumps(given) + "\n")
        reader.stdin.flush()
        refusal: str = json.loads(reader.stdout.readline())
        return refusal

    return ask


def test_the_list_of_required_variables_is_read_from_the_settings() -> None:
    assert {
        "SECRET_KEY",
        "CODE_KEY",
        "SECOND_FACTOR_KEYS",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "PORTAL_ORIGIN",
    } <= set(REQUIRED)
    assert not READ["SECURE_SSL_REDIRECT"]


def test_every_variable_is_documented_in_the_example() -> None:
    assert set(READ) <= documented()


def test_the_example_documents_nothing_that_nobody_reads() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    elsewhere = {name for name in documented() - set(READ) if f"${{{name}" in compose}
    assert documented() == set(READ) | elsewhere | {"COMPOSE_PROFILES"}


def test_nobody_starts_on_the_example() -> None:
    done = run_under_production(START, example())
    assert done.returncode != 0
    for name in REQUIRED:
        assert f"{name} is missing" in done.stderr


def test_production_starts_when_everything_is_given() -> None:
    done = run_under_production(START, production_environment())
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_what_is_missing(refusal_of: Refusal, name: str) -> None:
    assert refusal_of(**{name: ""}) == f"The portal does not start: {name} is missing."


def test_a_refusal_stops_the_process_that_reads_the_settings() -> None:
    done = run_under_production(START, production_environment() | {"SECRET_KEY": ""})
    assert done.returncode != 0
    assert done.stderr.strip().endswith(
        "ImproperlyConfigured: The portal does not start: SECRET_KEY is missing."
    )


def test_what_is_read_anew_starts_when_nothing_is_wrong(refusal_of: Refusal) -> None:
    assert refusal_of(SECRET_KEY="") != ""
    assert refusal_of() == ""


@pytest.mark.parametrize("value", [None, "", "   ", "changeme"])
@pytest.mark.parametrize("name", REQUIRED)
def test_each_required_variable_is_refused_when_it_is_absent_blank_or_left_at_a_default(
    refusal_of: Refusal, name: str, value: str | None
) -> None:
    refusal = refusal_of(**{name: value})
    assert refusal.startswith(f"The portal does not start: {name} "), refusal
    assert ("left at a default" in refusal) == (value == "changeme")
    others = [other for other in REQUIRED if other != name and other in refusal]
    assert others == [], refusal


@pytest.mark.parametrize(
    ("name", "value", "because"),
    [
        ("SECRET_KEY", "changeme", "left at a default"),
        ("SECRET_KEY", "short-but-not-a-default", "50 random characters"),
        ("SECRET_KEY", "a" * 80, "50 random characters"),
        ("SECRET_KEY", "django-insecure-4x!k@0w9z8y7v6u5t4s3r2q1p0o9n8m7l6k5j4i3h2", "50 random characters"),
        ("CODE_KEY", "secret", "left at a default"),
        ("CODE_KEY", "0123456789" * 4, "50 random characters"),
        ("SECOND_FACTOR_KEYS", "changeme", "left at a default"),
        ("SECOND_FACTOR_KEYS", "0123456789" * 6 + ",court", "50 random characters"),
        ("PORTAL_ORIGIN", "http://espace.caisse.fr", "https://host"),
        ("PORTAL_ORIGIN", "espace.caisse.fr", "https://host"),
        ("PORTAL_ORIGIN", "https://espace.caisse.fr/portail", "https://host"),
        ("PORTAL_ORIGIN", "https://someone@espace.caisse.fr", "https://host"),
        ("PORTAL_ORIGIN", "https://espace.caisse.fr?site=1", "https://host"),
        ("PORTAL_ORIGIN", "https://[", "https://host"),
        ("DATABASE_URL", "sqlite:////srv/portal/portal.sqlite3", "start with postgres://"),
        ("DATABASE_URL", "postgres://portal:changeme@db/portal", "default password"),
        ("DATABASE_URL", "postgres://portal:x@db", "name a database"),
        ("DATABASE_URL", "postgres://portal:x@db:port/portal", "name a host"),
        ("REDIS_URL", "memory://", "start with redis://"),
        ("REDIS_URL", "redis://:password@redis/0", "default password"),
        ("EMAIL_URL", "console://", "start with smtp://"),
        ("EMAIL_URL", "smtp://", "name a host"),
        ("EMAIL_URL", "smtp://portail:motdepasse@smtp.caisse.fr", "password in clear"),
        ("DEFAULT_FROM_EMAIL", "default", "left at a default"),
        ("PROVISIONAL_CODE_DAYS", "31", "between 1 and 30"),
        ("PROVISIONAL_CODE_DAYS", "0", "between 1 and 30"),
        ("PROVISIONAL_CODE_DAYS", "trois semaines", "whole number"),
        ("TRUSTED_PROXY_COUNT", "-1", "zero or more"),
        ("TRUSTED_PROXY_COUNT", "un", "whole number"),
        ("SECURE_SSL_REDIRECT", "peut-être", "true or false"),
        ("SMS_GATEWAY", "file", "one of: https, ovh"),
        ("SMS_COUNTRIES", "33,France", "whole numbers"),
        ("SMS_HOURLY_BUDGET", "-1", "zero or more"),
        ("SMS_OVH_ENDPOINT", "ovh-mars", "one of: ovh-eu"),
        ("SMS_HTTPS_URL", "http://sms.exemple.fr/", "https://host/path"),
        ("CSP_REPORT_URI", "http://csp.caisse.fr/", "https://host/path"),
        ("CSP_REPORT_URI", "https://csp.caisse.fr/; script-src *", "https://host/path"),
        ("CSP_REPORT_URI", "csp", "https://host/path"),
    ],
)
def test_production_refuses_what_is_unsafe(refusal_of: Refusal, name: str, value: str, because: str) -> None:
    refusal = refusal_of(**{name: value})
    assert refusal.startswith(f"The portal does not start: {name} ")
    assert because in refusal


@pytest.mark.parametrize(
    ("gateway", "needed"),
    [
        ("https", {"SMS_HTTPS_URL", "SMS_HTTPS_TOKEN"}),
        (
            "ovh",
            {
                "SMS_OVH_SERVICE",
                "SMS_OVH_APPLICATION_KEY",
                "SMS_OVH_APPLICATION_SECRET",
                "SMS_OVH_CONSUMER_KEY",
            },
        ),
    ],
)
def test_a_gateway_is_refused_until_its_settings_are_whole(
    refusal_of: Refusal, gateway: str, needed: set[str]
) -> None:
    given = {name: "https://sms.exemple.fr/v1" if name.endswith("URL") else "donné" for name in needed}
    refusal = refusal_of(SMS_GATEWAY=gateway)
    assert set(re.findall(r"(\w+) is missing", refusal)) == needed
    for name in needed:
        refusal = refusal_of(SMS_GATEWAY=gateway, **given | {name: ""})
        assert refusal == f"The portal does not start: {name} is missing."
    assert refusal_of(SMS_GATEWAY=gateway, **given) == ""


def test_without_a_gateway_no_sms_is_offered_and_the_countries_are_the_rule_s_own() -> None:
    shown = "print(repr(s.SMS_GATEWAY), s.SMS_COUNTRIES[:3], s.SMS_HOURLY_BUDGET)"
    done = run_under_production(
        ["-c", f"from django.conf import settings as s; {shown}"], production_environment()
    )
    assert done.stdout.strip() == "'' [33, 262, 508] 200"


def test_a_refusal_names_everything_at_once_and_quotes_no_secret(refusal_of: Refusal) -> None:
    refusal = refusal_of(
        SECRET_KEY="a-secret-of-mine", CODE_KEY="", EMAIL_URL="smtp://me:hush@smtp.caisse.fr"
    )
    assert all(name in refusal for name in ("SECRET_KEY", "CODE_KEY", "EMAIL_URL"))
    assert "a-secret-of-mine" not in refusal
    assert "hush" not in refusal


@pytest.mark.parametrize(
    ("address", "port", "starttls", "tls"),
    [
        ("smtp://mailpit:1025", 1025, False, False),
        ("smtp://relay.caisse.fr", 25, False, False),
        ("smtp+tls://me:a%2Fb@smtp.caisse.fr", 587, True, False),
        ("submission://me:a%2Fb@smtp.caisse.fr", 587, True, False),
        ("smtp+ssl://me:a%2Fb@smtp.caisse.fr", 465, False, True),
        ("smtps://me:a%2Fb@smtp.caisse.fr:4650", 4650, False, True),
    ],
)
def test_the_mail_servers_scheme_decides_its_encryption(
    monkeypatch: pytest.MonkeyPatch, address: str, port: int, starttls: bool, tls: bool
) -> None:
    monkeypatch.setenv("EMAIL_URL", address)
    required = Required(Env())
    settings = required.smtp("EMAIL_URL")
    required.refuse_if_incomplete()
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (
        port,
        starttls,
        tls,
    )
    assert settings["EMAIL_HOST_PASSWORD"] == ("a/b" if "@" in address else "")


def test_an_empty_optional_variable_means_its_default() -> None:
    names = [name for name, must in READ.items() if not must and not name.endswith("_ROOT")]
    shown = (
        "print(s.PROVISIONAL_CODE_DAYS, s.TRUSTED_PROXY_COUNT, s.SECURE_SSL_REDIRECT, s.SECRET_KEY_FALLBACKS)"
    )
    done = run_under_production(
        ["-c", f"from django.conf import settings as s; {shown}"],
        production_environment() | dict.fromkeys(names, ""),
    )
    assert done.stdout.strip() == "21 1 True []", done.stderr


@pytest.mark.parametrize(
    ("address", "sent"), [("", None), ("https://csp.caisse.fr/r", ["https://csp.caisse.fr/r"])]
)
def test_browsers_report_refused_scripts_where_they_are_told_to(address: str, sent: list[str] | None) -> None:
    shown = "import json; print(json.dumps(s.CONTENT_SECURITY_POLICY['DIRECTIVES'].get('report-uri')))"
    done = run_under_production(
        ["-c", f"from django.conf import settings as s; {shown}"],
        production_environment() | {"CSP_REPORT_URI": address},
    )
    assert json.loads(done.stdout) == sent, done.stderr


def test_nothing_is_refused_when_nothing_is_at_fault() -> None:
    required = Required(Env())
    required.refuse_if_incomplete()
    required.faults.append("SOMETHING is missing")
    with pytest.raises(ImproperlyConfigured, match=r"^The portal does not start: SOMETHING is missing\.$"):
        required.refuse_if_incomplete()


def test_the_log_quotes_no_link() -> None:
    line = "logging.getLogger('django.request').warning('%s: %s', 'Gone', '/activation/a.b.c/')"
    done = run_under_production(
        ["-c", f"import django, logging; django.setup(); {line}"], production_environment()
    )
    assert "Gone: /activation/" in done.stderr
    assert "a.b.c" not in done.stderr


def test_whatever_command_asks_for_a_task_asks_the_portals_own_broker() -> None:
    asked = "from portal.messaging.tasks import send; print(send.app.main, send.app.conf.broker_url)"
    done = run_under_production(["-c", f"import django; django.setup(); {asked}"], GOOD)
    assert done.stdout.strip() == f"portal {GOOD['REDIS_URL']}", done.stderr


def test_djangos_deployment_check_finds_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capfd.readouterr().err
