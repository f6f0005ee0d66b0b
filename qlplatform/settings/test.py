"""For the checks: own database and Redis prefix per run, cheap passwords, no background worker threads."""

from __future__ import annotations

import os

from qlplatform.settings.base import *  # noqa: F403
from qlplatform.settings.base import DATABASES, STORAGES
from qlplatform.settings.logs import logging_settings

_RUN = os.getpid()

SECRET_KEY = "only-for-tests-and-long-enough-for-every-check-of-a-key"  # noqa: S105
DATABASES["default"]["TEST"] = {"NAME": f"test_ql_{_RUN}"}
QL_REDIS_PREFIX = os.environ.setdefault("QL_REDIS_PREFIX", f"test{_RUN}")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
QL_DRAIN_IN_WORKER = False
LOGGING = logging_settings(level="WARNING", as_json=False)
