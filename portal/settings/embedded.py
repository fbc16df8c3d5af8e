"""No server at all: SQLite files under VAR_DIR, a broker in another SQLite file, mails as files.

Reads PORT (8000) and VAR_DIR (var) from the environment, so that several can run side by side.
"""

import contextlib
import os
import secrets
from pathlib import Path

from portal.caisse import Caisse
from portal.settings.base import *  # noqa: F403

EMBEDDED = True
PORT = int(os.environ.get("PORT", "8000"))
VAR_DIR = Path(os.environ.get("VAR_DIR", "var")).resolve()
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds mails, letters and keys


def kept_secret(name: str) -> str:
    """A secret made once for this VAR_DIR and kept in a file that only its owner reads."""
    path = VAR_DIR / f"{name}.secret"
    if not path.exists():
        partial = VAR_DIR / f".{name}.{os.getpid()}"
        partial.touch(mode=0o600)
        partial.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(partial, path)  # the first of several processes decides
        partial.unlink()
    return path.read_text()


SECRET_KEY = kept_secret("signing")
CODE_KEY = kept_secret("codes")
SECOND_FACTOR_KEYS = [kept_secret("second-factor")]
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
PORTAL_ORIGIN = f"http://localhost:{PORT}"
CSRF_TRUSTED_ORIGINS = [PORTAL_ORIGIN]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "portal.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL",
        },
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
CELERY_BROKER_URL = f"sqla+sqlite:///{VAR_DIR / 'broker.sqlite3'}"
CELERY_BROKER_TRANSPORT_OPTIONS = {"connect_args": {"timeout": 20}}
# A broker in a file has no host: kombu would warn of it at each start.
LOGGING["loggers"]["kombu.connection"] = {"level": "ERROR"}

EMAIL_BACKEND = "portal.messaging.folder.FolderBackend"
OUTBOX_DIR = VAR_DIR / "outbox"
SMS_GATEWAY = "file"
DEFAULT_FROM_EMAIL = "Caisse de démonstration <ne-pas-repondre@caisse-demo.example>"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "files"
WHITENOISE_ROOT = None
# http://localhost has no TLS: the checks that ask for it belong to production.
SILENCED_SYSTEM_CHECKS = [f"security.W{n:03}" for n in (4, 8, 12, 16)]

CAISSE = Caisse(
    name="Caisse congés intempéries BTP de démonstration",
    address=("12 rue des Compagnons", "CS 10000", "54000 NANCY"),
    circumscription="Ardennes, Aube, Marne, Meuse, Meurthe-et-Moselle, Moselle, Vosges",
    phone="03 83 00 00 00",
    hours="du lundi au vendredi, de 8 h 30 à 12 h et de 13 h 30 à 17 h",
    email="contact@caisse-demo.example",
    logo="",
)
