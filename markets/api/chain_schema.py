"""What the chain endpoints answer, for the description of the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from markets.chain_body import BASES
from markets.domain.chain.volatility import REASONS
from qlplatform.core.api.fields import RupeesField

RULES = [(rule, rule) for rule in ("FUTURE", "PARITY", "CARRY")]
IV_HELP = "decimal a year: 0.135 is 13.5 %; null says `iv_code` why"


def _float(help_text: str) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=help_text)


def _money(help_text: str = "") -> RupeesField:
    return RupeesField(allow_null=True, help_text=help_text)


class ForwardSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The forward price of the underlying at the expiry, and the rule that gave it."""

    value = RupeesField()
    rule = serializers.ChoiceField(RULES, help_text="the expiry's future, put-call parity, or spot and carry")
    stale = serializers.BooleanField(help_text="made of last prices or of the spot alone")


class ConventionSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How volatilities and Greeks are computed."""

    model = serializers.CharField()
    rate = serializers.FloatField(help_text="continuously compounded, a year")
    clock = serializers.CharField(help_text="what a year of time is")
    years = serializers.FloatField(help_text="until the expiry's closing time")


class ChainFiguresSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Figures of the whole chain."""

    atm_strike = _money("nearest to the forward")
    straddle = _money("call and put at that strike")
    expected_move = _money("one standard deviation until expiry")
    max_pain = _money("the settlement at which open options are worth least")
    atm_iv = _float("decimal a year")
    risk_reversal = _float("IV of the 25-delta call less that of the 25-delta put")
    butterfly = _float("their mean less the ATM IV")
    pcr_oi = _float("open interest of puts per call")
    pcr_volume = _float("volume of puts per call")
    call_oi = serializers.IntegerField()
    call_oi_chg = serializers.IntegerField()
    call_volume = serializers.IntegerField()
    put_oi = serializers.IntegerField()
    put_oi_chg = serializers.IntegerField()
    put_volume = serializers.IntegerField()


class ChainLegSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One contract. Greeks are per unit: vega per volatility point, theta per calendar day, rho per 1 %."""

    instrument = serializers.CharField(help_text="ins_…")
    ltp = _money()
    bid = _money()
    ask = _money()
    bid_qty = serializers.IntegerField()
    ask_qty = serializers.IntegerField()
    volume = serializers.IntegerField(help_text="units today")
    oi = serializers.IntegerField(help_text="units")
    oi_chg = serializers.IntegerField(help_text="units, against the day before")
    age_s = _float("seconds since it was quoted; null: never, or unknown")
    price = _money("what the figures use")
    basis = serializers.ChoiceField(list(zip(BASES.values(), BASES.values(), strict=True)))
    stale = serializers.BooleanField()
    delta = _float("per point of the forward")
    gamma = _float("of delta per point")
    theta = _float("rupees a day")
    vega = _float("rupees a volatility point")
    rho = _float("rupees per 1 % of rate")
    vanna = _float("of delta per unit of volatility")
    volga = _float("of vega per unit of volatility")


class ChainStrikeSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Both contracts of a strike and the volatility they share."""

    strike = RupeesField()
    iv = _float(IV_HELP)
    iv_code = serializers.ChoiceField([(name, name) for name in REASONS.values()])
    iv_error = _float("how wrong the IV may be, by spread or tick")
    call = ChainLegSerializer(allow_null=True)
    put = ChainLegSerializer(allow_null=True)


class ChainSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The chain of one expiry."""

    market = serializers.CharField(help_text="mkt_…")
    underlying = serializers.CharField()
    expiry = serializers.DateField()
    expiries = serializers.ListField(child=serializers.DateField())
    lot_size = serializers.IntegerField()
    seq = serializers.IntegerField(help_text="price event of the market")
    at = serializers.DateTimeField(help_text="market time")
    trading_date = serializers.DateField(help_text="IST")
    spot = _money()
    forward = ForwardSerializer(allow_null=True)
    convention = ConventionSerializer()
    figures = ChainFiguresSerializer()
    strikes = ChainStrikeSerializer(many=True)


class TermPointSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An expiry of the term structure."""

    expiry = serializers.DateField()
    years = serializers.FloatField()
    forward = ForwardSerializer(allow_null=True)
    atm_iv = _float("decimal a year")
    straddle = _money()


class IvRankSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Today's volatility among the earlier days on record; null below 20 days."""

    basis = serializers.ChoiceField([("iv_30d", "iv_30d"), ("iv_near", "iv_near")])
    days = serializers.IntegerField(help_text="days of history")
    rank = _float("0 at the lowest of these days, 100 at the highest")
    percentile = _float("per cent of these days that were lower")


class ChainSummarySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """All expiries of an underlying."""

    market = serializers.CharField(help_text="mkt_…")
    underlying = serializers.CharField()
    seq = serializers.IntegerField(help_text="price event of the market")
    at = serializers.DateTimeField(help_text="market time")
    trading_date = serializers.DateField(help_text="IST")
    spot = _money()
    iv_30d = _float("ATM IV of 30 calendar days, interpolated in total variance")
    iv_rank = IvRankSerializer()
    expiries = TermPointSerializer(many=True)


_HEAD = {
    "market": "mkt_01KB3T9Q5ZB8W6H2J4K0M9P7RS",
    "underlying": "NIFTY",
    "seq": 187,
    "at": "2025-08-29T06:52:00Z",
    "trading_date": "2025-08-29",
    "spot": "24512.40",
}


def _leg(instrument: str, ltp: str, delta: float) -> dict[str, Any]:
    return {
        "instrument": instrument, "ltp": ltp, "bid": ltp, "ask": ltp, "bid_qty": 1500, "ask_qty": 975,
        "volume": 41_250_000, "oi": 4_125_300, "oi_chg": 310_275, "age_s": 12.0, "price": ltp,
        "basis": "MID", "stale": False, "delta": delta, "gamma": 0.001104, "theta": -14.21, "vega": 9.87,
        "rho": -0.0134, "vanna": 0.41, "volga": 0.2,
    }  # fmt: skip


CHAIN = OpenApiExample(
    "Around the money",
    value=_HEAD
    | {
        "expiry": "2025-09-02",
        "expiries": ["2025-09-02", "2025-09-09"],
        "lot_size": 75,
        "forward": {"value": "24533.10", "rule": "PARITY", "stale": False},
        "convention": {"model": "BLACK76", "rate": 0.065, "clock": "CALENDAR", "years": 0.011364155},
        "figures": {
            "atm_strike": "24550.00", "straddle": "214.30", "expected_move": "268.40", "max_pain": "24500.00",
            "atm_iv": 0.102634, "risk_reversal": -0.0121, "butterfly": 0.0043, "pcr_oi": 0.9421,
            "pcr_volume": 0.8815, "call_oi": 81_400_125, "call_oi_chg": 12_004_950,
            "call_volume": 903_411_000,
            "put_oi": 76_687_050, "put_oi_chg": -2_115_300, "put_volume": 796_357_125,
        },
        "strikes": [
            {
                "strike": "24550.00", "iv": 0.102634, "iv_code": "OK", "iv_error": 0.0001,
                "call": _leg("ins_01KB3TAXG2V7D9C4N1Q8R6S5TE", "98.70", 0.476213),
                "put": _leg("ins_01KB3TAXG2V7D9C4N1Q8R6S5TF", "115.60", -0.523048),
            }
        ],
    },
    response_only=True,
)  # fmt: skip
SUMMARY = OpenApiExample(
    "Two expiries",
    value=_HEAD
    | {
        "iv_30d": None,
        "iv_rank": {"basis": "iv_near", "days": 14, "rank": None, "percentile": None},
        "expiries": [
            {
                "expiry": "2025-09-02", "years": 0.011364155,
                "forward": {"value": "24533.10", "rule": "PARITY", "stale": False},
                "atm_iv": 0.102634, "straddle": "214.30",
            }
        ],
    },
    response_only=True,
)  # fmt: skip
UNDERLYING = OpenApiParameter("underlying", str, OpenApiParameter.PATH, description="NIFTY, BANKNIFTY, …")
MARKET = OpenApiParameter("market", str, description="mkt_…; default: the newest replay, else the live one")
EXPIRY = OpenApiParameter("expiry", date, description="default: the nearest")
STRIKES = OpenApiParameter("strikes", int, description="that many on each side of the money; default: all")
