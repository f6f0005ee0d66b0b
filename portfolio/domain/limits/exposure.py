"""What limits look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Exposure:
    """An account at an entry: day P&L after charges, lots held or promised, lots wanted."""

    day_net_paise: int
    open_lots: int
    wanted_lots: int


class LimitRule(Protocol):
    """One limit with its bound."""

    def __init__(self, bound: int) -> None: ...

    def breach(self, exposure: Exposure) -> str | None:
        """Why the entry is not allowed, in plain words; None when it is."""
