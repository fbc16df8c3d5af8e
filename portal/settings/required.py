"""Reading what production must be given, and refusing to start in one sentence otherwise (R90)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

DEFAULTS_REFUSED = {"changeme", "change-me", "secret", "password", "default", "example"}
SECRET_LENGTH = 40


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

    def secret(self, name: str) -> str:
        """A random value of at least 40 characters (10 different ones)."""
        value = self.text(name)
        weak = len(value) < SECRET_LENGTH or len(set(value)) < 10 or "insecure" in value
        if value and value.lower() not in DEFAULTS_REFUSED and weak:
            self.faults.append(f"{name} must be {SECRET_LENGTH} random characters at least")
        return value

    def origin(self, name: str) -> str:
        """The public address, as https://host, without a path: links in mails start with it."""
        value = self.text(name).rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme != "https" or not parts.hostname or parts.path):
            self.faults.append(f"{name} must read https://host, without a path")
        return value

    def postgresql(self, name: str) -> dict[str, Any]:
        """The database's settings from postgres://user:password@host:port/name."""
        if self._wrong_scheme(name, self.text(name), ("postgres", "postgresql")):
            return {}
        settings: dict[str, Any] = dict(self.env.dj_db_url(name, conn_max_age=60))
        settings["CONN_HEALTH_CHECKS"] = True
        return settings

    def redis(self, name: str) -> str:
        """The address of Redis, as redis:// or rediss://."""
        value = self.text(name)
        self._wrong_scheme(name, value, ("redis", "rediss"))
        return value

    def smtp(self, name: str) -> dict[str, Any]:
        """Django's EMAIL_* settings from smtp://, smtp+tls:// or smtp+ssl://user:password@host:port."""
        value = self.text(name)
        if self._wrong_scheme(name, value, ("smtp", "smtp+tls", "smtps", "smtp+ssl", "submission")):
            return {}
        parsed = dict(self.env.dj_email_url(name))
        parsed.pop("EMAIL_BACKEND", None)
        return {key: item for key, item in parsed.items() if key.startswith("EMAIL_") and key.isupper()}

    def days(self, name: str, *, default: int, most: int) -> int:
        """A number of days from 1 to `most`."""
        value = self.env.int(name, default)
        if not 1 <= value <= most:
            self.faults.append(f"{name} must lie between 1 and {most} days")
        return value

    def _wrong_scheme(self, name: str, value: str, schemes: tuple[str, ...]) -> bool:
        if value and urlsplit(value).scheme not in schemes:
            self.faults.append(f"{name} must start with {schemes[0]}://")
            return True
        return not value

    def refuse_if_incomplete(self) -> None:
        """Raise ImproperlyConfigured with one sentence when anything is at fault."""
        if self.faults:
            raise ImproperlyConfigured(f"The portal does not start: {'; '.join(self.faults)}.")
