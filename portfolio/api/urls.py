"""Routes of the portfolio API, included under /api/v1/."""

from __future__ import annotations

from django.urls import path

from portfolio.api import views

urlpatterns = [
    path("positions", views.PositionList.as_view(), name="api-positions"),
    path("pnl", views.PnlList.as_view(), name="api-pnl"),
    path("limits", views.LimitList.as_view(), name="api-limits"),
    path("limits/<str:public_id>", views.LimitDetail.as_view(), name="api-limit"),
]
