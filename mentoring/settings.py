"""All settings, from the environment only. `.env.example` documents each variable.

A missing or malformed value stops the start with a sentence that names it.
"""

import sys
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from mentoring.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
if (BASE_DIR / ".env").is_file() and "pytest" not in sys.modules:
    env.read_env(BASE_DIR / ".env")


def required(name: str, why: str) -> str:
    """The value of ``name``; raises ``ImproperlyConfigured`` saying what it is for."""
    value: str = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment: {why}.")
    return value


# --- Where things are kept ------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
MEDIA_ROOT = DATA_DIR / "files"
QUEUE_DIR = DATA_DIR / "queue"

# --- Address and security -------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "it signs sessions and personal links")
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in ("http", "https") or not _base.hostname or _base.path:
    raise ImproperlyConfigured(f"BASE_URL must be scheme and host only, not {BASE_URL!r}.")
ON_THIS_MACHINE = _base.hostname in ("localhost", "127.0.0.1", "::1")
if _base.scheme == "http" and not ON_THIS_MACHINE:
    raise ImproperlyConfigured("BASE_URL must begin with https:// on any host but localhost.")

ALLOWED_HOSTS = [_base.hostname, *env.list("EXTRA_HOSTS", default=[])]
if ON_THIS_MACHINE:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

_https = _base.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# Only a proxy that overwrites this header may be trusted with it: see README, "Betrieb".
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Otherwise the throttle would count all users as the one address of the proxy.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "mentoring.ui.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # KERN draws its icons and the arrow of a select as data: images.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Demo sign-ins are printed on the sign-in page, so they must never reach a real host.
DEMO = env.bool("DEMO", default=False)
if DEMO and not ON_THIS_MACHINE:
    raise ImproperlyConfigured("DEMO is only for http://localhost; unset DEMO or change BASE_URL.")

# --- Applications ---------------------------------------------------------------------
INSTALLED_APPS = [
    "mentoring.apps.MentoringConfig",
    "programmes.apps.ProgrammesConfig",
    "tandems.apps.TandemsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    # The renderer below takes widgets' templates from there.
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "auditlog",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "rules",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mentoring.ui.middleware.FaultMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Ahead of the CSRF check: it needs the user, and it keeps a form whose session ended.
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mentoring.accounts.middleware.KeptFormMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mentoring.accounts.middleware.SignInRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mentoring.accounts.middleware.SessionTouchMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
]
ROOT_URLCONF = "mentoring.urls"
WSGI_APPLICATION = "mentoring.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mentoring.ui.context.page",
            ],
            "libraries": {"ui": "mentoring.ui.tags"},
        },
    },
]
# German catalogues of libraries apply; allauth mixes "du" and "Sie", so its texts come
# from our override.
LOCALE_PATHS = [BASE_DIR / "mentoring" / "accounts" / "locale"]

# --- Database, cache, queue -----------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
_db = DATABASES["default"]
if _db["ENGINE"].endswith("sqlite3"):
    _db["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif _db["ENGINE"].endswith("postgresql"):
    _db["CONN_MAX_AGE"] = 60
    _db["CONN_HEALTH_CHECKS"] = True
else:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL or an SQLite database.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in ("redis", "rediss"):
    raise ImproperlyConfigured("REDIS_URL must look like redis://host:6379/0.")
# Throttles count in the cache, so all processes must share it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
    if REDIS_URL
    else {
        "BACKEND": "mentoring.accounts.cache.SharedFileCache",
        "LOCATION": DATA_DIR / "cache",
        # Django's 300 would let a flood of addresses push out the counts of the throttle.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

CELERY_BROKER_URL = REDIS_URL or "folder://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        # A request that wakes a worker must not wait for a broker that is down.
        "max_retries": 1,
        "interval_start": 0,
        "connect_retries_timeout": 1,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A message is only a wake-up: the work is a row, and the sweep finds it without one.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_EXPIRES = 60
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5.0)
JOB_LOST_SECONDS = env.float("JOB_LOST_SECONDS", default=60.0)
# In each worker. Its --concurrency must be greater by two: one process for sending mail,
# one for the sweep.
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", default=2)
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "mentoring.jobs.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")

