"""What the API takes. Each feeds one service call."""

from __future__ import annotations

from rest_framework import serializers

from execution.models import KillSwitch
from execution.services.controls import ACTIONS
from execution.services.replays import DEFAULT_SPEED

MAX_MULTIPLIER = 1000
MAX_VALUE = 100_000
"""Keeps nonsense out; what a speed or a step may be is the service's to say."""


class DeployInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which strategy to put to work; without account on paper, in the workspace's replay."""

    strategy = serializers.CharField(max_length=40, help_text="str_…")
    account = serializers.CharField(max_length=40, required=False, help_text="acc_…; left out: paper")
    multiplier = serializers.IntegerField(min_value=1, max_value=MAX_MULTIPLIER, default=1)
    basket = serializers.CharField(max_length=40, required=False, help_text="bsk_…")


class KillInput(serializers.Serializer):  # type: ignore[type-arg]
    """How far the kill switch goes."""

    level = serializers.ChoiceField(KillSwitch.Level.choices)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ReplayInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which recorded session to play; left out: the first one."""

    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name is meant
        max_length=200, required=False, help_text="name of the session set"
    )
    session_date = serializers.DateField(required=False)
    speed = serializers.IntegerField(
        min_value=0,
        max_value=MAX_VALUE,
        default=DEFAULT_SPEED,
        help_text="market seconds per second; 0: flat out",
    )


class ControlInput(serializers.Serializer):  # type: ignore[type-arg]
    """What to do with a replay; `value` is the speed for `speed`, a number of bars for `step`."""

    action = serializers.ChoiceField([(action, action) for action in ACTIONS])
    value = serializers.IntegerField(required=False, min_value=0, max_value=MAX_VALUE)
