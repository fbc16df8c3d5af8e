"""docker-compose.yml is whole, closed, and gives each process what production asks for."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
from typing import Any

import pytest
from django.core.management import get_commands

from portal.celery import app
from tests.deploy.compose import (
    DEPLOYED,
    PORTAL_SERVICES,
    Refused,
    compose,
    environment_of,
    image_command,
    instructions,
    interpolated,
)
from tests.deploy_check import ROOT, example, filled_in, run_under_production

SERVICES: dict[str, Any] = compose()["services"]
LASTING = [name for name in SERVICES if name != "migrate"]
NEEDED = {"web", "worker", "beat", "migrate", "postgres", "redis", "mailpit", "clamd"}
LEAST_POSTGRES = 15


def text_of(command: str | list[str]) -> str:
    return command if isinstance(command, str) else " ".join(command)


def mounts() -> list[tuple[str, str]]:
    """Source and target of every mount."""
    return [
        (mount.split(":")[0], mount.split(":")[1])
        for service in SERVICES.values()
        for mount in service.get("volumes", [])
    ]


def test_every_part_of_a_deployment_is_there() -> None:
    assert set(SERVICES) == NEEDED


@pytest.mark.parametrize("name", PORTAL_SERVICES)
def test_a_process_starts_on_the_example_filled_in(name: str) -> None:
    done = run_under_production(["-c", "import django; django.setup()"], environment_of(name, filled_in()))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("password", ["POSTGRES_PASSWORD", "PORTAL_DATABASE_PASSWORD", "REDIS_PASSWORD"])
def test_compose_refuses_to_start_without_a_password(password: str) -> None:
    without = filled_in() | {password: ""}
    with pytest.raises(Refused, match=password):
        interpolated(json.dumps(SERVICES), without)


def test_the_portal_uses_its_own_role_and_never_sees_the_administrators_password() -> None:
    variables = filled_in()
    for name in PORTAL_SERVICES:
        given = environment_of(name, variables)
        assert given["DATABASE_URL"].startswith("postgres://portal:")
        assert variables["POSTGRES_PASSWORD"] not in given.values()


def test_servers_of_ones_own_replace_those_of_the_file() -> None:
    elsewhere = filled_in() | {"DATABASE_URL": "postgres://a:b@db/portal", "REDIS_URL": "rediss://r/0"}
    given = environment_of("web", elsewhere)
    assert (given["DATABASE_URL"], given["REDIS_URL"]) == ("postgres://a:b@db/portal", "rediss://r/0")


def test_no_secret_is_written_in_the_file() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key:
                assert value == "" or value.startswith("${"), f"{name}: {key}"
    assert not re.search(r"\$\{\w*(PASSWORD|KEY)\w*:-", DEPLOYED.read_text())
    assert not any(value for key, value in example().items() if key.endswith(("KEY", "PASSWORD", "_URL")))


@pytest.mark.parametrize("name", LASTING)
def test_every_service_says_whether_it_is_well(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(check)


def test_a_service_waits_for_what_it_needs() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            ends = SERVICES[other]["restart"] == "no"
            expected = "service_completed_successfully" if ends else "service_healthy"
            assert how["condition"] == expected, f"{name} → {other}"
    for name in ("web", "worker", "beat"):
        assert set(SERVICES[name]["depends_on"]) == {"postgres", "redis", "migrate"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_root_or_may_become_it(name: str) -> None:
    service = SERVICES[name]
    uid, gid = service["user"].split(":")
    assert int(uid) > 0
    assert int(gid) > 0
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_pinned_to_a_version(name: str) -> None:
    image, _, tag = interpolated(SERVICES[name]["image"], {"PORTAL_TAG": "7"}).rpartition(":")
    assert image
    assert tag.lstrip("v")[0].isdigit(), tag


def test_the_images_of_the_dockerfile_are_pinned_and_the_same() -> None:
    images = {rest.split()[0] for word, rest in instructions() if word == "FROM"}
    assert len(images) == 1
    assert images.pop().startswith("python:3.1")


def test_postgresql_is_recent_enough() -> None:
    assert int(SERVICES["postgres"]["image"].split(":")[1].split("-")[0]) >= LEAST_POSTGRES


def test_redis_never_drops_a_task_for_want_of_room() -> None:
    assert "--maxmemory-policy noeviction" in text_of(SERVICES["redis"]["command"])


def test_ports_open_on_this_machine_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert all("ports" not in SERVICES[name] for name in ("postgres", "redis"))


def test_the_databases_reach_nothing_outside() -> None:
    assert compose()["networks"]["data"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["data"]


def test_declared_volumes_are_used_and_used_ones_declared() -> None:
    named = {source for source, _ in mounts() if not source.startswith(".")}
    assert named == set(compose()["volumes"])


def test_declared_networks_are_used_and_used_ones_declared() -> None:
    used = {network for service in SERVICES.values() for network in service["networks"]}
    assert used == set(compose()["networks"])


def test_files_mounted_from_the_project_exist() -> None:
    for source, _ in mounts():
        assert not source.startswith(".") or (ROOT / source).is_file(), source


def test_received_files_land_on_the_volume() -> None:
    done = run_under_production(
        ["-c", "from django.conf import settings; print(settings.MEDIA_ROOT, end='')"],
        environment_of("web", filled_in()),
    )
    assert ("files", done.stdout) in mounts()


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate"])
def test_what_a_service_runs_exists(name: str) -> None:
    command = SERVICES[name].get("command") or image_command()
    if command[0] == "gunicorn":
        assert importlib.util.find_spec(command[1]) is not None
        assert "--preload" not in command
    elif command[0] == "celery":
        assert command[1:3] == ["--app", app.main]
        assert importlib.util.find_spec(f"{app.main}.celery") is not None
        assert command[3] in {"worker", "beat"}
    else:
        assert command[:2] == ["python", "manage.py"]
        assert command[2] in get_commands()


@pytest.mark.parametrize("name", ["web", "beat"])
def test_a_health_check_runs_a_script_of_the_image(name: str) -> None:
    python, script, argument = SERVICES[name]["healthcheck"]["test"][1:]
    assert (python, argument) == ("python", name)
    assert (ROOT / script).is_file()


def test_beats_scheduler_exists() -> None:
    command = SERVICES["beat"]["command"]
    module, _, name = command[command.index("--scheduler") + 1].partition(":")
    assert hasattr(importlib.import_module(module), name)


def test_there_is_one_beat() -> None:
    beats = [name for name, service in SERVICES.items() if "beat" in service.get("command", [])]
    assert beats == ["beat"]
    assert "deploy" not in SERVICES["beat"]
