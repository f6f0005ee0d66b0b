"""`/api/v1/kill-switch`: is trading stopped, stop it, allow it again."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from execution import selectors
from execution.api import examples
from execution.api.inputs import KillInput
from execution.api.serializers import KillSwitchSerializer
from execution.models import KillSwitch
from execution.services.kill import kill_switch_lift, kill_switch_press
from qlplatform.core.api.idempotency import idempotent
from qlplatform.core.api.views import WorkspaceAPIView


class KillSwitchState(WorkspaceAPIView):
    """The kill switch of the workspace."""

    rights: ClassVar[dict[str, str]] = {"POST": "stop", "DELETE": "trade"}

    @extend_schema(
        operation_id="kill_switch_get",
        summary="Get the kill switch",
        responses=KillSwitchSerializer,
        examples=[examples.KILL_SWITCH],
    )
    def get(self, request: Request) -> Response:
        return Response(_shown(selectors.kill_state(self.actor)))

    @extend_schema(
        operation_id="kill_switch_press",
        summary="Press the kill switch",
        description=(
            "Stops new entries at once; `cancel_orders` also cancels open entry orders, `square_off` also "
            "closes everything. Pressing again with a higher level goes further."
        ),
        request=KillInput,
        responses=KillSwitchSerializer,
        examples=[examples.KILL, examples.KILL_SWITCH],
    )
    @idempotent(required=True)
    def post(self, request: Request) -> Response:
        wanted = KillInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        return Response(_shown(kill_switch_press(actor=self.actor, **wanted.validated_data)))

    @extend_schema(
        operation_id="kill_switch_lift",
        summary="Lift the kill switch",
        description="Allows new entries again. The operators' own switch cannot be lifted here.",
        request=None,
        responses={200: KillSwitchSerializer},
        examples=[examples.KILL_SWITCH_OFF],
    )
    def delete(self, request: Request) -> Response:
        kill_switch_lift(actor=self.actor)
        return Response(_shown(selectors.kill_state(self.actor)))


def _shown(switch: KillSwitch | None) -> dict[str, Any]:
    if switch is None:
        off = {"on": False, "level": "", "scope": "", "reason": "", "pressed_by": "", "pressed_at": None}
        return dict(KillSwitchSerializer(off).data)
    on = {
        "on": True,
        "level": switch.level,
        "scope": "platform" if switch.workspace_id is None else "workspace",
        "reason": switch.reason,
        "pressed_by": switch.pressed_by,
        "pressed_at": switch.pressed_at,
    }
    return dict(KillSwitchSerializer(on).data)
