"""Many deadlines in one second, while the watcher dies or the provider hangs."""

import random
import time
from datetime import timedelta

from alerts.clock import database_now
from alerts.domain.states import DeliveryState
from alerts.models import Delivery, Incident
from tests.faults.deadlines import REAL_CLOCK, arm_deadlines, is_everybody_told
from tests.faults.stage import Stage, end_leases, eventually, stop

DEADLINES = 300
KILLS = 10


def test_a_hanging_provider_keeps_no_incident_from_opening(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=10.5)
    watchers = [stage.start_watcher(**REAL_CLOCK), stage.start_watcher(**REAL_CLOCK)]
    alert_at = arm_deadlines(DEADLINES, alert_in=timedelta(seconds=6))
    eventually(lambda: database_now() >= alert_at, seconds=10)

    eventually(lambda: Incident.objects.count() == DEADLINES, seconds=6)

    eventually(lambda: bool(stage.accepted()), seconds=20)
    assert max(stage.accepted().values()) == 1
    for watcher in watchers:
        watcher.kill()


def test_a_killed_watcher_loses_no_deadline(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=0.3)
    arm_deadlines(DEADLINES, alert_in=timedelta(seconds=1))
    chance = random.Random(20261122)  # noqa: S311 - moments, not secrets
    in_flight = 0
    for _ in range(KILLS):
        watcher = stage.start_watcher(**REAL_CLOCK)
        time.sleep(chance.uniform(0.0, 0.4))
        watcher.kill()
        watcher.wait()
        in_flight += Delivery.objects.filter(state=DeliveryState.Sending).count()
        end_leases()
    last = stage.start_watcher(**REAL_CLOCK)

    eventually(lambda: is_everybody_told(DEADLINES), seconds=60)

    accepted = stage.accepted()
    assert len(accepted) == DEADLINES
    assert Incident.objects.count() == DEADLINES
    assert accepted.total() - DEADLINES <= in_flight
    assert stop(last) == 0
