"""Addresses of the marketplace's pages."""

from __future__ import annotations

from django.urls import path

from marketplace import views

urlpatterns = [
    path("templates/", views.listing_list, name="templates"),
    path("templates/<slug:slug>/", views.listing, name="template"),
    path("templates/<slug:slug>/use/", views.use, name="template-use"),
]
