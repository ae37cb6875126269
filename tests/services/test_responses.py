"""Contacts act on their pages while the watcher works on the same incident."""

from datetime import datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from alerts.clock import database_now
from alerts.models import Delivery, Incident, Responder
from alerts.services.incidents.responses import record_reveal
from tests.factories import DeliveryFactory, ResponderFactory

BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
LONGEST_WAIT = 10.0


def reveal(responder: Responder, now: datetime) -> None:
    try:
        record_reveal(responder_id=responder.pk, now=now)
    finally:
        connection.close()


def wait_until_blocked(thread: Thread) -> None:
    """Return once somebody waits for a lock of ours."""
    with connection.cursor() as cursor:
        while thread.is_alive():
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return


@pytest.mark.django_db(transaction=True)
def test_details_are_revealed_while_a_step_is_carried_out() -> None:
    responder = ResponderFactory.create()
    now = database_now()
    contact = Thread(target=reveal, args=(responder, now))
    with transaction.atomic():  # as the watcher does: the incident first, then whom to tell
        Incident.objects.select_for_update().get(pk=responder.incident_id)
        contact.start()
        wait_until_blocked(contact)
        DeliveryFactory.create(responder=responder, incident_id=responder.incident_id)
    contact.join(LONGEST_WAIT)
    responder.refresh_from_db()
    assert responder.revealed_at == now
    assert Delivery.objects.count() == 1
