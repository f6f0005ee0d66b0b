"""Query parameters of the lists."""

from __future__ import annotations

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from execution.models import Deployment, Order, Run


class DeploymentFilter(filters.FilterSet):  # type: ignore[misc]
    """`?state=&session=&strategy=`."""

    state = filters.ChoiceFilter(choices=Deployment.State.choices)
    session = filters.CharFilter(field_name="account__market__public_id", label="mkt_…")
    strategy = filters.CharFilter(field_name="strategy__public_id", label="str_…")

    class Meta:
        model = Deployment
        fields = ("state", "session", "strategy")


class RunFilter(filters.FilterSet):  # type: ignore[misc]
    """`?open=&phase=&session=&deployment=&trading_date=`."""

    open = filters.BooleanFilter(method="filter_open", label="true: not ended yet")
    phase = filters.ChoiceFilter(choices=Run.Phase.choices)
    session = filters.CharFilter(field_name="market__public_id", label="mkt_…")
    deployment = filters.CharFilter(field_name="deployment__public_id", label="dep_…")
    trading_date = filters.DateFilter()

    class Meta:
        model = Run
        fields = ("open", "phase", "session", "deployment", "trading_date")

    def filter_open(self, rows: QuerySet[Run], name: str, value: bool) -> QuerySet[Run]:
        """Runs that go on, or those that ended."""
        return rows.exclude(phase__in=Run.CLOSED) if value else rows.filter(phase__in=Run.CLOSED)


class OrderFilter(filters.FilterSet):  # type: ignore[misc]
    """`?state=&session=&run=`."""

    state = filters.ChoiceFilter(choices=Order.State.choices)
    session = filters.CharFilter(field_name="account__market__public_id", label="mkt_…")
    run = filters.CharFilter(field_name="intent__run__public_id", label="run_…")

    class Meta:
        model = Order
        fields = ("state", "session", "run")
