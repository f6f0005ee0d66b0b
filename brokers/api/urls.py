"""Routes of the brokers API, included under /api/v1/."""

from __future__ import annotations

from django.urls import path

from brokers.api import aliases, views

urlpatterns = [
    path("accounts", views.AccountList.as_view(), name="accounts"),
    path("accounts/<str:public_id>", views.AccountDetail.as_view(), name="account"),
    path("aliases", aliases.AliasList.as_view(), name="aliases"),
]
