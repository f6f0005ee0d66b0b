"""No new entries once the day has lost its limit."""

from __future__ import annotations

from portfolio.domain.limits.exposure import Exposure
from qlplatform.core.indian import rupee_text


class DayLoss:
    """Bound in paise. Reached counts as breached; charges and open positions count."""

    def __init__(self, bound: int) -> None:
        self.bound_paise = bound

    def breach(self, exposure: Exposure) -> str | None:
        if exposure.day_net_paise > -self.bound_paise:
            return None
        return f"Day loss is {rupee_text(exposure.day_net_paise)} of {rupee_text(self.bound_paise)} allowed"
