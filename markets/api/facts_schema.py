"""What the calendar, underlyings and charges of the API are asked and answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from markets.domain.charges import Billed, Charges
from markets.domain.contract_notes import RoundingMode
from markets.selectors.charges import Exercise
from markets.selectors.contracts import CalendarDay
from qlplatform.core.api.fields import RupeesField
from qlplatform.core.money import round_half_up, rupee_str

MOST_ORDERS, MOST_QTY = 200, 10_000_000
SEGMENTS = [(name, name) for name in ("INDEX_OPT", "INDEX_FUT", "EQ_INTRADAY", "EQ_DELIVERY")]
SIDES = [(side, side) for side in ("BUY", "SELL")]
KINDS = [(kind, kind) for kind in ("ordinary", "weekend", "holiday", "muhurat", "special", "unknown")]


class SittingSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """From open to close."""

    open = serializers.DateTimeField()
    close = serializers.DateTimeField()


class CalendarDaySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A day; without sittings it does not trade. `expiring_close`: when contracts stop that expire on it."""

    date = serializers.DateField()
    kind = serializers.ChoiceField(KINDS, help_text="unknown: the holiday list of the year is not confirmed")
    name = serializers.CharField(help_text="of the holiday or special session")
    trades = serializers.BooleanField()
    sittings = SittingSerializer(many=True)
    expiring = serializers.ListField(child=serializers.CharField(), help_text="underlyings")
    expiring_close = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: CalendarDay) -> dict[str, Any]:
        sittings = instance.session.sittings if instance.session else ()
        last = instance.expiring_session
        return {
            "date": instance.on.isoformat(),
            "kind": instance.kind,
            "name": instance.name,
            "trades": instance.trades,
            "sittings": [SittingSerializer({"open": a, "close": b}).data for a, b in sittings],
            "expiring": list(instance.expiring),
            "expiring_close": serializers.DateTimeField().to_representation(last.close) if last else None,
        }


class CalendarSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Days of an exchange's derivatives, and what somebody has to enter before trading stops."""

    exchange = serializers.CharField()
    segment = serializers.CharField()
    alerts = serializers.ListField(child=serializers.CharField())
    data = CalendarDaySerializer(many=True)  # type: ignore[assignment]  # a field of that name is meant


class ContractDaySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An expiry; `nominal` is where the weekday rule puts it before holidays move it."""

    expiry = serializers.DateField()
    nominal = serializers.DateField()
    monthly = serializers.BooleanField()
    confirmed = serializers.BooleanField(help_text="the holiday list of its year is known")
    lot_size = serializers.IntegerField(allow_null=True)


class UnderlyingSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Contract facts of an underlying on a trade date; null where no fact tells. Quantities in units."""

    symbol = serializers.CharField()
    exchange = serializers.CharField()
    on = serializers.DateField()
    freeze_qty = serializers.IntegerField(allow_null=True, help_text="largest quantity of one order")
    freeze_confirmed = serializers.BooleanField()
    freeze_qty_future = serializers.IntegerField(allow_null=True)
    tick = RupeesField(source="tick_paise", allow_null=True)
    tick_future = RupeesField(source="tick_paise_future", allow_null=True)
    strike_step = RupeesField(source="strike_step_paise", allow_null=True)
    option_style = serializers.CharField(allow_null=True)
    contracts = ContractDaySerializer(many=True, help_text="expiries of the next 100 days")


class UnderlyingListSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Every underlying there are facts of."""

    data = UnderlyingSerializer(many=True)  # type: ignore[assignment]  # a field of that name is meant


class ChargedOrderInput(serializers.Serializer):  # type: ignore[type-arg]
    """An executed order; `price` is its average in rupees."""

    segment = serializers.ChoiceField(SEGMENTS)
    exchange = serializers.ChoiceField([("NSE", "NSE"), ("BSE", "BSE")], default="NSE")
    underlying = serializers.CharField(max_length=24, required=False, help_text="BSE has fees by underlying")
    side = serializers.ChoiceField(SIDES)
    qty = serializers.IntegerField(min_value=1, max_value=MOST_QTY, help_text="units")
    price = RupeesField(help_text="rupees a unit")
    auto_square_off = serializers.BooleanField(default=False, help_text="closed by the broker himself")

    def validate_price(self, value: int) -> int:
        if value <= 0:
            raise serializers.ValidationError("A price is above 0.", code="price_range")
        return value


class ChargedExerciseInput(serializers.Serializer):  # type: ignore[type-arg]
    """A long option that expires in the money; `intrinsic` is |settlement - strike| in rupees a unit."""

    segment = serializers.ChoiceField([("INDEX_OPT", "INDEX_OPT")], default="INDEX_OPT")
    intrinsic = RupeesField()
    qty = serializers.IntegerField(min_value=1, max_value=MOST_QTY, help_text="units")


class ChargesInput(serializers.Serializer):  # type: ignore[type-arg]
    """Orders of one client and day."""

    plan = serializers.CharField(max_length=24, help_text="whose brokerage counts: zerodha, …")
    on = serializers.DateField(required=False, help_text="trade date; left out: today")
    rounding_mode = serializers.ChoiceField(
        [(mode.value, mode.value) for mode in RoundingMode], default="exact"
    )
    orders = ChargedOrderInput(many=True, required=False, max_length=MOST_ORDERS)  # type: ignore[call-arg]
    exercises = ChargedExerciseInput(many=True, required=False, max_length=MOST_ORDERS)  # type: ignore[call-arg]

    def arguments(self, *, today: date) -> dict[str, Any]:
        """The validated input as `charges_estimate` takes it."""
        data = self.validated_data
        on = data.get("on", today)
        return {
            "plan": data["plan"],
            "on": on,
            "rounding_mode": RoundingMode(data["rounding_mode"]),
            "orders": [_billed(row, data["plan"], on) for row in data.get("orders", ())],
            "exercises": [
                Exercise(row["segment"], row["intrinsic"], row["qty"]) for row in data.get("exercises", ())
            ],
        }


class ChargePartsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One order: `total` is rounded once on the sum, `parts` are exact decimals in rupees."""

    total = RupeesField()
    parts = serializers.DictField(child=serializers.CharField(), help_text="brokerage, stt, exchange_txn, …")

    def to_representation(self, instance: Charges) -> dict[str, Any]:
        parts = {name: f"{part.normalize():f}" for name, part in instance.components().items()}
        return {"total": rupee_str(round_half_up(instance.total * 100)), "parts": parts}


class ChargesAnswerSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """`adjustment`: what the contract notes say more than the orders one by one; 0.00 in mode `exact`."""

    plan = serializers.CharField()
    on = serializers.DateField()
    rounding_mode = serializers.CharField()
    orders = ChargePartsSerializer(many=True)
    exercises = ChargePartsSerializer(many=True)
    exact = RupeesField(source="exact_paise")
    adjustment = RupeesField(source="adjustment_paise")
    total = RupeesField(source="total_paise")


def _billed(row: dict[str, Any], plan: str, on: date) -> Billed:
    return Billed(
        segment=row["segment"],
        exchange=row["exchange"],
        broker=plan,
        side=row["side"],
        turnover_paise=row["qty"] * row["price"],
        on=on,
        underlying=row.get("underlying", "").upper(),
        auto_square_off=row["auto_square_off"],
    )


CALENDAR = OpenApiExample(
    "A day that expires",
    value={
        "exchange": "NSE",
        "segment": "FO",
        "alerts": [],
        "data": [
            {
                "date": "2026-11-23",
                "kind": "ordinary",
                "name": "",
                "trades": True,
                "sittings": [{"open": "2026-11-23T03:45:00Z", "close": "2026-11-23T10:10:00Z"}],
                "expiring": ["BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTY", "NIFTYFPI", "NIFTYNXT50"],
                "expiring_close": "2026-11-23T10:10:00Z",
            }
        ],
    },
    response_only=True,
)
_NIFTY: dict[str, Any] = {
    "symbol": "NIFTY",
    "exchange": "NSE",
    "on": "2026-11-20",
    "freeze_qty": 1800,
    "freeze_confirmed": True,
    "freeze_qty_future": 1800,
    "tick": "0.05",
    "tick_future": "0.10",
    "strike_step": "50.00",
    "option_style": "European, cash settled",
    "contracts": [
        {
            "expiry": "2026-11-23",
            "nominal": "2026-11-24",
            "monthly": True,
            "confirmed": True,
            "lot_size": 65,
        }
    ],
}
UNDERLYING = OpenApiExample("NIFTY", value=_NIFTY, response_only=True)
UNDERLYINGS = OpenApiExample("Underlyings", value={"data": [_NIFTY]}, response_only=True)
_ORDER = {"segment": "INDEX_OPT", "exchange": "NSE", "side": "SELL", "qty": 65, "price": "120.00"}
ESTIMATE_REQUEST = OpenApiExample(
    "In and out",
    value={
        "plan": "zerodha",
        "on": "2026-11-25",
        "rounding_mode": "contract_note",
        "orders": [_ORDER, _ORDER | {"side": "BUY", "price": "80.00"}],
    },
    request_only=True,
)
ESTIMATE = OpenApiExample(
    "Charges",
    value={
        "plan": "zerodha",
        "on": "2026-11-25",
        "rounding_mode": "contract_note",
        "orders": [
            {
                "total": "38.58",
                "parts": {
                    "brokerage": "20",
                    "square_off": "0",
                    "stt": "11.7",
                    "exchange_txn": "2.77056",
                    "ipft": "0.00078",
                    "sebi_fee": "0.0078",
                    "stamp": "0",
                    "gst": "4.1002452",
                },
            }
        ],
        "exercises": [],
        "exact": "64.52",
        "adjustment": "0.14",
        "total": "64.66",
    },
    response_only=True,
)