# --- People and sessions --------------------------------------------------------------
AUTH_USER_MODEL = "mentoring.User"
AUTHENTICATION_BACKENDS = [
    "tandems.demo.guard.DemoGuard",
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_TOUCH_SECONDS = 5 * 60
SESSION_COOKIE_HTTPONLY = True
ACCOUNT_ADAPTER = "mentoring.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "mentoring.accounts.forms.LoginForm",
    "request_login_code": "mentoring.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "mentoring.accounts.forms.ConfirmLoginCodeForm",
    "reset_password": "mentoring.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "mentoring.accounts.forms.ResetPasswordKeyForm",
    "change_password": "mentoring.accounts.forms.ChangePasswordForm",
    "set_password": "mentoring.accounts.forms.SetPasswordForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_PREVENT_ENUMERATION = True
# No mail to strangers: whoever types an address here could otherwise have us write to it.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A whole town hall may come from one address, hence the difference between ip and key.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,5/10m/key",
    "reset_password": "20/m/ip,5/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# allauth's own would note each address in a table of its own, where an old one still signs in.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
INVITATION_DAYS = 14

AUDITLOG_LOGENTRY_MODEL = "mentoring.LogEntry"
# Its migrations would make its own table beside ours: empty, but tied to users by foreign keys.
MIGRATION_MODULES = {"auditlog": None}
AUDITLOG_MASK_CALLABLE = "mentoring.log.domain.conceal"
AUDITLOG_DISABLE_REMOTE_ADDR = True

# --- Mail -----------------------------------------------------------------------------
# Whatever sends mail through Django lands in the outbox; only the outbox speaks SMTP.
EMAIL_BACKEND = "programmes.outbox.backend.OutboxBackend"
# Without a server, mails are written to DATA_DIR/mail instead of being sent.
SMTP_URL = env.str("SMTP_URL", default="")
if SMTP_URL and urlsplit(SMTP_URL).scheme not in ("smtp", "smtp+tls", "smtp+ssl"):
    raise ImproperlyConfigured(
        "SMTP_URL must look like smtp+tls://user:password@host:587 (or smtp://, smtp+ssl://)."
    )
SMTP = env.email_url_config(SMTP_URL) if SMTP_URL else None
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Cross-Mentoring <mentoring@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# 0: no limit.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=120, least=0)
SMTP_TIMEOUT = env.float("SMTP_TIMEOUT", default=30.0)
# A delivery that got no answer for so long is unclear; longer than any SMTP dialogue.
MAIL_UNCLEAR_SECONDS = env.float("MAIL_UNCLEAR_SECONDS", default=300.0)

# --- Files ----------------------------------------------------------------------------
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", default=10) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_PERMISSIONS = 0o600

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "build" / "vendor"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Language and form ----------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
USE_TZ = True
TIME_ZONE = "Europe/Berlin"
# Templates group digits only where they ask for it (intcomma, money): with grouping everywhere
# the key 1262 in an address or a field came out as "1.262".
USE_THOUSAND_SEPARATOR = False
FILTERS_EMPTY_CHOICE_LABEL = "alle"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "kern"
CRISPY_TEMPLATE_PACK = "kern"

# --- What the installation says about itself ------------------------------------------
SITE_NAME = env.str("SITE_NAME", default="Cross-Mentoring")
OFFICIAL_WEBSITE = env.bool("OFFICIAL_WEBSITE", default=False)
IMPRINT = {
    "organisation": env.str("IMPRINT_ORGANISATION", default=""),
    "address": env.str("IMPRINT_ADDRESS", default=""),
    "represented_by": env.str("IMPRINT_REPRESENTED_BY", default=""),
    "email": env.str("IMPRINT_EMAIL", default=""),
    "phone": env.str("IMPRINT_PHONE", default=""),
    "data_protection_officer": env.str("DATA_PROTECTION_OFFICER", default=""),
    "accessibility_contact": env.str("ACCESSIBILITY_CONTACT", default=""),
    "accessibility_body": env.str("ACCESSIBILITY_BODY", default=""),
}
DEFAULT_FEE_PER_MENTEE = Decimal("500.00")

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "mentoring.logs.CarefulFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
