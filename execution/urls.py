"""Addresses of the pages of what runs."""

from __future__ import annotations

from django.urls import path, re_path

from execution.views import kill, orders, replays, strategies

urlpatterns = [
    path("strategies/", strategies.strategies, name="strategies"),
    path("strategies/<str:public_id>/", strategies.strategy, name="strategy"),
    re_path(
        r"^deployments/(?P<public_id>[^/]+)/(?P<action>pause|resume|square-off|archive)/$",
        strategies.deployment_action,
        name="deployment-action",
    ),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:public_id>/", orders.order, name="order"),
    path("kill/", kill.kill, name="kill"),
    path("kill/lift/", kill.lift, name="kill-lift"),
    path("replays/", replays.start, name="replay-start"),
    path("replays/<str:public_id>/<str:action>/", replays.control, name="replay-control"),
]
