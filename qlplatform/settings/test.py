"""For the checks: own database and Redis prefix per run, cheap passwords, no background worker threads."""

from __future__ import annotations

import os

_RUN = os.getpid()
os.environ.setdefault(
    "QL_REDIS_PREFIX", f"test{_RUN}"
)  # before base makes the names of channels and queues of it

from qlplatform.launcher.places import machine_id  # noqa: E402
from qlplatform.settings.base import *  # noqa: E402, F403
from qlplatform.settings.base import DATABASES, STORAGES  # noqa: E402
from qlplatform.settings.logs import logging_settings  # noqa: E402

SECRET_KEY = "only-for-tests-and-long-enough-for-every-check-of-a-key"  # noqa: S105
# tests know no other database than their own: what is not set up for them cannot be reached
DATABASES["default"]["NAME"] = "ql_only_tests"
DATABASES["default"]["TEST"] = {"NAME": f"test_ql_{machine_id()}_{_RUN}"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
QL_DRAIN_IN_WORKER = False
LOGGING = logging_settings(level="WARNING", as_json=False)
