"""The portal's, with django-guardian's tables beside ours; tasks that are asked for go nowhere."""

from bench.portal_settings import *  # noqa: F403
from bench.portal_settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "guardian"]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # its backend is asked by name, not through Django's list
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
