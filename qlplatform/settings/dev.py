"""One machine, everything on the loopback: what `bin/run` uses."""

from __future__ import annotations

from qlplatform.launcher.secret_files import local_secret
from qlplatform.settings import reading
from qlplatform.settings.base import *  # noqa: F403

DEBUG = reading.flag("DEBUG", default=False)
SECRET_KEY = reading.text("SECRET_KEY", "") or local_secret("secret_key")
