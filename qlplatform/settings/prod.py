"""A server behind a proxy that terminates TLS: nothing has a local default."""

from __future__ import annotations

from qlplatform.settings import reading
from qlplatform.settings.base import *  # noqa: F403
from qlplatform.settings.base import database_settings

SECRET_KEY = reading.text("SECRET_KEY")
DATABASES = {"default": database_settings(None)}
REDIS_URL = reading.address("REDIS_URL", None, ("redis", "rediss", "unix"))
ALLOWED_HOSTS = reading.words("QL_ALLOWED_HOSTS", [])
QL_DEMO = reading.flag("QL_DEMO", default=False)
QL_SIGNUP = reading.flag("QL_SIGNUP", default=False)

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
