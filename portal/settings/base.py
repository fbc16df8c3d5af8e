"""What embedded and production share. Nothing here depends on where the portal runs."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

django_stubs_ext.monkeypatch()  # generic classes such as FormView[...] exist at run time too

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# --- what runs ---------------------------------------------------------------
EMBEDDED = False
DEBUG = False
INSTALLED_APPS = [
    "portal",
    "portal.journal",
    "portal.messaging",
    "portal.codes",
    "portal.limits",
    "portal.sessions",
    "portal.imports",
    "portal.home",
    "portal.holidays",
    "adherents",
    "delegations",
    "accounts",
    "employees",
    "intemperies",
    "documents",
    "contact",
    "portal.demo",
    "portal.administration.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "heroicons",
]
MIDDLEWARE = [
    # Outside what answers by itself (https redirect, static file, 413): every answer bears their headers.
    "portal.logs.request_id.RequestIdMiddleware",
    "portal.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.web.caching.NoStoreMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.web.methods.MethodsMiddleware",
    "portal.web.bodies.BodySizeMiddleware",
    "portal.web.sessions.TwoCookiesSessionMiddleware",
    "portal.sessions.life.SessionLifeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.web.mailed_links.MailedLinksMiddleware",
    "portal.access.sign_in_first.SignInFirstMiddleware",
    "accounts.second_factor.gate.StaffSecondFactorGate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "contact.gate.TermsGate",
    "accounts.certification_gate.CertificationGate",
    "delegations.middleware.SiteMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- pages -------------------------------------------------------------------
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.frame.frame",
            ],
            "builtins": ["portal.templatetags.french"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.web.static_files.RememberingStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- French, Paris -----------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# --- people ------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "delegations.backend.DelegationBackend",
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "delegations:choice"
PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthAndClasses"},
    {"NAME": "accounts.passwords.NotAboutThePerson"},
    {"NAME": "accounts.passwords.NotObvious"},
]
PASSWORD_RESET_TIMEOUT = 3600  # R19: one hour

# --- sessions, cookies, headers ----------------------------------------------
# Not behind the cache: a sign-out while Redis is away must hold when it comes back (R32).
SESSION_ENGINE = "portal.sessions.store"
SESSION_COOKIE_NAME = "session"
STAFF_SESSION_COOKIE_NAME = "staff-session"
SIGNED_OUT_COOKIE_NAME = "signed-out"  # says so to the sign-in page, once: there is no session to keep it in
SESSION_COOKIE_AGE = 10 * 3600  # product.md 9: ten hours at most
# Minutes without a request, hours in all (R30): of people, and of staff.
SESSION_LIMITS = (30, 10)
STAFF_SESSION_LIMITS = (15, 8)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# A stop's hours are a field an employee and day, four weeks a page: 500 employees send 14,000, and the lines
# above them. A body is refused above 3 MiB before anything of it is counted (portal.web.bodies).
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# How many proxies of ours stand before the portal; 0: the connection's own address counts (R10).
TRUSTED_PROXY_COUNT = 0

# --- background work ---------------------------------------------------------
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a worker that dies holds back no task that it had not begun
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # the outbox is swept: a request never waits for the broker

# --- the rules' own figures --------------------------------------------------
PROVISIONAL_CODE_DAYS = 21  # R15: 30 at most, checked at start
# After a printing: until then nobody's request voids the code in the post; one that was itself printed on
# request is voided by none as long as it serves (accounts.code_requests).
CODE_ON_ITS_WAY_DAYS = 7
ACTIVATION_LINK_HOURS = 24  # R18
INVITATION_LINK_DAYS = 7  # product.md 6.3
ADDRESS_CONFIRMATION_HOURS = 24  # R18
ADDRESS_CANCELLATION_DAYS = 7  # product.md 4.1
CERTIFICATION_MONTHS = 12  # product.md 4.4
CERTIFICATION_NOTICE_DAYS = (30, 7)  # before the last day
CERTIFICATION_LINK_DAYS = 7  # after the last day
CERTIFICATION_LINK_HOURS = 24  # at least, for one sent when the last day is long past
FIRM_ANSWER_DAYS = 30  # how long a company may leave its firm unanswered (product.md 6.3)
UNACTIVATED_OPENING_DAYS = 7  # product.md 3.3
MOBILE_CERTIFICATION_MONTHS = 12

# --- SMS ---------------------------------------------------------------------
SMS_GATEWAY = ""  # none: « Certifier » is not offered
SMS_SENDER = ""
SMS_HTTPS_URL = ""
SMS_HTTPS_TOKEN = ""
SMS_HTTPS_NUMBER_FIELD = "to"
SMS_HTTPS_TEXT_FIELD = "text"
SMS_HTTPS_SENDER_FIELD = "from"
SMS_HTTPS_REFERENCE_FIELD = "id"
SMS_OVH_ENDPOINT = "ovh-eu"
SMS_OVH_SERVICE = ""
SMS_OVH_APPLICATION_KEY = ""
SMS_OVH_APPLICATION_SECRET = ""
SMS_OVH_CONSUMER_KEY = ""
# Calling codes of France and its overseas lands (R43): 262 Réunion and Mayotte, 508 Saint-Pierre-et-Miquelon,
# 590 Guadeloupe and its isles, 594 Guyane, 596 Martinique, 681 Wallis-et-Futuna, 687 and 689 in the Pacific.
SMS_COUNTRIES = [33, 262, 508, 590, 594, 596, 681, 687, 689]
SMS_HOURLY_BUDGET = 200  # R42: beyond it nothing is sent for an hour, and staff are told

# What an error report would hold, should anybody plug one in: no request, no local variable (R75).
DEFAULT_EXCEPTION_REPORTER = "portal.logs.error_reports.BareReporter"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.logs.lines.Redacting"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": []},  # else Django would mail its reports to ADMINS
        "django.server": {"handlers": ["console"], "propagate": False},
        # gunicorn's handlers write addresses as they came.
        "gunicorn.error": {"handlers": ["console"], "propagate": False},
        # portal.logs.task_lines says the same in one line; failures still come from these.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        # Robots that call us by another name: answered 400, not worth a traceback each.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
