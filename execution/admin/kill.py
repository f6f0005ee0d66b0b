"""The kill switch in operators' hands: pressed for one workspace or everybody, lifted, each after asking."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from execution.admin.columns import stamp
from execution.models import KillSwitch
from execution.services.kill import kill_switch_lift, kill_switch_press
from qlplatform.core.actors import staff_actor
from qlplatform.core.errors import QlError
from qlplatform.core.history_admin import HistoryAdmin
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor

EVERYBODY = "Everybody: the whole platform"


class PressForm(forms.Form):
    """For whom, how far, and why."""

    workspace = forms.ModelChoiceField(
        Workspace.objects.order_by("name"),
        required=False,
        empty_label=EVERYBODY,
        label="For whom",
        widget=UnfoldAdminSelectWidget,
    )
    level = forms.ChoiceField(
        choices=KillSwitch.Level.choices, label="How far", widget=UnfoldAdminSelectWidget
    )
    reason = forms.CharField(
        max_length=200,
        label="Why",
        help_text="Shown to everybody it stops.",
        widget=UnfoldAdminTextInputWidget,
    )


@admin.register(KillSwitch)
class KillSwitchAdmin(HistoryAdmin):
    """What was stopped, by whom and why. Rows are written by pressing and lifting only."""

    list_display = (
        "scope",
        "level_label",
        "state_label",
        "reason",
        "pressed_by",
        "pressed",
        "lifted_by",
        "lifted",
    )
    list_filter = ("level", ("lifted_at", admin.EmptyFieldListFilter))
    search_fields = ("public_id", "workspace__name", "reason", "pressed_by")
    list_select_related = ("workspace",)
    ordering = ("-pk",)
    actions_list: ClassVar = ["press"]
    actions_row: ClassVar = ["lift"]
    actions_detail: ClassVar = ["lift"]

    # -- permissions -------------------------------------------------------------

    def has_press_permission(self, request: HttpRequest) -> bool:
        """Those who may add a kill switch: the platform role “Risk officer”."""
        return bool(request.user.has_perm("execution.add_killswitch"))

    def has_lift_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Those who may change a kill switch."""
        return bool(request.user.has_perm("execution.change_killswitch"))

    # -- columns -------------------------------------------------------------------

    @display(description="stops", header=True)
    def scope(self, switch: KillSwitch) -> tuple[str, str]:
        """One workspace, or everybody."""
        return str(switch.workspace) if switch.workspace_id else "Everybody", switch.public_id

    @display(
        description="level",
        label={"pause_entries": "info", "cancel_orders": "warning", "square_off": "danger"},
        ordering="level",
    )
    def level_label(self, switch: KillSwitch) -> tuple[str, str]:
        """How far it goes."""
        return switch.level, switch.get_level_display()

    @display(description="state", label={"on": "danger", "lifted": "success"}, ordering="lifted_at")
    def state_label(self, switch: KillSwitch) -> str:
        """On until lifted."""
        return "lifted" if switch.lifted_at else "on"

    @admin.display(description="pressed", ordering="pressed_at")
    def pressed(self, switch: KillSwitch) -> str:
        """IST."""
        return stamp(switch.pressed_at)

    @admin.display(description="lifted", ordering="lifted_at")
    def lifted(self, switch: KillSwitch) -> str:
        """IST."""
        return stamp(switch.lifted_at)

    # -- actions ---------------------------------------------------------------------

    @action(
        description="Press the kill switch", url_path="press", icon="emergency_home", permissions=["press"]
    )
    def press(self, request: HttpRequest) -> HttpResponse:
        """The form is the confirmation page: nothing happens before it is sent."""
        form = PressForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            wanted = form.cleaned_data
            return self._do(
                request,
                lambda by: kill_switch_press(actor=by, level=wanted["level"], reason=wanted["reason"]),
                wanted["workspace"],
                "pressed",
            )
        return self._page(request, "press", "Press the kill switch", {"form": form})

    @action(description="Lift", url_path="lift", icon="lock_open", permissions=["lift"])
    def lift(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks first; only the confirmed POST lifts."""
        switch = get_object_or_404(KillSwitch.objects.select_related("workspace"), pk=object_id)
        if switch.lifted_at is not None:
            messages.info(request, "This kill switch has been lifted already.")
            return redirect(_list())
        if request.method == "POST":
            return self._do(request, lambda by: kill_switch_lift(actor=by), switch.workspace, "lifted")
        return self._page(request, "lift", "Lift the kill switch", {"switch": switch})

    def _do(self, request: HttpRequest, act: Any, workspace: Workspace | None, verb: str) -> HttpResponse:
        try:
            act(_operator(request, workspace))
        except QlError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"The kill switch was {verb} for {workspace or 'everybody'}.")
        return redirect(_list())

    def _page(self, request: HttpRequest, name: str, title: str, more: dict[str, Any]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "back": _list(),
        }
        return render(request, f"admin/execution/killswitch/{name}.html", context | more)


def _operator(request: HttpRequest, workspace: Workspace | None) -> Actor:
    """The member of staff acting for the platform, in one workspace or over all of them."""
    return replace(staff_actor(request), workspace_id=workspace.pk if workspace else None)


def _list() -> str:
    return reverse("admin:execution_killswitch_changelist")
