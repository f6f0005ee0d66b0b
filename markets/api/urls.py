"""Routes of the markets API, included under /api/v1/."""

from __future__ import annotations

from django.urls import path

from markets.api import candles, chain, facts, masters, structures, views

urlpatterns = [
    path("calendar", facts.CalendarView.as_view(), name="calendar"),
    path("underlyings", facts.UnderlyingList.as_view(), name="underlyings"),
    path("underlyings/<str:symbol>", facts.UnderlyingDetail.as_view(), name="underlying"),
    path("charges/estimate", facts.ChargesEstimate.as_view(), name="charges-estimate"),
    path("markets", views.MarketList.as_view(), name="markets"),
    path("markets/<str:public_id>", views.MarketDetail.as_view(), name="market"),
    path("masters", masters.MasterList.as_view(), name="masters"),
    path("masters/<str:public_id>", masters.MasterDetail.as_view(), name="master"),
    path("instruments", views.InstrumentList.as_view(), name="instruments"),
    path("instruments/<str:public_id>", views.InstrumentDetail.as_view(), name="instrument"),
    path("structures/evaluate", structures.StructureEvaluate.as_view(), name="structures-evaluate"),
    path("candles", candles.CandleList.as_view(), name="candles"),
    path("recordings", candles.RecordingList.as_view(), name="recordings"),
    path("chain/<str:underlying>", chain.ChainView.as_view(), name="chain"),
    path("chain/<str:underlying>/summary", chain.ChainSummaryView.as_view(), name="chain-summary"),
]
