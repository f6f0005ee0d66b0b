"""Profit and loss: realised + unrealised − charges, all in paise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.domain.positions import Holding


@dataclass(frozen=True, slots=True)
class Pnl:
    """`unpriced` counts open positions without any price yet; they are valued at cost."""

    realised_paise: int = 0
    unrealised_paise: int = 0
    charges_paise: int = 0
    unpriced: int = 0

    @property
    def net_paise(self) -> int:
        return self.realised_paise + self.unrealised_paise - self.charges_paise

    def __add__(self, other: Pnl) -> Pnl:
        return Pnl(
            self.realised_paise + other.realised_paise,
            self.unrealised_paise + other.unrealised_paise,
            self.charges_paise + other.charges_paise,
            self.unpriced + other.unpriced,
        )


def holding_pnl(holding: Holding, charges_paise: int, mark_paise: int | None) -> Pnl:
    """P&L of one holding at its mark; None when it has no price yet."""
    if not holding.net_qty or mark_paise is None:
        return Pnl(holding.realised_paise, 0, charges_paise, int(holding.net_qty != 0))
    return Pnl(holding.realised_paise, holding.unrealised_paise(mark_paise), charges_paise)


def usable_mark(marks: Mapping[int, int], key: int) -> int | None:
    """The mark of an instrument; a zero or negative price is none."""
    mark = marks.get(key)
    return mark if mark is not None and mark > 0 else None
