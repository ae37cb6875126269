"""What must hold while parts fail: nothing is lost, hardly anything comes twice."""

import random
import socket
import time
from datetime import timedelta

from django.db import connection

from alerts.clock import database_now
from alerts.domain.states import DeliveryState
from alerts.models import Delivery, Heartbeat
from alerts.selectors.health import list_late_parts
from tests.faults.stage import Stage, end_leases, eventually, is_all_sent, stop

DELIVERIES = 300
KILLS = 5


def test_a_provider_that_hangs_gets_nothing_twice_and_stops_no_sweep(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=10.5)  # taken at once, answered after the time-out
    watchers = [stage.start_watcher(), stage.start_watcher()]
    stage.queue_codes(0, DELIVERIES)
    eventually(lambda: len(stage.accepted()) >= DELIVERIES // 2, seconds=20)
    assert "sweep" not in {part.part for part in list_late_parts(now=database_now())}

    eventually(is_all_sent, seconds=50)

    accepted = stage.accepted()
    assert (len(accepted), max(accepted.values())) == (DELIVERIES, 1)
    assert Delivery.objects.filter(state=DeliveryState.Sent).count() == DELIVERIES
    assert Heartbeat.objects.get(part="sweep").at > database_now() - timedelta(seconds=20)
    assert [stop(watcher) for watcher in watchers] == [0, 0]


def test_killed_watchers_lose_nothing(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=0.2)
    chance = random.Random(20261121)  # noqa: S311 - moments, not secrets
    in_flight = 0
    for kill in range(KILLS):
        watcher = stage.start_watcher()
        stage.queue_codes(kill * DELIVERIES // KILLS, DELIVERIES // KILLS)
        time.sleep(chance.uniform(0.0, 0.5))
        watcher.kill()
        watcher.wait()
        in_flight += Delivery.objects.filter(state=DeliveryState.Sending).count()
        end_leases()
    last = stage.start_watcher()

    eventually(is_all_sent, seconds=30)

    accepted = stage.accepted()
    assert len(accepted) == DELIVERIES
    assert in_flight > 0
    assert accepted.total() - DELIVERIES <= in_flight
    assert stop(last) == 0


def test_a_broker_that_swallows_everything_holds_up_no_alert(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=0.5)
    with socket.create_server(("127.0.0.1", 0)) as black_hole:
        url = f"redis://127.0.0.1:{black_hole.getsockname()[1]}/0"
        stage.queue_codes(0, 2 * DELIVERIES)  # more than one watcher has slots for
        started = time.monotonic()
        watcher = stage.start_watcher(CELERY_BROKER_URL=url)

        eventually(is_all_sent, seconds=30)

        assert time.monotonic() - started < 20
        black_hole.settimeout(10)
        black_hole.accept()[0].close()  # it was asked
    assert len(stage.accepted()) == 2 * DELIVERIES
    assert stop(watcher) == 0


def test_lost_connections_to_the_database_are_made_again(stage: Stage) -> None:
    stage.behave(mode="slow", seconds=0.2)
    watcher = stage.start_watcher()
    stage.queue_codes(0, DELIVERIES // 3)
    for _ in range(5):
        cut_other_connections()
        time.sleep(0.3)

    eventually(is_all_sent_or_leased, seconds=30)
    end_leases()
    eventually(is_all_sent, seconds=30)

    assert len(stage.accepted()) == DELIVERIES // 3
    assert watcher.poll() is None
    assert stop(watcher) == 0


def cut_other_connections() -> None:
    """End every connection to this database but our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def is_all_sent_or_leased() -> bool:
    """Whether nothing waits to be claimed."""
    return not Delivery.objects.filter(state=DeliveryState.Queued).exists()
