"""What the evaluation of a structure answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from markets.domain.charges import Charges
from markets.domain.margin import Margin, StructureMargin
from markets.domain.pricing.black76 import Greeks
from markets.domain.pricing.payoff import Summary
from markets.domain.rounding import nearest_paise
from markets.domain.structures import Curves, Grid, Valued
from markets.selectors.structures import Evaluation, RoundTrip
from qlplatform.core.api.fields import RupeesField
from qlplatform.core.money import round_half_up, rupee_str

_AMOUNT = {"type": "string", "pattern": r"^-?\d+\.\d{2}$"}
_GREEKS = ("delta", "gamma", "theta", "vega", "rho", "vanna", "volga")


def _amount(rupees: float) -> str:
    return rupee_str(nearest_paise(rupees))


def _amounts(values: Any) -> Any:
    """An array of rupees as nested lists of text."""
    return [_amounts(each) for each in values] if np.ndim(values) else _amount(values)


@extend_schema_field(_AMOUNT)
class PointsField(serializers.Field):  # type: ignore[type-arg]
    """Floating rupees of a kernel, to the paisa."""

    def to_representation(self, value: float) -> str:
        return _amount(value)


class StructureGreeksSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """delta, gamma: per point of the forward; theta: a day; vega: a volatility point; rho: 1 % of rate."""

    delta = serializers.FloatField()
    gamma = serializers.FloatField()
    theta = serializers.FloatField()
    vega = serializers.FloatField()
    rho = serializers.FloatField()
    vanna = serializers.FloatField()
    volga = serializers.FloatField()

    def to_representation(self, instance: Greeks) -> dict[str, float]:
        return {name: float(getattr(instance, name)) for name in _GREEKS}


class StructureTermSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An expiry of the structure, the forward there and the rule that gave it."""

    expiry = serializers.DateField()
    years = serializers.FloatField()
    forward = PointsField()
    rule = serializers.CharField(help_text="FUTURE, PARITY or CARRY")
    stale = serializers.BooleanField(help_text="assumed instead of observed")


class StructureLegSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A leg with its price; IV and Greeks (of one unit) where that price gives them."""

    side = serializers.CharField()
    kind = serializers.CharField()
    expiry = serializers.DateField()
    strike = RupeesField(allow_null=True)
    lots = serializers.IntegerField()
    lot_size = serializers.IntegerField()
    qty = serializers.IntegerField(help_text="units, negative for sold")
    price = PointsField()
    price_source = serializers.CharField(
        help_text="GIVEN, MARKET, or MODEL: from the volatility of the nearest leg"
    )
    iv = serializers.FloatField(allow_null=True, help_text="decimal a year")
    iv_code = serializers.CharField(help_text="OK, or why there is no IV; empty for futures")
    greeks = StructureGreeksSerializer(allow_null=True)

    def to_representation(self, instance: Valued) -> dict[str, Any]:
        quoted, leg = instance.quoted, instance.quoted.leg
        return {
            "side": leg.side,
            "kind": leg.kind,
            "expiry": leg.expiry.isoformat(),
            "strike": None if leg.strike_paise is None else rupee_str(leg.strike_paise),
            "lots": leg.lots,
            "lot_size": quoted.lot_size,
            "qty": quoted.qty,
            "price": _amount(instance.price),
            "price_source": instance.source,
            "iv": instance.iv,
            "iv_code": instance.code,
            "greeks": StructureGreeksSerializer().to_representation(instance.greeks)
            if instance.greeks
            else None,
        }


class StructureProfitSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """Extremes at the first expiry; null when unlimited. A loss is negative."""

    max_profit = PointsField(allow_null=True)
    max_profit_unlimited = serializers.BooleanField()
    max_loss = PointsField(allow_null=True)
    max_loss_unlimited = serializers.BooleanField()
    breakevens = serializers.ListField(child=PointsField())

    def to_representation(self, instance: Summary) -> dict[str, Any]:
        most, least = instance.max_profit, instance.max_loss
        return {
            "max_profit": None if most is None else _amount(most),
            "max_profit_unlimited": most is None,
            "max_loss": None if least is None else _amount(least),
            "max_loss_unlimited": least is None,
            "breakevens": _amounts(instance.breakevens),
        }


class StructurePayoffSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """P&L by level of the underlying: at the first expiry, and now."""

    levels = serializers.ListField(child=PointsField())
    expiry = serializers.ListField(child=PointsField())
    now = serializers.ListField(child=PointsField())

    def to_representation(self, instance: Curves) -> dict[str, Any]:
        return {name: _amounts(getattr(instance, name)) for name in ("levels", "expiry", "now")}


class StructureScenariosSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """P&L as [day][volatility shift][level]."""

    moves_pct = serializers.ListField(child=serializers.FloatField())
    levels = serializers.ListField(child=PointsField())
    vol_shifts = serializers.ListField(child=serializers.FloatField(), help_text="0.02: two points up")
    days = serializers.ListField(child=serializers.FloatField(), help_text="calendar days from now")
    pnl = serializers.ListField(child=serializers.ListField(child=serializers.ListField(child=PointsField())))

    def to_representation(self, instance: Grid) -> dict[str, Any]:
        return {
            "moves_pct": list(instance.moves_pct),
            "levels": _amounts(instance.levels),
            "vol_shifts": list(instance.vol_shifts),
            "days": list(instance.days),
            "pnl": _amounts(instance.pnl),
        }


class RoundTripSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """In and out at the same prices, one order a leg each way; the total is rounded once an order."""

    plan = serializers.CharField()
    total = RupeesField()
    parts = serializers.DictField(child=RupeesField(), help_text="brokerage, stt, exchange_txn, …")

    def to_representation(self, instance: RoundTrip) -> dict[str, Any]:
        return {
            "plan": instance.plan,
            "total": rupee_str(instance.total_paise),
            "parts": _parts(instance.charges),
        }


def _parts(charges: Charges) -> dict[str, str]:
    return {name: rupee_str(round_half_up(part * 100)) for name, part in charges.components().items()}


class MarginPartsSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What is blocked. `span` is scan risk and spread charge less the net option value."""

    total = RupeesField(source="total_paise")
    span = RupeesField(source="span_paise")
    scan = RupeesField(source="scan_paise")
    spread_charge = RupeesField(source="spread_charge_paise")
    net_option_value = RupeesField(source="net_option_value_paise")
    exposure = RupeesField(source="exposure_paise")
    expiry_addon = RupeesField(source="expiry_addon_paise")
    worst_scenario = serializers.IntegerField(help_text="1 to 16; 0: no scenario loses")


class MarginStepSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """After this leg is filled, long legs going first."""

    leg = serializers.IntegerField(help_text="place in the request, from 0")
    total = RupeesField(source="total_paise")
    premium = RupeesField(source="premium_paise", help_text="paid so far; negative: received")


class ExpiryJumpSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What is left of the structure on its next expiry day, at the same prices."""

    on = serializers.DateField()
    total = RupeesField(source="total_paise")
    extra = RupeesField(source="extra_paise")


class MarginSerializer(MarginPartsSerializer):
    """The margin together, alone and step by step. `basis` is `exact` only with the risk file of the day."""

    hedge_benefit = RupeesField(help_text="what the legs need less together than each alone")
    needed = RupeesField(help_text="what an account should have: an estimate has a safety buffer on top")
    basis = serializers.ChoiceField([("estimate", "estimate"), ("exact", "exact")])
    accuracy = serializers.CharField()
    file_day = serializers.DateField(allow_null=True)
    alone = MarginPartsSerializer(many=True)
    steps = MarginStepSerializer(many=True)
    expiry_jump = ExpiryJumpSerializer(allow_null=True)
    warning = serializers.CharField(help_text="when the margin rises on the next trading day; else empty")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        structure: StructureMargin = instance.structure
        whole: Margin = structure.margin
        jump = structure.expiry_jump
        return {
            **MarginPartsSerializer(whole).data,
            "hedge_benefit": rupee_str(structure.hedge_benefit_paise),
            "needed": rupee_str(structure.needed_paise),
            "basis": structure.basis,
            "accuracy": structure.accuracy,
            "file_day": structure.file_day and structure.file_day.isoformat(),
            "alone": MarginPartsSerializer(structure.alone, many=True).data,
            "steps": MarginStepSerializer(structure.steps, many=True).data,
            "expiry_jump": ExpiryJumpSerializer(jump).data if jump else None,
            "warning": instance.warning,
        }


class StructureEvaluationSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A structure at an instant."""

    underlying = serializers.CharField()
    at = serializers.DateTimeField()
    spot = RupeesField()
    expiries = StructureTermSerializer(many=True)
    legs = StructureLegSerializer(many=True)
    net_premium = RupeesField(help_text="positive: received, negative: paid")
    profit = StructureProfitSerializer()
    probability_of_profit = serializers.FloatField(allow_null=True)
    greeks = StructureGreeksSerializer(help_text="of the whole position, in units")
    payoff = StructurePayoffSerializer()
    scenarios = StructureScenariosSerializer()
    charges = RoundTripSerializer(allow_null=True)
    margin = MarginSerializer()

    def to_representation(self, instance: Evaluation) -> dict[str, Any]:
        outlook = instance.outlook
        trip = instance.round_trip
        return {
            "underlying": instance.underlying,
            "at": serializers.DateTimeField().to_representation(instance.at),
            "spot": rupee_str(instance.spot_paise),
            "expiries": _terms(instance),
            "legs": StructureLegSerializer(instance.legs, many=True).data,
            "net_premium": rupee_str(instance.net_premium_paise),
            "profit": StructureProfitSerializer(outlook.summary).data,
            "probability_of_profit": outlook.probability,
            "greeks": StructureGreeksSerializer(outlook.greeks).data,
            "payoff": StructurePayoffSerializer(outlook.curves).data,
            "scenarios": StructureScenariosSerializer(outlook.grid).data,
            "charges": RoundTripSerializer(trip).data if trip else None,
            "margin": MarginSerializer(instance.margin).data,
        }


def _terms(found: Evaluation) -> list[dict[str, Any]]:
    return [
        {
            "expiry": expiry.isoformat(),
            "years": term.years,
            "forward": _amount(term.forward.value),
            "rule": term.forward.rule,
            "stale": term.forward.stale,
        }
        for expiry, term in found.terms.items()
    ]
