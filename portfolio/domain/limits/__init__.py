"""The limits of an account that block new entries. One file per limit; all are checked, every breach is told.

To add a limit: a class with `breach(exposure)` in a file of its own, a line in RULES, a kind in
`portfolio.models.Limit`. Exits are never checked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from portfolio.domain.limits.day_loss import DayLoss
from portfolio.domain.limits.exposure import Exposure, LimitRule
from portfolio.domain.limits.open_lots import OpenLots
from qlplatform.core.errors import UserError

RULES: Final[dict[str, type[LimitRule]]] = {"day_loss": DayLoss, "open_lots": OpenLots}


class LimitBreached(UserError):  # noqa: N818 - named like the other outcomes of core.errors
    """An entry would pass one or more limits; `breaches` names every one in plain words."""

    default_code = "limit_breached"

    def __init__(self, breaches: tuple[str, ...]) -> None:
        super().__init__(". ".join(breaches) + ".")
        self.breaches = breaches


def limits_check(limits: Iterable[tuple[str, int]], exposure: Exposure) -> None:
    """Raise LimitBreached unless `exposure` is within every limit, given as (kind, value) pairs."""
    found = (RULES[kind](value).breach(exposure) for kind, value in limits)
    breaches = tuple(breach for breach in found if breach)
    if breaches:
        raise LimitBreached(breaches)


__all__ = ["RULES", "DayLoss", "Exposure", "LimitBreached", "LimitRule", "OpenLots", "limits_check"]
