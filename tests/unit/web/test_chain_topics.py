"""The loop of the live chain channels."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, cast

import pytest

from qlplatform.web import chain_topics
from qlplatform.web.chain_topics import ChainAddress, ChainTopic, ChainTopics


def test_a_fault_of_one_market_does_not_end_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_topics, "EVERY_S", 0)
    broken = cast(Any, "\0")  # no file of prices can have this name
    address = ChainAddress("chain:NIFTY:2025-09-02", broken, "NIFTY", date(2025, 9, 2))

    async def still_running() -> bool:
        topics = ChainTopics()
        topics.topics[address] = ChainTopic(address)
        task = asyncio.create_task(topics.run())
        done, _ = await asyncio.wait([task], timeout=0.05)
        task.cancel()
        return not done

    assert asyncio.run(still_running())
