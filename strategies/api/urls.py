"""Routes of the strategies API, included under /api/v1/."""

from __future__ import annotations

from django.urls import path

from strategies.api import rules, views

urlpatterns = [
    path("strategies", views.StrategyList.as_view(), name="api-strategies"),
    path("strategies/<str:public_id>", views.StrategyDetail.as_view(), name="api-strategy"),
    path(
        "strategies/<str:public_id>/versions", views.StrategyVersions.as_view(), name="api-strategy-versions"
    ),
    path("strategy-schema", views.StrategySchema.as_view(), name="api-strategy-schema"),
    path("rules/check", rules.RuleCheck.as_view(), name="api-rules-check"),
    path("rules/complete", rules.RuleComplete.as_view(), name="api-rules-complete"),
    path("rules/vocabulary", rules.RuleVocabulary.as_view(), name="api-rules-vocabulary"),
]
