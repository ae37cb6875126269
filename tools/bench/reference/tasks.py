"""Alerts as they are usually written: one task each, one row at a time, a synchronous client."""

import threading
import time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from alerts.clock import database_now
from alerts.conf import alerts_settings
from alerts.domain.events import EventKind
from alerts.domain.states import MeetupState, TimerState
from alerts.models import CheckInTimer, Contact, Event
from alerts.models.sealed import open_column
from tools.bench.reference.celery import app

TIMEOUT = 10.0
_of_this_thread = threading.local()


class LocalHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Twilio's own client, led to another address."""

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        """Return the answer."""
        target = urlsplit(alerts_settings().twilio.api_url)
        address = urlsplit(url)._replace(scheme=target.scheme, netloc=target.netloc).geturl()
        return super().request(method, address, *args, **options)


@app.task(name="reference.alert")
def alert_when_due(timer_id: str | None) -> None:
    """Tell the first contact of a missed check-in; without one, only see that tasks run."""
    if timer_id is None:
        return
    with transaction.atomic():
        timer = (
            CheckInTimer.objects.select_related("meetup")
            .select_for_update(of=("self", "meetup"))
            .get(pk=UUID(timer_id))
        )
        if timer.state == TimerState.Missed:
            return
        _mark_missed(timer)
    contacts = Contact.objects.filter(meetup_contacts__meetup=timer.meetup)
    contact = contacts.select_related("data_key").order_by("circle", "created_at")[0]
    profile = open_column(contact, "sealed_profile", key=contact.data_key)
    twilio = alerts_settings().twilio
    _client().messages.create(
        to=profile["phone"],
        from_=twilio.sender,
        body=f"{profile['owner_alias']} did not check in by {timer.due_at:%H:%M}.",
    )
    Event.objects.create(
        at=database_now(), kind=EventKind.StepCarriedOut, meetup=timer.meetup, data={}
    )


def queue_due(count: int) -> None:
    """Wait for so many timers to be due together, and queue a task for each."""
    while CheckInTimer.objects.due(database_now())[:count].count() < count:
        time.sleep(0.01)
    for timer_id in CheckInTimer.objects.due(database_now()).values_list("pk", flat=True)[:count]:
        alert_when_due.delay(str(timer_id))


def _mark_missed(timer: CheckInTimer) -> None:
    now = database_now()
    timer.state, timer.closed_at, timer.next_action_at = TimerState.Missed, now, None
    timer.save()
    timer.meetup.state = MeetupState.Alerting
    timer.meetup.save()
    Event.objects.create(at=now, kind=EventKind.TimerMissed, meetup=timer.meetup, data={})


def _client() -> Client:
    """Return this thread's client, which keeps its connection."""
    if not hasattr(_of_this_thread, "client"):
        twilio = alerts_settings().twilio
        http_client = LocalHttpClient(timeout=TIMEOUT)
        _of_this_thread.client = Client(
            twilio.account_sid, twilio.auth_tokens[0], http_client=http_client
        )
    return _of_this_thread.client
