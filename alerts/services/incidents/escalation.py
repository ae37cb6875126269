"""Carrying out escalation plans: who is told next, and by what."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from alerts.conf import alerts_settings
from alerts.domain.escalation import (
    Audience,
    Means,
    Plan,
    bring_circle_two_forward,
    freeze_plan,
    step_number,
    thaw_plan,
)
from alerts.domain.events import EventKind
from alerts.domain.states import IncidentState, Purpose, Trigger
from alerts.domain.texts import TextId
from alerts.models import Delivery, Event, Incident, Meetup, Responder
from alerts.models.bulk import update_rows
from alerts.services.incidents.closing import advance_closing
from alerts.services.incidents.lapses import end_lapsed_acknowledgements
from alerts.services.incidents.operator import operator_orders, tell_operator_if_due
from alerts.services.incidents.orders import order_for
from alerts.services.incidents.reach import (
    can_act,
    is_circle_exhausted,
    may_be_told,
    working_channels,
)
from alerts.services.incidents.repeats import space_repeats
from alerts.services.incidents.schedule import closing_due_at, schedule_next_step
from alerts.services.incidents.steps import orders_for_step
from alerts.services.outbox import Order, enqueue
from alerts.services.sweeps import sweep
from alerts.services.timeline import event, record_events

DEGRADED_PERIOD = timedelta(minutes=5)
BUSY_PERIOD = timedelta(seconds=1)


def run_due_steps(*, now: datetime, limit: int = 200) -> int:
    """Carry out what is due for live incidents; return how many were looked at."""

    def carry_out(due: QuerySet[Incident]) -> int:
        return _carry_out(due, now=now)

    def degrade(incident_id: UUID) -> None:
        _tell_degraded(incident_id, now=now)

    return sweep(Incident.objects.due(now), limit=limit, carry_out=carry_out, degrade=degrade)


@transaction.atomic
def fall_back(*, delivery_id: UUID, now: datetime) -> None:
    """Queue the next channel for a message that failed, or whose fate is unknown.

    The incident is looked at again at once: perhaps nobody is left whom it can tell.
    """
    delivery = Delivery.objects.select_related("responder").get(pk=delivery_id)
    responder = delivery.responder
    if responder is None or delivery.incident_id is None or not may_be_told(responder):
        return
    reason = delivery.dedupe_key.rpartition(":")[0]
    for channel in working_channels(responder):
        key = f"{reason}:{channel}"
        if Delivery.objects.filter(dedupe_key=key).exists():
            continue
        order = Order(
            dedupe_key=key,
            text=delivery.text,
            purpose=Purpose(delivery.purpose),
            channel=channel,
            due_at=now,
            responder_id=responder.pk,
            recipient_index=bytes(responder.phone_index),
            incident_id=delivery.incident_id,
            about_id=delivery.about_id,
            instant=delivery.instant,
            plan_step=delivery.plan_step,
        )
        enqueue([order], now=now)
        break
    Incident.objects.filter(pk=delivery.incident_id, state=IncidentState.Open).update(
        next_step_at=now
    )


@transaction.atomic
def _carry_out(due: QuerySet[Incident], *, now: datetime) -> int:
    incidents = list(due.select_for_update(skip_locked=True, of=("self",)))
    responders: dict[UUID, list[Responder]] = defaultdict(list)
    for responder in Responder.objects.filter(incident__in=incidents).order_by("circle", "pk"):
        responders[responder.incident_id].append(responder)
    orders: list[Order] = []
    events: list[Event] = []
    for incident in incidents:
        new_orders, new_events = _advance(incident, responders[incident.pk], now=now)
        orders += new_orders
        events += new_events
    enqueue(space_repeats(orders, now=now), now=now)
    record_events(events)
    update_rows(
        incidents,
        [
            "state",
            "plan",
            "next_step",
            "next_step_at",
            "operator_due_at",
            "operator_told",
            "last_round_at",
            "closing_at",
            "closed_at",
        ],
    )
    return len(incidents)


def _advance(
    incident: Incident, responders: list[Responder], *, now: datetime
) -> tuple[list[Order], list[Event]]:
    end_lapsed_acknowledgements(incident, now=now)
    orders: list[Order] = []
    events: list[Event] = []
    if incident.state == IncidentState.Open:
        is_closing = closing_due_at(incident) <= now
        if not is_closing:
            orders, events = _run_plan(incident, responders, now=now)
        notices, told = tell_operator_if_due(
            incident, is_nobody_left=not any(can_act(r) for r in responders), now=now
        )
        orders += notices
        events += told
        if is_closing:
            _close_if_free(incident, responders, now=now)
    schedule_next_step(incident, now=now)
    if incident.next_step_at is not None and incident.next_step_at <= now:
        incident.next_step_at = now + BUSY_PERIOD  # its meetup is locked by somebody else
    return orders, events


def _run_plan(
    incident: Incident, responders: list[Responder], *, now: datetime
) -> tuple[list[Order], list[Event]]:
    """Carry out the steps that are due."""
    if incident.last_round_at is not None:
        return [], []
    scale = alerts_settings().escalation_scale
    elapsed = (now - incident.plan_started_at).total_seconds()
    plan = _plan_for_now(incident, responders, elapsed=elapsed, events=(events := []), now=now)
    due: list[int] = []
    while step_number(plan, incident.next_step, scale=scale).after <= elapsed:
        due.append(incident.next_step)
        incident.next_step += 1
    orders: list[Order] = []
    for number in due:
        step = step_number(plan, number, scale=scale)
        orders += orders_for_step(incident, step, number, responders, now=now)
        events.append(
            event(EventKind.StepCarriedOut, now=now, incident=incident, data={"step": number})
        )
    return _without_missed_repeats(orders), events


def _without_missed_repeats(orders: list[Order]) -> list[Order]:
    """Return what is due together after a pause: all first messages, one repeat at most each."""
    alerted = {order.responder_id for order in orders if order.purpose is Purpose.Alert}
    last_repeats = {o.responder_id: o for o in orders if o.purpose is Purpose.Repeat}
    return [
        order
        for order in orders
        if order.purpose is Purpose.Alert
        or (order is last_repeats[order.responder_id] and order.responder_id not in alerted)
    ]


def _plan_for_now(
    incident: Incident,
    responders: list[Responder],
    *,
    elapsed: float,
    events: list[Event],
    now: datetime,
) -> Plan:
    """Return the plan; circle 2 comes forward when nobody of circle 1 is left."""
    plan = thaw_plan(incident.plan)
    waits = any(
        step.audience is Audience.CircleTwo and step.means is Means.Message
        for step in plan[incident.next_step :]
    )
    if not waits or not is_circle_exhausted(responders, 1):
        return plan
    moved = bring_circle_two_forward(plan, incident.next_step, elapsed=elapsed)
    incident.plan = freeze_plan(moved)
    events.append(event(EventKind.CircleTwoBroughtForward, now=now, incident=incident))
    return moved


def _close_if_free(incident: Incident, responders: list[Responder], *, now: datetime) -> None:
    """Advance the closing, unless somebody holds the meetup: who does may wait for us."""
    if incident.meetup_id is not None:
        meetup = Meetup.objects.select_for_update(skip_locked=True).filter(pk=incident.meetup_id)
        if not meetup.exists():
            return
    advance_closing(incident, responders, now=now)


@transaction.atomic
def _tell_degraded(incident_id: UUID, *, now: datetime) -> None:
    """Tell everyone in neutral words, and the operator, when a plan cannot be carried out."""
    incident = Incident.objects.select_for_update().get(pk=incident_id)
    period = alerts_settings().scaled(DEGRADED_PERIOD)
    round_number = int((now - incident.opened_at) / period)
    responders = Responder.objects.filter(
        incident=incident, declined_at=None, stopped_at=None, is_confirmed=True
    )
    is_urgent = Trigger(incident.trigger).is_urgent
    orders = [
        order_for(
            incident,
            responder,
            TextId.DegradedSos if is_urgent else TextId.Degraded,
            reason=f"degraded:{round_number}",
            purpose=Purpose.Alert,
            due_at=now,
        )
        for responder in responders
    ]
    reason = f"incident:{incident.pk}:degraded:{round_number}"
    orders += operator_orders(reason, incident_id=incident.pk, now=now)
    enqueue(orders, now=now)
    incident.next_step_at = now + period
    incident.save(update_fields=["next_step_at"])
    record_events([event(EventKind.IncidentDegraded, now=now, incident=incident)])
