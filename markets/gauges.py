"""Gauges of live prices on /metrics: how much comes in, who is silent, how much was wrong today."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from django.db.models import Sum
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from markets.models import DataFault
from markets.selectors.feed import feed_status
from qlplatform.core.clock import IST, wall


class MarketGauges(Collector):
    """Read at every scrape; what cannot be read is left out."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        yield from (_rate(), _silence(), _stale(), _faults())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        rate, silence, stale, faults = _rate(), _silence(), _stale(), _faults()
        status = feed_status()
        if status is not None:
            stale.add_metric([], status.stale)
            for source in status.sources:
                quiet = (wall() - source.silent_since).total_seconds() if source.silent_since else 0.0
                rate.add_metric([source.name], source.ticks_per_s)
                silence.add_metric([source.name], quiet)
        try:
            today = DataFault.objects.filter(day=wall().astimezone(IST).date())
            for row in today.values("source").annotate(n=Sum("count")):
                faults.add_metric([row["source"]], row["n"])
        except DatabaseError:
            pass
        yield from (rate, silence, stale, faults)


def _rate() -> GaugeMetricFamily:
    return GaugeMetricFamily("ql_feed_ticks_per_second", "Ticks a source delivers.", labels=["source"])


def _silence() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "ql_feed_silent_seconds", "How long a source has been silent in trading hours.", labels=["source"]
    )


def _stale() -> GaugeMetricFamily:
    return GaugeMetricFamily("ql_feed_stale_instruments", "Instruments with an old price.")


def _faults() -> GaugeMetricFamily:
    return GaugeMetricFamily("ql_data_faults_today", "Unusable data received today.", labels=["source"])


REGISTRY.register(MarketGauges())
