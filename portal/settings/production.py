"""PostgreSQL, Redis and SMTP, all from the environment; refuses to start when one is missing.

The refusal is a sentence that names every variable at fault at once (R90).
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env

from portal.caisse import Caisse
from portal.settings import base
from portal.settings.base import *  # noqa: F403
from portal.settings.required import Required

env = Env()
required = Required(env)

SECRET_KEY = required.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
CODE_KEY = required.secret("CODE_KEY")
SECOND_FACTOR_KEYS = required.secrets("SECOND_FACTOR_KEYS")
PORTAL_ORIGIN = required.origin("PORTAL_ORIGIN")
ALLOWED_HOSTS = [urlsplit(PORTAL_ORIGIN).hostname or ""]
CSRF_TRUSTED_ORIGINS = [PORTAL_ORIGIN]
TRUSTED_PROXY_COUNT = required.count("TRUSTED_PROXY_COUNT", default=1)

DATABASES: dict[str, Any] = {"default": required.postgresql("DATABASE_URL")}
REDIS_URL = required.redis("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "portal.web.caching.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,  # a page that mails waits no longer for a Redis that hangs
    "retry_on_timeout": False,
    "max_retries": 0,
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
for _name, _value in required.smtp("EMAIL_URL").items():
    globals()[_name] = _value
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = required.text("DEFAULT_FROM_EMAIL")

SMS_GATEWAY = required.choice("SMS_GATEWAY", ("https", "ovh"), default="")
SMS_SENDER = env.str("SMS_SENDER", "").strip()
SMS_COUNTRIES = required.numbers("SMS_COUNTRIES", default=base.SMS_COUNTRIES)
SMS_HOURLY_BUDGET = required.count("SMS_HOURLY_BUDGET", default=base.SMS_HOURLY_BUDGET)
_https, _ovh = SMS_GATEWAY == "https", SMS_GATEWAY == "ovh"
SMS_HTTPS_URL = required.address_if("SMS_HTTPS_URL", _https, default="")
SMS_HTTPS_TOKEN = required.text_if("SMS_HTTPS_TOKEN", _https, default="")
SMS_HTTPS_NUMBER_FIELD = env.str("SMS_HTTPS_NUMBER_FIELD", "") or base.SMS_HTTPS_NUMBER_FIELD
SMS_HTTPS_TEXT_FIELD = env.str("SMS_HTTPS_TEXT_FIELD", "") or base.SMS_HTTPS_TEXT_FIELD
SMS_HTTPS_SENDER_FIELD = env.str("SMS_HTTPS_SENDER_FIELD", "") or base.SMS_HTTPS_SENDER_FIELD
SMS_HTTPS_REFERENCE_FIELD = env.str("SMS_HTTPS_REFERENCE_FIELD", "") or base.SMS_HTTPS_REFERENCE_FIELD
SMS_OVH_ENDPOINT = required.choice("SMS_OVH_ENDPOINT", ("ovh-eu", "ovh-ca", "ovh-us"), default="ovh-eu")
SMS_OVH_SERVICE = required.text_if("SMS_OVH_SERVICE", _ovh, default="")
SMS_OVH_APPLICATION_KEY = required.text_if("SMS_OVH_APPLICATION_KEY", _ovh, default="")
SMS_OVH_APPLICATION_SECRET = required.text_if("SMS_OVH_APPLICATION_SECRET", _ovh, default="")
SMS_OVH_CONSUMER_KEY = required.text_if("SMS_OVH_CONSUMER_KEY", _ovh, default="")

STATIC_ROOT = env.path("STATIC_ROOT", Path("/srv/portal/static"))
MEDIA_ROOT = env.path("MEDIA_ROOT", Path("/srv/portal/files"))

CAISSE = Caisse(
    name=required.text("CAISSE_NAME"),
    address=tuple(required.text("CAISSE_ADDRESS").split("|")),
    circumscription=required.text("CAISSE_CIRCUMSCRIPTION"),
    phone=required.text("CAISSE_PHONE"),
    hours=required.text("CAISSE_HOURS"),
    email=required.text("CAISSE_EMAIL"),
    logo=env.str("CAISSE_LOGO", ""),
)
PROVISIONAL_CODE_DAYS = required.days("PROVISIONAL_CODE_DAYS", default=21, most=30)

SESSION_COOKIE_NAME = "__Host-session"
STAFF_SESSION_COOKIE_NAME = "__Host-staff-session"
SIGNED_OUT_COOKIE_NAME = "__Host-signed-out"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = required.switch("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
CSP_REPORT_URI = required.report_address("CSP_REPORT_URI", default="")
_reports = {"report-uri": [CSP_REPORT_URI]} if CSP_REPORT_URI else {}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": base.CONTENT_SECURITY_POLICY["DIRECTIVES"] | _reports}

LOGGING = base.LOGGING | {"formatters": {"line": {"()": "portal.logs.lines.JsonLines"}}}

required.refuse_if_incomplete()
