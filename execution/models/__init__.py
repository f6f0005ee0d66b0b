"""Deployments, their schedules and runs, and every order on its way to a broker."""

from execution.models.deployment import Deployment, Schedule
from execution.models.kill import KillSwitch
from execution.models.lease import ShardLease
from execution.models.order import Intent, Order, OrderEvent
from execution.models.run import Decision, Leg, Run, RunEvent

__all__ = [
    "Decision",
    "Deployment",
    "Intent",
    "KillSwitch",
    "Leg",
    "Order",
    "OrderEvent",
    "Run",
    "RunEvent",
    "Schedule",
    "ShardLease",
]
