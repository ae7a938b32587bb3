"""Every setting of the product, read from the environment. See docs/operating.md."""

import base64
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from makegood.kit import assets
from makegood.kit.secrets import key_for, make_root_key

CHECKOUT = Path(__file__).resolve().parents[3]
TESTING = "pytest" in sys.modules

DATA = Path(os.environ.get("MAKEGOOD_DATA") or CHECKOUT / "data").resolve()
"""Where everything lives that is ours to keep: database, files, root key."""

ROOT_KEY_PATH = Path(os.environ.get("MAKEGOOD_ROOT_KEY") or DATA / "root.key")
make_root_key(ROOT_KEY_PATH)
SECRET_KEY = base64.b64encode(key_for("django", ROOT_KEY_PATH)).decode()
DEBUG = False

URL = os.environ.get("MAKEGOOD_URL", "http://127.0.0.1:8000").rstrip("/")
"""The address that people and mails reach this install at. Links are built from it alone."""

_url = urlsplit(URL)
IS_HTTPS = _url.scheme == "https"
ALLOWED_HOSTS = [_url.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [URL]
TRUSTS_PROXY = os.environ.get("MAKEGOOD_TRUST_PROXY") == "1"
if TRUSTS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "makegood.config",
    "makegood.kit",
    "makegood.ledger",
    "makegood.files",
    "makegood.search",
    "makegood.asking",
    "makegood.team",
    "makegood.presence",
    "makegood.fields",
    "makegood.calendars",
    "makegood.customers",
    "makegood.channels",
    "makegood.guard",
    "makegood.mood",
    "makegood.authority",
    "makegood.portraits",
    "makegood.shop",
    "makegood.parcels",
    "makegood.automatic",
    "makegood.spam",
    "makegood.watch",
    "makegood.conversations",
    "makegood.linking",
    "makegood.concerns",
    "makegood.sending",
    "makegood.beside",
    "makegood.tags",
    "makegood.waits",
    "makegood.promises",
    "makegood.makegoods",
    "makegood.fulfilment",
    "makegood.wanted",
    "makegood.ahead",
    "makegood.routing",
    "makegood.notices",
    "makegood.chat",
    "makegood.disputes",
    "makegood.acts",
    "makegood.bulk",
    "makegood.errands",
    "makegood.people",
    "makegood.redaction",
    "makegood.macros",
    "makegood.rolls",
    "makegood.handover",
    "makegood.automation",
    "makegood.desk",
    "makegood.portal",
    "makegood.office",
    "makegood.lead",
    "makegood.palette",
    "makegood.sample",
    "makegood.bench",
]

MIDDLEWARE = [
    "makegood.kit.middleware.strict_headers",
    "makegood.kit.middleware.PackedPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *(["makegood.kit.middleware.reads_never_write"] if TESTING else []),
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "makegood.team.middleware.speak_the_agents_language",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "makegood.kit.middleware.RefusalsInWords",
]

ROOT_URLCONF = "makegood.config.urls"
WSGI_APPLICATION = "makegood.config.wsgi.application"

_processors = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "makegood.kit.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "makegood.kit.jinja.secrets_of",
            ],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _processors},
    },
]

SQLITE_PRAGMAS = """
    PRAGMA journal_mode=WAL;
    PRAGMA synchronous=FULL;
    PRAGMA foreign_keys=ON;
    PRAGMA secure_delete=ON;
    PRAGMA trusted_schema=OFF;
    PRAGMA temp_store=MEMORY;
    PRAGMA cache_size=-16000;
"""


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "makegood.kit.sqlite",
            "NAME": DATA / "makegood.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": SQLITE_PRAGMAS,
            },
            "TEST": {"NAME": os.environ.get("MAKEGOOD_TEST_SQLITE") or ":memory:"},
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,  # a host that is gone does not answer at all
            "options": "-c lock_timeout=20000 -c idle_in_transaction_session_timeout=60000",
        },
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FILES_ROOT = DATA / "files"

AUTH_USER_MODEL = "team.Agent"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else []),
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_ADAPTER = "makegood.office.accounts.InvitedOnly"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  # a path
PASSWORD_RESET_TIMEOUT = 30 * 60
ACCOUNT_RATE_LIMITS = {
    # An account's wrong tries count for strangers together; see office/known_browsers.py.
    "login_failed": "20/m/ip,200/h/ip,5/5m/key,30/d/key",
    "reset_password": "10/m/ip,3/10m/key",
}
_forms = "makegood.office.account_forms."
ACCOUNT_FORMS = {
    "login": _forms + "SignIn",
    "change_password": _forms + "ChangePassword",
    "set_password": _forms + "SetPassword",
    "reset_password": _forms + "AskForPassword",
    "reset_password_from_key": _forms + "ChoosePassword",
    "reauthenticate": _forms + "ProveByPassword",
}
MFA_FORMS = {
    "authenticate": _forms + "EnterCode",
    "reauthenticate": _forms + "ProveByCode",
    "activate_totp": _forms + "ConnectApp",
    "add_webauthn": _forms + "AddPasskey",
    "edit_webauthn": _forms + "RenamePasskey",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUSTS_PROXY else 0
CACHES = {"default": {"BACKEND": "makegood.office.cache.DatabaseCache"}}
MFA_ADAPTER = "makegood.office.factors.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Makegood"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

SESSION_ENGINE = "makegood.team.sessions"
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = None
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES: list[tuple[str, Any]] = [("en", _("English")), ("de", _("German"))]
if os.environ.get("MAKEGOOD_RIGHT_TO_LEFT") == "1":  # for trying the layout: nothing is translated
    LANGUAGES.append(("ar", _("Right to left, untranslated")))
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("MAKEGOOD_TIME_ZONE", "Europe/Berlin")

STATIC_URL = f"/static/{assets.build_name()}/"
STATIC_ROOT = assets.gather(Path(os.environ.get("MAKEGOOD_ASSETS") or DATA / "assets"))
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_IMMUTABLE_FILE_TEST = ".*"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

SMTP_LISTEN = os.environ.get("MAKEGOOD_SMTP_LISTEN", "127.0.0.1:8025")
"""Where the built-in mail listener answers; empty switches it off."""

# MAKEGOOD_WATCH=off: no test messages and no looks by themselves; somebody may still ask for them.
WATCHES = os.environ.get("MAKEGOOD_WATCH", "on") != "off"
ASKS_DNS = os.environ.get("MAKEGOOD_DNS", "off" if TESTING else "on") != "off"
"""Whether senders' domains are asked for SPF, DKIM and DMARC. Off: nobody is verified by mail."""

NEAR_HOSTS = tuple(os.environ.get("MAKEGOOD_NEAR_HOSTS", "").split())
"""Shops on a network of our own, as host:port; all others must be on the public network."""

LMTP_LISTEN = os.environ.get("MAKEGOOD_LMTP_LISTEN", "")
DISK_RESERVE_AT_MOST = 500_000_000
_reserve = os.environ.get("MAKEGOOD_DISK_RESERVE")
DISK_RESERVE_BYTES = int(_reserve) if _reserve else None  # None: a part of the disk

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "makegood.kit.logs.JsonLines"}},
    "filters": {"sparing": {"()": "makegood.kit.logs.Sparing"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["sparing"]}
    },
    "root": {"handlers": ["console"], "level": os.environ.get("MAKEGOOD_LOG_LEVEL", "WARNING")},
    "loggers": {"makegood": {"level": os.environ.get("MAKEGOOD_LOG_LEVEL", "INFO")}},
}
