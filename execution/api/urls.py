"""Routes of the execution API, included under /api/v1/."""

from __future__ import annotations

from django.urls import path

from execution.api.views import deployments, kill, orders, replays, runs

urlpatterns = [
    path("deployments", deployments.DeploymentList.as_view(), name="api-deployments"),
    path("deployments/<str:public_id>", deployments.DeploymentDetail.as_view(), name="api-deployment"),
    path(
        "deployments/<str:public_id>/pause",
        deployments.DeploymentPause.as_view(),
        name="api-deployment-pause",
    ),
    path(
        "deployments/<str:public_id>/resume",
        deployments.DeploymentResume.as_view(),
        name="api-deployment-resume",
    ),
    path(
        "deployments/<str:public_id>/archive",
        deployments.DeploymentArchive.as_view(),
        name="api-deployment-archive",
    ),
    path(
        "deployments/<str:public_id>/square-off",
        deployments.DeploymentSquareOff.as_view(),
        name="api-deployment-square-off",
    ),
    path("runs", runs.RunList.as_view(), name="api-runs"),
    path("runs/<str:public_id>", runs.RunDetail.as_view(), name="api-run"),
    path("runs/<str:public_id>/decisions", runs.RunDecisions.as_view(), name="api-run-decisions"),
    path("runs/<str:public_id>/square-off", runs.RunSquareOff.as_view(), name="api-run-square-off"),
    path("orders", orders.OrderList.as_view(), name="api-orders"),
    path("orders/<str:public_id>", orders.OrderDetail.as_view(), name="api-order"),
    path("kill-switch", kill.KillSwitchState.as_view(), name="api-kill-switch"),
    path("replays", replays.ReplayList.as_view(), name="api-replays"),
    path("replays/<str:public_id>", replays.ReplayDetail.as_view(), name="api-replay"),
    path("replays/<str:public_id>/control", replays.ReplayControl.as_view(), name="api-replay-control"),
]
