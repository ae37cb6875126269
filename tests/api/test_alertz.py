"""What monitors are told, and who may ask."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from alerts.conf import alerts_settings
from alerts.services.heartbeats import beat
from tests.factories import TimerFactory

pytestmark = pytest.mark.django_db
ELSEWHERE = "203.0.113.7"


@pytest.fixture
def alive(now: datetime) -> datetime:
    """Let sweep and sender beat."""
    beat(["sweep", "sender"], now=now)
    return now


@pytest.fixture
def metrics_token(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the installation a token for monitors."""
    monkeypatch.setenv("METRICS_TOKEN", "for-monitors")
    alerts_settings.cache_clear()
    yield "for-monitors"
    monkeypatch.undo()
    alerts_settings.cache_clear()


@pytest.mark.usefixtures("alive")
def test_all_is_well_even_when_the_broker_is_dead(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"

    answer = Client().get("/alertz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "fine", "late": [], "degraded": ["broker"]}


def test_what_is_late_is_named(alive: datetime) -> None:
    TimerFactory.create(next_action_at=alive - timedelta(seconds=90))

    answer = Client().get("/alertz")

    assert answer.status_code == 503
    (late,) = answer.json()["late"]
    assert late["part"] == "timers"
    assert late["seconds"] >= 90


@pytest.mark.parametrize("path", ["/alertz", "/metrics"])
def test_only_this_machine_or_the_token_may_ask(path: str, metrics_token: str) -> None:
    def ask(token: str = "", **extra: Any) -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return Client().get(path, headers=headers, **extra).status_code

    assert ask() != 403
    assert ask(REMOTE_ADDR=ELSEWHERE) == 403
    assert ask(REMOTE_ADDR="") == 403
    assert ask(HTTP_X_FORWARDED_FOR=ELSEWHERE) == 403  # behind a proxy of this machine
    assert ask("wrong", REMOTE_ADDR=ELSEWHERE) == 403
    assert ask(metrics_token, REMOTE_ADDR=ELSEWHERE) != 403


def test_without_a_token_set_none_is_right() -> None:
    answer = Client().get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR=ELSEWHERE)

    assert answer.status_code == 403


@pytest.mark.usefixtures("alive")
def test_the_figures_are_prometheus_own_format() -> None:
    text = Client().get("/metrics").content.decode()

    assert 'alerts_due{part="timers"} 0.0' in text
    assert 'alerts_heartbeat_age_seconds{part="sender"}' in text
    assert "# TYPE alerts_deliveries_total counter" in text
