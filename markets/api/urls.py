"""Routes of the markets API, included under /api/v1/."""

from __future__ import annotations

from django.urls import path

from markets.api import views

urlpatterns = [
    path("markets", views.MarketList.as_view(), name="markets"),
    path("markets/<str:public_id>", views.MarketDetail.as_view(), name="market"),
    path("instruments", views.InstrumentList.as_view(), name="instruments"),
    path("instruments/<str:public_id>", views.InstrumentDetail.as_view(), name="instrument"),
]
