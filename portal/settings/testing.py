"""What the tests run on: embedded, or the servers that DATABASE_URL and REDIS_URL name."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="portal-tests-"))

from environs import Env

from portal.settings.embedded import *  # noqa: F403
from portal.settings.embedded import DATABASES, VAR_DIR

env = Env()
VAR_DIR = Path(VAR_DIR)
if env.str("DATABASE_URL", ""):
    DATABASES["default"] = dict(env.dj_db_url("DATABASE_URL"))
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
REDIS_URL = env.str("REDIS_URL", "")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CACHES = {"default": {"BACKEND": "portal.web.caching.ForgivingRedisCache", "LOCATION": REDIS_URL}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
