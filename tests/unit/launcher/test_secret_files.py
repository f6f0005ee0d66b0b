from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from qlplatform.launcher.secret_files import local_secret, recall, remember


def test_a_secret_stays_the_same() -> None:
    assert local_secret("one") == local_secret("one") != local_secret("two")


def test_only_the_owner_may_read_it(own_var: Path) -> None:
    local_secret("one")
    assert (own_var / "secrets/one").stat().st_mode & 0o777 == 0o600
    assert (own_var / "secrets").stat().st_mode & 0o777 == 0o700


def test_racing_threads_agree() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: local_secret("raced"), range(32)))) == 1


def test_what_is_remembered_replaces_what_was() -> None:
    remember("ports.json", {"a": "1", "b": "2"})
    remember("ports.json", {"a": "3"})
    assert recall("ports.json") == {"a": "3"}


def test_a_broken_memory_is_an_empty_one(own_var: Path) -> None:
    remember("ports.json", {"a": "1"})
    (own_var / "secrets/ports.json").write_text("{")
    assert recall("ports.json") == {}
