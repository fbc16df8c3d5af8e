"""Production as it is, but for what lets several runs share one Redis and no static file be collected."""

import os

from portal.settings.production import *  # noqa: F403
from portal.settings.production import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS

OURS = os.environ["OUR_KEYS"]  # every key of this run begins with it
CACHES["default"]["KEY_PREFIX"] = OURS
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = OURS
EMAIL_TIMEOUT = 2
if os.environ.get("SMS_AT"):  # a provider of the tests, without TLS
    SMS_GATEWAY, SMS_HTTPS_URL, SMS_HTTPS_TOKEN = "https", os.environ["SMS_AT"], "jeton-des-essais"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
