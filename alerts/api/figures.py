"""Vigie's figures for Prometheus, read from the database at each scrape: ids and counts only."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from alerts.selectors.health import (
    count_deliveries,
    count_due,
    heartbeats,
    list_delays,
    oldest_due,
)


def write_figures(*, now: datetime) -> bytes:
    """Return everything in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(Figures(now))
    return generate_latest(registry)


class Figures:
    """Collects the figures of one scrape."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Yield each family of figures."""
        yield self._deliveries()
        yield self._due()
        yield self._lateness()
        yield self._heartbeats()
        yield self._delays()

    def _deliveries(self) -> Metric:
        family = CounterMetricFamily(
            "alerts_deliveries", "Deliveries by state", labels=["channel", "outcome"]
        )
        for channel, state, number in count_deliveries():
            family.add_metric([channel, state], number)
        return family

    def _due(self) -> Metric:
        family = GaugeMetricFamily("alerts_due", "Rows waiting to be carried out", labels=["part"])
        for part, number in count_due(now=self._now).items():
            family.add_metric([part], number)
        return family

    def _lateness(self) -> Metric:
        family = GaugeMetricFamily(
            "alerts_late_seconds", "How late the oldest due row is", labels=["part"]
        )
        for part, at in oldest_due().items():
            family.add_metric([part], max(0.0, self._seconds_since(at)) if at else 0.0)
        return family

    def _heartbeats(self) -> Metric:
        family = GaugeMetricFamily(
            "alerts_heartbeat_age_seconds", "Time since a part's last round", labels=["part"]
        )
        for part, at in heartbeats().items():
            family.add_metric([part], self._seconds_since(at))
        return family

    def _delays(self) -> Metric:
        family = GaugeMetricFamily(
            "alerts_delivery_delay_seconds",
            "From queued to taken by the provider, over the last hour",
            labels=["channel", "quantile"],
        )
        for channel, quantile, seconds in list_delays(now=self._now):
            family.add_metric([channel, quantile], seconds)
        return family

    def _seconds_since(self, at: datetime) -> float:
        return (self._now - at) / timedelta(seconds=1)
