"""Addresses of the baskets' pages."""

from __future__ import annotations

from django.urls import path

from baskets import views

urlpatterns = [
    path("baskets/", views.basket_list, name="baskets"),
    path("baskets/<str:public_id>/", views.basket, name="basket"),
]
