"""The workers' share of sending."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from alerts.conf import alerts_settings
from alerts.domain.states import DeliveryState
from alerts.tasks.outbox import send_batch
from alerts.watcher.overflow import TASK
from backend.celery import app
from tests.factories import DeliveryFactory
from tests.services.sending import fresh, take_one

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Point the provider to a port where nobody listens."""
    monkeypatch.setenv("TWILIO_API_URL", "http://127.0.0.1:9")
    alerts_settings.cache_clear()
    yield
    monkeypatch.undo()
    alerts_settings.cache_clear()


def test_a_batch_is_claimed_tried_and_settled(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)

    assert send_batch([str(delivery.pk)]) == 1

    row = fresh(delivery)
    assert (row.state, row.attempts, row.error_code) == (DeliveryState.Queued, 1, "not_reached")
    assert row.next_action_at is not None
    assert row.next_action_at > now


def test_what_somebody_else_holds_is_left_alone(now: datetime) -> None:
    delivery = DeliveryFactory.create(created_at=now)
    take_one(now)

    assert send_batch([str(delivery.pk)]) == 0
    assert fresh(delivery).attempts == 1


def test_workers_know_the_task_by_the_name_that_watchers_use() -> None:
    app.loader.import_default_modules()

    assert app.tasks[TASK].run([]) == 0
