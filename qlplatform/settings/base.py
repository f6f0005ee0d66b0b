"""What all installations share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

from qlplatform.launcher.secret_files import recall
from qlplatform.settings import reading
from qlplatform.settings.logs import logging_settings
from qlplatform.web.unfold import UNFOLD  # noqa: F401 - a setting

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(reading.text("QL_VAR_DIR", str(BASE_DIR / "var")))
DEBUG = False
ROOT_URLCONF = "qlplatform.urls"
WSGI_APPLICATION = "qlplatform.wsgi.application"
ASGI_APPLICATION = "qlplatform.asgi.application"
ALLOWED_HOSTS = reading.words("QL_ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

QL_ROLE = reading.text("QL_ROLE", "ql")
# Roles without pages do without the admin's and the API's modules: they start in half the time.
QL_PAGES = QL_ROLE in ("ql", "web", "live")

INSTALLED_APPS = [
    "unfold",  # before the admin, whose templates it replaces
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin" if QL_PAGES else "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "channels",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
    "qlplatform",
    "qlplatform.core",
    "qlplatform.web",
    "markets",
    "brokers",
    "portfolio",
    "strategies",
    "baskets",
    "execution",
    "marketplace",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "qlplatform.core.middleware.AdminPolicy",
    "qlplatform.core.middleware.RequestId",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qlplatform.core.middleware.WorkspaceScope",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "qlplatform.web.context_processors.shell",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    }
]

# --- stores -----------------------------------------------------------------------------------------------
_POOL = reading.number("QL_DB_POOL", 0, least=0, most=100)
_LOCAL = recall(
    "addresses.json"
)  # where the bundled servers of this installation listen, once they were started


def database_settings(default_url: str | None) -> dict[str, Any]:
    """A pool where many threads serve short requests; elsewhere one kept connection per thread."""
    parsed = reading.database("DATABASE_URL", default_url)
    parsed["OPTIONS"] = parsed.get("OPTIONS", {}) | {"application_name": QL_ROLE}
    parsed["DISABLE_SERVER_SIDE_CURSORS"] = reading.flag("QL_DB_TRANSACTION_POOLER", default=False)
    if _POOL:
        parsed["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _POOL, "timeout": 10}
        return parsed | {"CONN_MAX_AGE": 0}
    return parsed | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": database_settings(_LOCAL.get("database_url", "postgres://127.0.0.1:5432/qlplatform"))}
REDIS_URL = reading.address(
    "REDIS_URL", _LOCAL.get("redis_url", "redis://127.0.0.1:6379/0"), ("redis", "rediss", "unix")
)
QL_REDIS_PREFIX = reading.text("QL_REDIS_PREFIX", "ql")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"{QL_REDIS_PREFIX}:cache",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"{QL_REDIS_PREFIX}:channels"},
    }
}

# --- time and language ------------------------------------------------------------------------------------
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True
LANGUAGE_CODE = "en-in"
USE_I18N = False
# short, on one line, 24 hours; no-break spaces keep a date together in narrow columns
DATE_FORMAT = "j\xa0M\xa0Y"
TIME_FORMAT = "H:i:s"
DATETIME_FORMAT = "j\xa0M\xa0Y\xa0H:i:s"

# --- background work --------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": f"{QL_REDIS_PREFIX}:celery:",
    "visibility_timeout": 3600,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"execution.*": {"queue": "execution"}, "strategies.research.*": {"queue": "research"}}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1

# --- people -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "qlplatform.core.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
QL_DEMO = reading.flag("QL_DEMO", default=True)
QL_DEMO_PASSWORD = reading.text("QL_DEMO_PASSWORD", "")
QL_SIGNUP = reading.flag("QL_SIGNUP", default=True)
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# --- pages ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CSRF_TRUSTED_ORIGINS = reading.words("QL_TRUSTED_ORIGINS", [])
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# The live socket has its own port: empty means the page's own host name at QL_LIVE_PORT.
QL_LIVE_PORT = reading.number("QL_LIVE_PORT", 8001, least=1, most=65535)
QL_LIVE_ORIGIN = reading.address("QL_LIVE_ORIGIN", "", ("ws", "wss"))
_LOCAL_LIVE = [f"ws://{host}:{QL_LIVE_PORT}" for host in ("localhost", "127.0.0.1")]

_CSP: dict[str, list[str]] = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF, *([QL_LIVE_ORIGIN] if QL_LIVE_ORIGIN else _LOCAL_LIVE)],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
# The admin's theme evaluates strings; qlplatform.core.middleware keeps this wider policy to /admin/.
QL_ADMIN_CSP = {
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _CSP}

# --- API --------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "qlplatform.core.api.auth.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "qlplatform.core.api.problem.ProblemRenderer",
    ],
    "DEFAULT_PARSER_CLASSES": ["qlplatform.core.api.parsers.FlatJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "qlplatform.core.api.pagination.CursorList",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "qlplatform.core.api.schema.WorkspaceSchema",
    "EXCEPTION_HANDLER": "qlplatform.core.api.problem.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "QL Platform API",
    "DESCRIPTION": "Strategies, deployments, runs, orders, positions. Amounts are decimal strings.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "qlplatform.core.api.schema.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AccountState": "brokers.models.BrokerAccount.State",
        "DeploymentState": "execution.models.Deployment.State",
        "MarketState": "markets.models.Market.State",
        "MasterImportState": "markets.models.MasterImport.State",
        "OrderState": "execution.models.Order.State",
    },
}

# --- the platform's own -----------------------------------------------------------------------------------
QL_VENUE_URL = reading.address("QL_VENUE_URL", "http://127.0.0.1:8002", ("http", "https"))
QL_DRAIN_IN_WORKER = reading.flag("QL_DRAIN_IN_WORKER", default=True)
QL_WORKSPACE_HOOKS = ["execution.services.replays.workspace_prepare"]
# publishers of instrument masters: dotted names of iterables of markets.master.sources.Source
QL_MASTER_SOURCES = ["markets.master.exchanges.SOURCES", "brokers.masters.sources.SOURCES"]
# brokers and files that are fetched from their publishers; from a mirror as <mirror>/<source>/<file name>
QL_MASTER_DOWNLOADS = reading.words("QL_MASTER_DOWNLOADS", [])
QL_MASTER_MIRROR = reading.address("QL_MASTER_MIRROR", "", ("http", "https"))
# free room below which recordings warn; below a tenth of it they stop
QL_DISK_LOW_MB = reading.number("QL_DISK_LOW_MB", 2_048, least=10, most=1_000_000)
# facts that start a task: type (or its beginning) -> task names
QL_OUTBOX_TASKS: dict[str, list[str]] = {"strategy.revised": ["execution.reschedule"]}

LOGGING = logging_settings(
    level=reading.choice("QL_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    as_json=reading.choice("QL_LOG_FORMAT", "json", ("json", "text")) == "json",
)
