"""Addresses of core: for machines, and the one-time sign-in link."""

from __future__ import annotations

from django.urls import path

from qlplatform.core import views

app_name = "core"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("signin/<str:token>/", views.signin_link, name="signin_link"),
    path("problems/<slug:code>/", views.problem_page, name="problem"),
]
