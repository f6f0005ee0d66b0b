"""Routes of the marketplace API, included under /api/v1/."""

from __future__ import annotations

from django.urls import path

from marketplace.api import views

urlpatterns = [
    path("templates", views.TemplateList.as_view(), name="api-templates"),
    path("templates/<slug:slug>", views.TemplateDetail.as_view(), name="api-template"),
    path("templates/<slug:slug>/use", views.TemplateUse.as_view(), name="api-template-use"),
]
