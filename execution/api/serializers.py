"""What the API shows. Amounts are decimal strings in rupees, times RFC 3339 UTC, `mode` is paper or live."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from execution.api.fields import AverageField
from execution.models import Decision, Deployment, Leg, Order, OrderEvent, Run
from markets.api.serializers import InstrumentSerializer
from markets.models import Market
from qlplatform.core.api.fields import RupeesField

MODES = [("paper", "paper"), ("live", "live")]


class PnlSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """P&L of the trading day; net = realised + unrealised - charges."""

    realised = RupeesField(source="realised_paise")
    unrealised = RupeesField(source="unrealised_paise")
    charges = RupeesField(source="charges_paise")
    net = RupeesField(source="net_paise")


class DeploymentSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A strategy at work on an account, as its card on the dashboard shows it."""

    id = serializers.CharField(source="deployment.public_id", help_text="dep_…")
    strategy = serializers.CharField(source="deployment.strategy.public_id", help_text="str_…")
    strategy_name = serializers.CharField(source="deployment.strategy.name")
    version = serializers.IntegerField(
        source="deployment.version.number",
        default=None,
        allow_null=True,
        help_text="pinned version; null follows the latest",
    )
    account = serializers.CharField(source="deployment.account.public_id", help_text="acc_…")
    session = serializers.CharField(source="deployment.account.market.public_id", help_text="mkt_…")
    basket = serializers.CharField(
        source="deployment.basket.public_id", default=None, allow_null=True, help_text="bsk_…"
    )
    mode = serializers.ChoiceField(MODES)
    multiplier = serializers.IntegerField(source="deployment.multiplier")
    state = serializers.ChoiceField(Deployment.State.choices, source="deployment.state")
    status = serializers.CharField(source="badge", help_text="the state word of pages: waiting, running, …")
    next_action = serializers.CharField(source="next", help_text="what happens next, in words")
    next_due_at = serializers.DateTimeField(source="deployment.schedule.next_due_at", allow_null=True)
    run = serializers.CharField(
        source="run.public_id", default=None, allow_null=True, help_text="newest run, run_…"
    )
    trading_date = serializers.DateField(source="run.trading_date", default=None, allow_null=True)
    open_legs = serializers.IntegerField()
    pnl = PnlSerializer()
    created_at = serializers.DateTimeField(source="deployment.created_at")


class RunSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One activation of a deployment on one trading day. Times of opening and closing are market time."""

    id = serializers.CharField(source="public_id", help_text="run_…")
    deployment = serializers.CharField(source="deployment.public_id", help_text="dep_…")
    strategy = serializers.CharField(source="deployment.strategy.public_id", help_text="str_…")
    strategy_name = serializers.CharField(source="deployment.strategy.name")
    version = serializers.IntegerField(source="version.number")
    account = serializers.CharField(source="account.public_id", help_text="acc_…")
    session = serializers.CharField(source="market.public_id", help_text="mkt_…")
    mode = serializers.ChoiceField(MODES, source="account.mode")

    class Meta:
        model = Run
        fields = (
            "id", "deployment", "strategy", "strategy_name", "version", "account", "session", "mode",
            "trading_date", "phase", "outcome", "outcome_text", "paused", "multiplier", "opened_at",
            "closed_at",
        )  # fmt: skip


class LegSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One piece of the position: what was opened and how it was closed. Quantities are units."""

    leg = serializers.CharField(source="leg_id")
    instrument = InstrumentSerializer()
    open_qty = serializers.IntegerField()
    entry_price = AverageField(qty="entry_qty", value="entry_value_paise")
    exit_price = AverageField(qty="exit_qty", value="exit_value_paise")

    class Meta:
        model = Leg
        fields = (
            "leg", "cycle", "instrument", "side", "lots", "qty", "entry_qty", "entry_price", "entered_at",
            "exit_qty", "exit_price", "exited_at", "exit_reason", "open_qty", "stop", "target",
        )  # fmt: skip


class DecisionSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One line of the decision log: what was decided, why, and the inputs seen."""

    leg = serializers.CharField(source="leg_id")
    inputs = serializers.DictField()

    class Meta:
        model = Decision
        fields = ("at", "kind", "code", "leg", "text", "inputs", "price_seq")


class RunDetailSerializer(RunSerializer):
    """A run with its legs and its whole decision log, oldest first."""

    legs = LegSerializer(many=True)
    decisions = DecisionSerializer(many=True)

    class Meta(RunSerializer.Meta):
        fields = (*RunSerializer.Meta.fields, "legs", "decisions")  # type: ignore[assignment]


class OrderSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One broker order. `created_at` is market time, `sent_at` and `updated_at` are wall time."""

    id = serializers.CharField(source="public_id", help_text="ord_…")
    run = serializers.CharField(source="intent.run.public_id", help_text="run_…")
    deployment = serializers.CharField(source="intent.run.deployment.public_id", help_text="dep_…")
    strategy_name = serializers.CharField(source="intent.run.deployment.strategy.name")
    account = serializers.CharField(source="account.public_id", help_text="acc_…")
    session = serializers.CharField(source="account.market.public_id", help_text="mkt_…")
    mode = serializers.ChoiceField(MODES, source="account.mode")
    trading_date = serializers.DateField(source="intent.run.trading_date")
    instrument = InstrumentSerializer()
    leg = serializers.CharField(source="intent.leg_id")
    purpose = serializers.CharField(source="intent.purpose", help_text="ENTRY or EXIT")
    exit_reason = serializers.CharField(
        source="intent.reason", help_text="of the closed list; empty for entries"
    )
    text = serializers.CharField(source="intent.text", help_text="why, in plain words")
    lots = serializers.SerializerMethodField()
    limit_price = RupeesField(source="limit_paise")
    average_price = AverageField(qty="filled_qty", value="filled_value_paise")

    class Meta:
        model = Order
        fields = (
            "id", "run", "deployment", "strategy_name", "account", "session", "mode", "trading_date",
            "instrument", "leg", "purpose", "exit_reason", "text", "side", "qty", "lots", "limit_price",
            "filled_qty", "average_price", "state", "reason_code", "reason_text", "tag", "broker_order_id",
            "algo_id", "created_at", "sent_at", "updated_at",
        )  # fmt: skip

    @extend_schema_field(int)
    def get_lots(self, order: Order) -> int:
        """Quantity in lots of the contract."""
        return order.qty // order.instrument.lot_size


class OrderEventSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One move of an order (wall time)."""

    class Meta:
        model = OrderEvent
        fields = ("at", "state", "text")


class OrderDetailSerializer(OrderSerializer):
    """An order with its history, oldest first."""

    history = OrderEventSerializer(source="events", many=True)

    class Meta(OrderSerializer.Meta):
        fields = (*OrderSerializer.Meta.fields, "history")  # type: ignore[assignment]


class KillSwitchSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """The kill switch as it stands. `scope` is `platform` when the operators stopped everybody."""

    on = serializers.BooleanField()
    level = serializers.CharField(help_text="pause_entries, cancel_orders, square_off; empty when off")
    scope = serializers.CharField(help_text="workspace or platform; empty when off")
    reason = serializers.CharField()
    pressed_by = serializers.CharField()
    pressed_at = serializers.DateTimeField(allow_null=True)


class ReplaySerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A recorded session being played: a market of its own, always paper. `now` is its clock."""

    id = serializers.CharField(source="public_id", help_text="mkt_…")
    mode = serializers.CharField(default="paper")
    trading_date = serializers.DateField(source="session_date")

    class Meta:
        model = Market
        fields = (
            "id", "mode", "underlying", "trading_date", "source", "state", "speed", "seq", "now", "note",
            "created_at", "ended_at",
        )  # fmt: skip
