"""Django's settings, derived from the typed configuration in `alerts.conf`."""

import os
from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from alerts.conf import ConfigurationError, Environment, alerts_settings
from alerts.domain.languages import Language
from alerts.domain.states import (
    AcknowledgementEnd,
    Channel,
    ContactState,
    DeliveryState,
    IncidentState,
    MeetupKind,
    MeetupOutcome,
    MeetupState,
    Purpose,
    TimerKind,
    TimerState,
    Trigger,
)
from alerts.pages.masking import mask_event

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    ALERTS = alerts_settings()
    ENVIRONMENT = Environment(os.environ)
    DATABASE_URL = ENVIRONMENT.required("DATABASE_URL")
    CELERY_BROKER_URL = ENVIRONMENT.required("CELERY_BROKER_URL")
except ConfigurationError as error:
    raise ImproperlyConfigured(str(error)) from error

DEBUG = False
SECRET_KEY = ALERTS.secret_key
ALLOWED_HOSTS = ["*"] if ALERTS.is_loopback else [environ.urlparse(ALERTS.public_url).hostname]
ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "csp",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pgtrigger",
    "rest_framework",
    "alerts",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "backend.outages.AnswerOutages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["alerts.pages.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# --- database -------------------------------------------------------------------------------

STATEMENT_TIMEOUT_MS = 15_000


def read_database(url: str) -> dict[str, Any]:
    """Return the connection settings: kept open, time-outs on connecting and on statements."""
    database: dict[str, Any] = environ.Env.db_url_config(url)
    database["CONN_MAX_AGE"] = None
    database["CONN_HEALTH_CHECKS"] = True
    database.setdefault("OPTIONS", {}).update(
        {
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=10000",
            "server_side_binding": True,
            "prepare_threshold": 1,
        }
    )
    return database


DATABASES = {"default": read_database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# --- people ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "alerts.User"
KNOX_TOKEN_MODEL = "alerts.Session"  # noqa: S105 - the name of a table
# Its migrations would make a token table that nobody uses: ours takes its place.
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False, "TOKEN_MODEL": "alerts.Session"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# --- API ------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["alerts.api.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["alerts.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "alerts.api.schema.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "alerts.api.errors.answer_problem",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Vigie",
    "DESCRIPTION": "Check-in timers, trusted contacts, incidents.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": False,  # XIn and XOut are different shapes already
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        enumeration.__name__: [member.value for member in enumeration]
        for enumeration in (
            AcknowledgementEnd,
            Channel,
            ContactState,
            DeliveryState,
            IncidentState,
            Language,
            MeetupKind,
            MeetupOutcome,
            MeetupState,
            Purpose,
            TimerKind,
            TimerState,
            Trigger,
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

# --- languages and time ---------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# --- Celery ---------------------------------------------------------------------------------

CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "visibility_timeout": 60,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]

# --- what browsers are told -----------------------------------------------------------------

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if ALERTS.is_loopback else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_SSL_REDIRECT = not ALERTS.is_loopback
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|alertz|metrics)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_COOKIE_SECURE = not ALERTS.is_loopback
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone with the browser: it is somebody else's phone
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [ALERTS.public_url]
CSRF_FAILURE_VIEW = "alerts.pages.errors.answer_forgery"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
}

# --- e-mail ---------------------------------------------------------------------------------

if ALERTS.email_url:
    EMAIL = environ.Env.email_url_config(ALERTS.email_url)
    vars().update(EMAIL)
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ALERTS.default_from_email

# --- logs: ids and counts, never names, numbers, places or texts ----------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask_tokens": {"()": "alerts.pages.masking.MaskTokens"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["mask_tokens"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        mask_event,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
