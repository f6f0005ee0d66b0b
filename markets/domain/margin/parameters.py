"""The numbers of the margin model, all of them dated rules (data/market/margin_rules.csv)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markets.domain.rules import RuleBook

PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class MarginParameters:
    """In force on one day for one underlying; shares as fractions (0.093 = 9.3 %)."""

    price_scan: float  # least price scan range, of the underlying's level
    price_scan_long: float  # the same for options beyond `long_dated_months`
    price_scan_sigmas: float  # daily standard deviations, times the square root of 2
    volatility_scan: float  # least volatility scan range, decimal a year
    volatility_scan_share: float  # of the annualised volatility
    extreme_move: float  # price scan ranges of the two extreme scenarios
    extreme_cover: float  # share of their loss that counts
    rate: float  # of the exchange's option pricing, continuously compounded
    spread_charge: float  # of the far contract's price, per matched delta
    short_option_minimum: float  # of the underlying's value, per short option
    exposure: Decimal  # extreme loss margin, of the contract value
    exposure_deep: Decimal  # of deep out-of-the-money short options
    deep_from: Decimal  # a strike farther than this share from the underlying is deep
    exposure_long: Decimal  # of short options beyond `long_dated_months`
    long_dated_months: int
    expiry_addon: Decimal  # on short options on their expiry day
    spread_benefit_on_expiry: bool  # whether contracts still offset others on their expiry day
    buffer: Decimal  # ours: added to an estimate before it is called affordable


class ParameterBook:
    """Looks the parameters of one underlying up; `group` is INDEX or STOCK.

    Raises UserError `fact_missing` for a day no rule is known of.
    """

    def __init__(self, rules: RuleBook, *, underlying: str, group: str, exchange: str) -> None:
        self._rules, self._exchange = rules, exchange
        self._subjects = (underlying, group)

    def on(self, day: date) -> MarginParameters:
        """Everything in force on `day`."""
        share = self._share
        return MarginParameters(
            price_scan=float(share("span_price_scan", day)),
            price_scan_long=float(share("span_price_scan_long", day)),
            price_scan_sigmas=float(self._number("span_price_scan_sigmas", day)),
            volatility_scan=float(share("span_volatility_scan", day)),
            volatility_scan_share=float(share("span_volatility_scan_share", day)),
            extreme_move=float(self._number("span_extreme_move", day)),
            extreme_cover=float(share("span_extreme_cover", day)),
            rate=float(share("span_rate", day)),
            spread_charge=float(share("span_spread_charge", day)),
            short_option_minimum=float(share("span_short_option_minimum", day)),
            exposure=share("elm", day),
            exposure_deep=share("elm_deep_otm", day),
            deep_from=share("elm_deep_otm_from", day),
            exposure_long=share("elm_long_dated", day),
            long_dated_months=int(self._number("margin_long_dated", day)),
            expiry_addon=share("elm_expiry_day", day),
            spread_benefit_on_expiry=bool(self._number("span_expiry_day_offset", day)),
            buffer=share("margin_estimate_buffer", day),
        )

    def _number(self, name: str, day: date) -> Decimal:
        return self._rules.number(name, day, exchange=self._exchange, subject=self._subjects)

    def _share(self, name: str, day: date) -> Decimal:
        return self._number(name, day) * PERCENT
