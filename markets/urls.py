"""Addresses of the pages of the market."""

from __future__ import annotations

from django.urls import path

from markets.views import chain, data

urlpatterns = [
    path("chain/", chain.first, name="chain"),
    path("chain/<str:underlying>/", chain.chain_page, name="chain-of"),
    path("chain/<str:underlying>/<str:public_id>/", chain.contract, name="chain-contract"),
    path("data/", data.data_health, name="data"),
]
