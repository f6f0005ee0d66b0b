"""Addresses of the portfolio's pages."""

from __future__ import annotations

from django.urls import path

from portfolio import views

urlpatterns = [path("positions/", views.position_list, name="positions")]
