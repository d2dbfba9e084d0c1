"""The settings of the site, each read from the environment where it may differ from place to place."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from catalog import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = environment.folder("REFORMS_VAR", default=BASE_DIR / "var")

# --- Where and how it runs ---

DEBUG = environment.is_on("REFORMS_DEBUG")
SECRET_KEY = environment.secret_key("REFORMS_SECRET_KEY", kept_in=VAR / "secret-key")
HAS_HTTPS = environment.is_on("REFORMS_HTTPS")
HAS_PROXY = environment.is_on("REFORMS_BEHIND_PROXY")

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
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
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
    "catalog.middleware.unreadable_input",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
        },
    },
]

# --- Data ---

# ATOMIC_REQUESTS stays off: with IMMEDIATE every page view would take SQLite's write lock.
DATABASES = {"default": environment.database("DATABASE_URL", default=VAR / "catalog.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
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
LOGIN_URL = "admin:login"

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
