"""Codes of how a run ended, or of what is wrong with an open one, that the platform itself gives."""

from __future__ import annotations

from typing import Final

ENGINE_FAULT: Final = "engine_fault"
"""An open run whose steps keep failing; taken back when it recovers."""

REPLAY_ENDED: Final = "replay_ended"
"""The recorded day was over while the run still had something open."""
