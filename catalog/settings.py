"""The settings of the site, each read from the environment where it may differ from place to place."""

import os
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from catalog import environment
from catalog.accounts.issuer import issuer

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = environment.folder("REFORMS_VAR", default=BASE_DIR / "var")

# --- Where and how it runs ---

DEBUG = environment.is_on("REFORMS_DEBUG")
SECRET_KEY = environment.secret_key("REFORMS_SECRET_KEY", kept_in=VAR / "secret-key")
HAS_HTTPS = environment.is_on("REFORMS_HTTPS")
HAS_PROXY = environment.is_on("REFORMS_BEHIND_PROXY")
PROXY_COUNT = environment.whole_number("REFORMS_PROXY_COUNT", default=1, least=1, most=9)
PROXY_COUNT = PROXY_COUNT if HAS_PROXY else 0

LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]
HOST = os.environ.get("HOST", "").strip()
# 0.0.0.0 and :: are places to listen at, not names that a browser asks for.
SERVED_NAMES = [] if HOST in {"", "0.0.0.0", "::", "[::]"} else [HOST]
ALLOWED_HOSTS = environment.host_names(
    "REFORMS_ALLOWED_HOSTS", default=list(dict.fromkeys(LOOPBACK_NAMES + SERVED_NAMES))
)
CSRF_TRUSTED_ORIGINS = environment.origins("REFORMS_CSRF_TRUSTED_ORIGINS")

ROOT_URLCONF = "catalog.urls"
WSGI_APPLICATION = "catalog.wsgi.application"

# --- What it is made of ---

INSTALLED_APPS = [
    "reforms",
    "catalog.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "catalog",
]

MIDDLEWARE = [
    "catalog.middleware.bodiless_heads",
    "catalog.middleware.security_headers",
    "catalog.middleware.probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "catalog.middleware.staff_sessions",
    "catalog.middleware.LanguageOfAddress",
    "catalog.middleware.bounded_bodies",
    "catalog.middleware.unreadable_input",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last, as django-axes asks: it puts the refusal in the place of the log-in's answer.
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {
                "editors": "reforms.admin.dashboard",
                "kept": "reforms.admin.kept_forms",
            },
        },
    },
]

# --- Data ---

# ATOMIC_REQUESTS stays off: with IMMEDIATE every page view would take SQLite's write lock.
DATABASES = {"default": environment.database("DATABASE_URL", default=VAR / "catalog.sqlite3")}
DATABASE_ROUTERS = ["reforms.routing.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Files with the catalog as it stood at the end of a day: they can be deleted at any time.
SNAPSHOTS = VAR / "snapshots"
SNAPSHOTS_KEPT = environment.whole_number("REFORMS_SNAPSHOTS_KEPT", default=20, least=1, most=1000)

# --- Languages and times ---

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese (simplified)")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# The public pages have no language cookie; the admin's own stays within the admin.
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HAS_HTTPS
TIME_ZONE = environment.time_zone("REFORMS_TIME_ZONE", default="Asia/Shanghai")
USE_THOUSAND_SEPARATOR = False

# --- Static files ---

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = environment.folder("REFORMS_STATIC_ROOT", default=VAR / "static")
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# --- Accounts and sessions ---

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# The last two are asked for by some rules and discouraged by others: docs/accounts.md.
PASSWORD_COMPLEXITY = environment.is_on("REFORMS_PASSWORD_COMPLEXITY")
PASSWORD_MAXIMUM_DAYS = environment.whole_number(
    "REFORMS_PASSWORD_MAXIMUM_DAYS", default=0, least=0, most=3650
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "catalog.accounts.passwords.LengthAndChange"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    *([{"NAME": "catalog.accounts.passwords.KindsOfCharacters"}] if PASSWORD_COMPLEXITY else []),
    *(
        [{"NAME": "catalog.accounts.passwords.NotThePasswordBefore"}]
        if PASSWORD_MAXIMUM_DAYS
        else []
    ),
]
REQUIRE_TWO_FACTOR = environment.one_of(
    "REFORMS_REQUIRE_TWO_FACTOR", default="off", choices=("OFF", "ADMINISTRATORS", "EVERYONE")
).lower()
OTP_TOTP_ISSUER = issuer

# Wrong passwords and codes: the rules stand in catalog/accounts/limits.py.
AXES_HANDLER = "catalog.accounts.limits.LogInLimits"
AXES_FAILURE_LIMIT = "catalog.accounts.limits.tries"
AXES_LOCKOUT_CALLABLE = "catalog.accounts.limits.refusal"
AXES_CLIENT_IP_CALLABLE = "catalog.addresses.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# The longest wait: no failure counts longer.
AXES_COOLOFF_TIME = timedelta(hours=12)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 10_000
# What was typed is never kept, but for the name.
AXES_SENSITIVE_PARAMETERS = ["username", "code", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_IDLE_SECONDS = 60 * environment.whole_number(
    "REFORMS_SESSION_IDLE_MINUTES", default=30, least=1, most=24 * 60
)
SESSION_ABSOLUTE_SECONDS = 3600 * environment.whole_number(
    "REFORMS_SESSION_HOURS", default=12, least=1, most=24 * 14
)
SESSION_ENGINE = "catalog.sessions"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HAS_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HAS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "reforms.admin.kept_forms.refuse_form"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# --- Editing ---

# Off: a second person publishes. On: a Publisher's own changes need nobody else.
PUBLISH_OWN_CHANGES = environment.is_on("REFORMS_PUBLISH_OWN_CHANGES")
# Histories are read row by row, never by date; whoever writes a reason may write more than a line.
SIMPLE_HISTORY_DATE_INDEX = False
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- Forms that anybody may send ---

# How many reports are taken from one network address, and from all together, before the rest wait.
REPORTS_PER_HOUR = environment.whole_number(
    "REFORMS_REPORTS_PER_HOUR", default=10, least=1, most=10_000
)
REPORTS_PER_DAY = environment.whole_number(
    "REFORMS_REPORTS_PER_DAY", default=50, least=1, most=100_000
)
ALL_REPORTS_PER_HOUR = environment.whole_number(
    "REFORMS_ALL_REPORTS_PER_HOUR", default=300, least=1, most=100_000
)

# --- Mail ---

globals().update(environment.mail("REFORMS_MAIL"))
DEFAULT_FROM_EMAIL = os.environ.get("REFORMS_MAIL_FROM", "").strip() or "catalog@localhost"
# Where mail leads to: without it, mail names pages without their host.
SITE_ADDRESS = environment.site_address("REFORMS_ADDRESS")

# --- Security headers ---

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HAS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HAS_HTTPS else 0
# Trusted only where REFORMS_BEHIND_PROXY says that a proxy in front sets it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HAS_PROXY else None
USE_X_FORWARDED_HOST = False

# --- Limits on what a request may bring ---

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# The largest body of a request: a file of 20 MB with the form around it.
MAX_REQUEST_BYTES = 25 * 1024 * 1024

# --- What is written down ---

LOG_LEVEL = environment.one_of(
    "REFORMS_LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_traceback": {"()": "catalog.logs.WithoutTraceback"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        # Any stranger can send such a request: it is worth a line, not a traceback.
        "django.security.DisallowedHost": {"filters": ["without_traceback"]},
        "reforms": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
    },
}

if HAS_HTTPS and DEBUG:
    raise ImproperlyConfigured(
        "REFORMS_DEBUG and REFORMS_HTTPS are both on; turn REFORMS_DEBUG off on a served site."
    )
