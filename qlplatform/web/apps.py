"""The browser shell: pages, look, live hub."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "qlplatform.web"
    label = "web"
    verbose_name = "Pages"
