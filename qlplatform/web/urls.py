"""Addresses of the shell's own pages."""

from __future__ import annotations

from django.urls import path

from qlplatform.web.views import account, audit, home, info

urlpatterns = [
    path("", home.home, name="home"),
    path("account/", account.account, name="account"),
    path("account/api-keys/", account.api_keys, name="api-keys"),
    path("account/api-keys/<str:public_id>/revoke/", account.revoke, name="api-key-revoke"),
    path("audit/", audit.audit, name="audit"),
    path("status/", info.status, name="status"),
    path("about/", info.about, name="about"),
    path("more/", info.more, name="more"),
]
