"""Reading what production must be given, and refusing to start in one sentence otherwise (R90)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError

DEFAULTS_REFUSED = {"changeme", "change-me", "secret", "password", "default", "example"}
SECRET_LENGTH = 50  # as Django’s own deployment check asks
# Scheme of EMAIL_URL: (STARTTLS, TLS from the first byte, port by default).
SMTP = {
    "smtp": (False, False, 25),
    "smtp+tls": (True, False, 587),
    "submission": (True, False, 587),
    "smtp+ssl": (False, True, 465),
    "smtps": (False, True, 465),
}


class Required:
    """Collects what is missing or wrong, so that the refusal names everything at once."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.faults: list[str] = []

    def text(self, name: str) -> str:
        """A value that must be given and not be left at a default."""
        value = self.env.str(name, "").strip()
        if not value:
            self.faults.append(f"{name} is missing")
        elif value.lower() in DEFAULTS_REFUSED:
            self.faults.append(f"{name} is left at a default")
        return value

    def text_if(self, name: str, asked: bool, *, default: str) -> str:
        """A value that must be given when another setting asks for it."""
        return self.text(name) if asked else self.env.str(name, "").strip() or default

    def choice(self, name: str, choices: Sequence[str], *, default: str) -> str:
        """One of these values; empty means the default."""
        value = self.env.str(name, "").strip()
        if value and value not in choices:
            self.faults.append(f"{name} must be one of: {', '.join(choices)}")
        return value or default

    def numbers(self, name: str, *, default: Sequence[int]) -> list[int]:
        """Whole numbers separated by commas; empty means the default."""
        try:
            return [int(part) for part in self.env.str(name, "").split(",") if part.strip()] or list(default)
        except ValueError:
            self.faults.append(f"{name} must be whole numbers separated by commas")
            return list(default)

    def secret(self, name: str) -> str:
        """A random value of at least 50 characters (10 different ones)."""
        value = self.text(name)
        if value and value.lower() not in DEFAULTS_REFUSED and _is_weak(value):
            self.faults.append(f"{name} must be {SECRET_LENGTH} random characters at least")
        return value

    def secrets(self, name: str) -> list[str]:
        """One such value or several, comma-separated: the first seals, all of them open."""
        whole = self.text(name)
        values = [value.strip() for value in whole.split(",")]
        if whole and whole.lower() not in DEFAULTS_REFUSED and any(map(_is_weak, values)):
            self.faults.append(
                f"{name} must be {SECRET_LENGTH} random characters at least, or several such keys"
            )
        return values

    def origin(self, name: str) -> str:
        """The public address, as https://host, without a path: links in mails start with it."""
        value = self.text(name).rstrip("/")
        parts = _split(value)
        if parts and parts.hostname and value == f"https://{parts.netloc}" and "@" not in value:
            return value
        if value:
            self.faults.append(f"{name} must read https://host, without a path")
        return ""

    def report_address(self, name: str, *, default: str) -> str:
        """Where others send or are sent to, as https://host/path; it may become a part of a header."""
        value = self.env.str(name, "").strip() or default
        parts = _split(value)
        whole = parts and parts.scheme == "https" and parts.hostname and "@" not in value
        if value and (not whole or set(value) & set(" ;,\"'")):
            self.faults.append(f"{name} must read https://host/path")
        return value

    def address_if(self, name: str, asked: bool, *, default: str) -> str:
        """Where requests are sent, as https://host/path; must be given when another setting asks for it."""
        if asked and not self.text(name):
            return default
        return self.report_address(name, default=default)

    def postgresql(self, name: str) -> dict[str, Any]:
        """The database's settings from postgres://user:password@host:port/name."""
        parts = self._address(name, ("postgres", "postgresql"))
        if parts is None:
            return {}
        if not parts.path.strip("/"):
            self.faults.append(f"{name} must name a database: postgres://user:password@host:port/name")
            return {}
        settings: dict[str, Any] = dict(self.env.dj_db_url(name, conn_max_age=60))
        settings["CONN_HEALTH_CHECKS"] = True
        return settings

    def redis(self, name: str) -> str:
        """The address of Redis, as redis:// or rediss://."""
        self._address(name, ("redis", "rediss"))
        return self.env.str(name, "").strip()

    def smtp(self, name: str) -> dict[str, Any]:
        """Django's EMAIL_* settings from smtp://, smtp+tls:// or smtp+ssl://user:password@host:port.

        A password is never sent in clear: with one, the address asks for TLS.
        """
        parts = self._address(name, tuple(SMTP))
        if parts is None:
            return {}
        starttls, tls, port = SMTP[parts.scheme]
        if parts.password and not (starttls or tls):
            self.faults.append(f"{name} would send its password in clear: use smtp+tls:// or smtp+ssl://")
        return {
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or port,
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_TLS": starttls,
            "EMAIL_USE_SSL": tls,
        }

    def days(self, name: str, *, default: int, most: int) -> int:
        """A number of days from 1 to `most`."""
        value = self._whole(name, default)
        if not 1 <= value <= most:
            self.faults.append(f"{name} must lie between 1 and {most} days")
        return value

    def count(self, name: str, *, default: int) -> int:
        """A whole number, zero included."""
        value = self._whole(name, default)
        if value < 0:
            self.faults.append(f"{name} must be zero or more")
        return value

    def switch(self, name: str, *, default: bool) -> bool:
        """True or false; empty means the default."""
        try:
            return self.env.bool(name, default) if self.env.str(name, "") else default
        except EnvValidationError:
            self.faults.append(f"{name} must be true or false")
            return default

    def _whole(self, name: str, default: int) -> int:
        try:
            return self.env.int(name, default) if self.env.str(name, "") else default
        except EnvValidationError:
            self.faults.append(f"{name} must be a whole number")
            return default

    def _address(self, name: str, schemes: Sequence[str]) -> SplitResult | None:
        """The parts of a server's address; None, and a fault, for anything that cannot be one."""
        value = self.text(name)
        if not value or value.lower() in DEFAULTS_REFUSED:
            return None
        parts = _split(value)
        if value.split("://", 1)[0] not in schemes:
            self.faults.append(f"{name} must start with {schemes[0]}://")
        elif parts is None or not parts.hostname:
            self.faults.append(f"{name} must name a host, and a port only in figures")
        elif (parts.password or "").lower() in DEFAULTS_REFUSED:
            self.faults.append(f"{name} bears a default password")
        else:
            return parts
        return None

    def refuse_if_incomplete(self) -> None:
        """Raise ImproperlyConfigured with one sentence when anything is at fault."""
        if self.faults:
            raise ImproperlyConfigured(f"The portal does not start: {'; '.join(self.faults)}.")


def _is_weak(value: str) -> bool:
    return len(value) < SECRET_LENGTH or len(set(value)) < 10 or "insecure" in value


def _split(address: str) -> SplitResult | None:
    """The parts of an address, or None when it has no shape of one."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # only read here: a port that is no number raises
    except ValueError:
        return None
    return parts
