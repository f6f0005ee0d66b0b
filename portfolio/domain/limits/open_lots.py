"""No entry that would hold more lots than allowed."""

from __future__ import annotations

from portfolio.domain.limits.exposure import Exposure


class OpenLots:
    """Bound in lots: held, promised to entries under way, and wanted together may reach it, not pass it."""

    def __init__(self, bound: int) -> None:
        self.bound_lots = bound

    def breach(self, exposure: Exposure) -> str | None:
        total = exposure.open_lots + exposure.wanted_lots
        if total <= self.bound_lots:
            return None
        return (
            f"Open lots would be {total} of {self.bound_lots} allowed "
            f"({exposure.open_lots} open or on the way, {exposure.wanted_lots} wanted)"
        )
