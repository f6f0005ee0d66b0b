"""A superuser's browser in the admin."""

from __future__ import annotations

from django.test import Client

from qlplatform.core.models import User


def superuser_client() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.test", "x"))
    return client
