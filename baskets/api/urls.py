"""Routes of the baskets API, included under /api/v1/."""

from __future__ import annotations

from django.urls import path

from baskets.api import views

urlpatterns = [
    path("baskets", views.BasketList.as_view(), name="api-baskets"),
    path("baskets/<str:public_id>", views.BasketDetail.as_view(), name="api-basket"),
]
