"""The ASGI application. Refuses to start when a page of a site has no rule.

DJANGO_SETTINGS_MODULE has no default here: nothing is served under the embedded settings by oversight.
"""

from django.core.asgi import get_asgi_application

application = get_asgi_application()

from portal.access.checks import refuse_to_start_without_rules  # noqa: E402

refuse_to_start_without_rules()
