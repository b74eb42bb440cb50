"""Settings: safe defaults for one machine; a server is described by environment variables alone.

EMBEDDED=0         a server: SECRET_KEY and ALLOWED_HOSTS must be given, static files collected
SECRET_KEY         embedded: made once and kept in var/secret_key
ALLOWED_HOSTS      embedded: localhost,127.0.0.1,[::1]
HTTPS=1            secure cookies, redirect, HSTS
PROXIES            how many proxies stand in front and set X-Forwarded-For and -Proto; default 0
DATABASE_URL       default SQLite in var/; postgres://user:password@host:5432/name
CELERY_BROKER_URL  redis://...: background tasks go to Celery workers, and the cache to this Redis
CACHE_URL          a Redis of its own for the cache
EMAIL_URL          smtp+tls://user:password@host:587; default: messages go to the console
EMAIL_FROM         the sender of those messages
UPLOAD_MAX_MB      largest file taken in; default 200
VAR_DIR            where database, files and key live; default var/
LOG_FORMAT         console or json; LOG_LEVEL INFO
DEBUG=1            for developers only
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from mel import VERSION
from mel.environment import (
    database,
    embedded_secret_key,
    env,
    listed,
    one_of,
    required,
    switch,
    text,
    whole,
)
from mel.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(text("VAR_DIR", "var")).expanduser()
VAR_DIR = VAR_DIR if VAR_DIR.is_absolute() else BASE_DIR / VAR_DIR
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"VAR_DIR {VAR_DIR} cannot be used as a folder: {error}") from error

APP_VERSION = VERSION
EMBEDDED = switch("EMBEDDED", True)
DEBUG = switch("DEBUG")
HTTPS = switch("HTTPS")
PROXIES = whole("PROXIES", 0)

if EMBEDDED:
    SECRET_KEY = text("SECRET_KEY") or embedded_secret_key(VAR_DIR / "secret_key")
    ALLOWED_HOSTS = listed(text("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"))
else:
    SECRET_KEY = required("SECRET_KEY", "a server (EMBEDDED=0) needs 50 or more random characters.")
    ALLOWED_HOSTS = required("ALLOWED_HOSTS", "name the site, for example mel.example.org").split(
        ","
    )

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "import_export",
    "django_htmx",
    "csp",
    "indicators",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # A view is closed unless it says @login_not_required: forgetting is safe.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "mel.middleware.renew_session",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "mel.urls"
WSGI_APPLICATION = "mel.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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

DATABASES = {"default": database(VAR_DIR / "db.sqlite3")}

MEDIA_ROOT = VAR_DIR / "files"  # has no address: files leave only through a view that checks rights
# Embedded, files are served as they lie in the app; a server collects them under hashed names.
WHITENOISE_USE_FINDERS = EMBEDDED or DEBUG
STATIC_ROOT = None if WHITENOISE_USE_FINDERS else BASE_DIR / "staticfiles"
STATIC_URL = "static/"
STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED_STATIC_FILES = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_FILES if WHITENOISE_USE_FINDERS else HASHED_STATIC_FILES},
}

UPLOAD_MAX_BYTES = whole("UPLOAD_MAX_MB", 200) * 2**20
BACKGROUND_BYTES = 2 * 2**20  # files that are larger are read in the background
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20  # larger files go to the disk while they arrive
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20  # a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 100

# --- Tasks and cache ---

CELERY_BROKER_URL = text("CELERY_BROKER_URL")
CELERY_TASK_IGNORE_RESULT = True  # progress and outcome are rows of ours
CELERY_TASK_ACKS_LATE = True  # a task of a worker that dies is given to another one
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 3600}  # longer than any task

CACHE_URL = text("CACHE_URL", CELERY_BROKER_URL)
# The limits on sign-in attempts are counted here: more than one process needs Redis.
if CACHE_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": "mel",
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Languages ---

LANGUAGE_CODE = "ky"
LANGUAGES = [("ky", _("Kyrgyz")), ("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["mel.formats"]
TIME_ZONE = "Asia/Bishkek"
USE_TZ = True

# --- People ---

AUTH_USER_MODEL = "indicators.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Accounts come from invitations; allauth's limits on attempts stay at their defaults.
ACCOUNT_ADAPTER = "mel.adapters.ClosedSignupAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # no question asked; the age below decides
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# Hours without a request. mel.middleware.renew_session moves the end on, so that a director who
# works through a long checklist is not thrown out of it.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = text("EMAIL_FROM", "mel@localhost")
EMAIL_TIMEOUT = 20

# --- Security ---

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

# --- Log ---

LOGGING = logging_settings(
    json=one_of("LOG_FORMAT", "console", "json") == "json",
    level=one_of("LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR"),
)
