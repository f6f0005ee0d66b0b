from __future__ import annotations

import pytest
from pytest_django import Settings

from qlplatform import checks


@pytest.mark.parametrize(
    ("version", "commit", "ids"),
    [(180006, "on", []), (150000, "on", []), (140011, "on", ["QL.E011"]), (160000, "off", ["QL.E012"])],
)
def test_postgres_must_be_new_and_durable(version: int, commit: str, ids: list[str]) -> None:
    assert [found.id for found in checks.postgres_findings(version, commit)] == ids


@pytest.mark.parametrize(
    ("config", "ids"),
    [
        ({"appendonly": "yes", "maxmemory-policy": "noeviction"}, []),
        ({"appendonly": "no", "maxmemory-policy": "noeviction"}, ["QL.W022"]),
        ({"appendonly": "yes", "maxmemory-policy": "allkeys-lru"}, ["QL.E023"]),
        ({}, []),
    ],
)
def test_redis_must_keep_what_it_is_given(config: dict[str, str], ids: list[str]) -> None:
    assert [found.id for found in checks.redis_findings(config)] == ids


def test_another_time_zone_is_an_error(settings: Settings) -> None:
    assert checks.check_time_zone(None) == []
    settings.CELERY_TIMEZONE = "UTC"
    assert [found.id for found in checks.check_time_zone(None)] == ["QL.E001"]


def test_what_must_not_reach_a_server(settings: Settings) -> None:
    settings.SECRET_KEY, settings.DEBUG, settings.ALLOWED_HOSTS, settings.QL_DEMO = "short", True, ["*"], True
    ids = [found.id for found in checks.check_deployment(None)]
    assert ids == ["QL.E002", "QL.E003", "QL.E004", "QL.E005"]


def test_a_redis_that_is_away_is_an_error(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert [found.id for found in checks.check_redis(None, databases=["default"])] == ["QL.E021"]
