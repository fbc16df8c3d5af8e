"""The WSGI application: gunicorn portal.wsgi. Refuses to start when a page of a site has no rule."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")
application = get_wsgi_application()

from portal.access.checks import refuse_to_start_without_rules  # noqa: E402
from portal.celery import app as celery_app  # noqa: E402, F401  shared_task finds its application

refuse_to_start_without_rules()
