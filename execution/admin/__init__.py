"""What operators see of execution: read-only, superusers included; only the kill switch acts."""

from execution.admin.deployments import DeploymentAdmin, ScheduleAdmin
from execution.admin.kill import KillSwitchAdmin
from execution.admin.leases import ShardLeaseAdmin
from execution.admin.orders import IntentAdmin, OrderAdmin, OrderEventAdmin
from execution.admin.runs import RunAdmin

__all__ = [
    "DeploymentAdmin",
    "IntentAdmin",
    "KillSwitchAdmin",
    "OrderAdmin",
    "OrderEventAdmin",
    "RunAdmin",
    "ScheduleAdmin",
    "ShardLeaseAdmin",
]
