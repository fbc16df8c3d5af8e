"""docker-compose.yml and Dockerfile as data: what Docker would make of them, without Docker."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.deploy_check import ROOT

PORTAL_SERVICES = ("web", "worker", "beat", "migrate")
DEPLOYED = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "Dockerfile"


class Refused(Exception):
    """A variable that the file demands (`${NAME:?…}`) is empty."""


def compose() -> dict[str, Any]:
    """The file as YAML gives it, anchors and merges resolved."""
    loaded: dict[str, Any] = yaml.safe_load(DEPLOYED.read_text())
    return loaded


SERVICES_OF_IMAGE: list[dict[str, Any]] = [compose()["services"][name] for name in PORTAL_SERVICES]


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """The text as Compose reads it: `$$`, `${NAME}`, `${NAME:-default}`, `${NAME:?refusal}`, nested."""
    result, rest = "", text
    while "$" in rest:
        before, rest = rest.split("$", 1)
        result += before
        if rest.startswith("$"):
            result, rest = result + "$", rest[1:]
            continue
        end = _closing(rest)
        result += _value(rest[1:end], variables)
        rest = rest[end + 1 :]
    return result + rest


def _closing(text: str) -> int:
    """Where the brace that opens the text closes."""
    assert text.startswith("{"), text
    depth = 0
    for place, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return place
    raise AssertionError(f"no closing brace in {text}")


def _value(inside: str, variables: Mapping[str, str]) -> str:
    found = re.fullmatch(r"([A-Z_]+)(?::([-?])(.*))?", inside, re.DOTALL)
    assert found, inside
    name, kind, rest = found.groups()
    value = variables.get(name, "")
    if value or kind is None:
        return value
    if kind == "?":
        raise Refused(name)
    return interpolated(rest, variables)


def environment_of(name: str, variables: Mapping[str, str]) -> dict[str, str]:
    """What a service is given: the .env file where it asks for it, then its own variables over it."""
    service = compose()["services"][name]
    given = dict(variables) if service.get("env_file") == ".env" else {}
    own = service.get("environment", {})
    return given | {key: interpolated(str(value), variables) for key, value in own.items()}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def image_command() -> list[str]:
    """What the image runs when the service names no command."""
    return json.loads(next(rest for word, rest in instructions() if word == "CMD"))  # type: ignore[no-any-return]
