"""A watcher that dies at the worst moments, one by one."""

import socket

from alerts.clock import database_now
from alerts.domain.states import DeliveryState
from alerts.models import Delivery, Incident
from alerts.services.meetups.overdue import advance_due_timers
from tests.faults.deadlines import NOW, REAL_CLOCK, arm_deadlines, is_everybody_told
from tests.faults.stage import Stage, end_leases, eventually, stop

DEADLINES = 40


def test_after_the_claim_and_before_the_request(stage: Stage) -> None:
    arm_deadlines(DEADLINES, alert_in=NOW)
    with socket.create_server(("127.0.0.1", 0), backlog=256) as nobody:
        elsewhere = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        watcher = stage.start_watcher(**REAL_CLOCK, TWILIO_API_URL=elsewhere)
        eventually(are_all_leased, seconds=20)
        watcher.kill()
        watcher.wait()

    told_by_the_next_one(stage)


def test_after_the_provider_has_taken_it_and_before_that_is_written(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=8)  # taken at once, answered late
    arm_deadlines(DEADLINES, alert_in=NOW)
    watcher = stage.start_watcher(**REAL_CLOCK)
    eventually(lambda: len(stage.accepted()) == DEADLINES, seconds=20)
    watcher.kill()
    watcher.wait()
    stage.behave(mode="deliver")

    told_by_the_next_one(stage)


def test_between_the_incident_and_its_first_step(stage: Stage) -> None:
    arm_deadlines(DEADLINES, alert_in=NOW)
    assert advance_due_timers(now=database_now()) == DEADLINES
    assert Incident.objects.count() == DEADLINES
    assert not Delivery.objects.exists()

    told_by_the_next_one(stage)


def told_by_the_next_one(stage: Stage) -> None:
    """Start another watcher, and find that each deadline is told, and told once."""
    end_leases()
    watcher = stage.start_watcher(**REAL_CLOCK)
    eventually(lambda: is_everybody_told(DEADLINES), seconds=60)
    assert Incident.objects.count() == DEADLINES
    assert (len(stage.accepted()), stage.accepted().total()) == (DEADLINES, DEADLINES)
    assert stop(watcher) == 0


def are_all_leased() -> bool:
    """Whether a watcher holds every first alert."""
    return Delivery.objects.filter(state=DeliveryState.Sending).count() == DEADLINES
