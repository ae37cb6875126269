"""The JSON shapes of incidents, as their owner is shown them."""

from typing import Any

from rest_framework import serializers

from alerts.api.base import StrictSerializer
from alerts.domain.states import (
    AcknowledgementEnd,
    Channel,
    IncidentState,
    MeetupOutcome,
    Purpose,
    Trigger,
)

LONGEST_HOLD_DAYS = 365
SHOWN_TRIGGERS = [Trigger.MissedCheckIn.value, Trigger.Sos.value]


class IncidentSummaryOut(serializers.Serializer[Any]):
    """An incident in short."""

    id = serializers.UUIDField()
    meetup_id = serializers.UUIDField()
    state = serializers.ChoiceField([s.value for s in IncidentState])
    trigger = serializers.ChoiceField(SHOWN_TRIGGERS)
    outcome = serializers.ChoiceField([o.value for o in MeetupOutcome], allow_null=True)
    opened_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    held_until = serializers.DateTimeField(allow_null=True)


class ToldOut(serializers.Serializer[Any]):
    """One message to one contact."""

    contact_id = serializers.UUIDField(allow_null=True)
    channel = serializers.ChoiceField([c.value for c in Channel])
    purpose = serializers.ChoiceField([p.value for p in Purpose])
    result = serializers.ChoiceField(["pending", "sent", "delivered", "failed", "cancelled"])
    queued_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class AcknowledgementOut(serializers.Serializer[Any]):
    """Somebody who said that they are on it."""

    contact_id = serializers.UUIDField(allow_null=True)
    acknowledged_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    lapses_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.ChoiceField([e.value for e in AcknowledgementEnd], allow_null=True)


class ViewOut(serializers.Serializer[Any]):
    """A contact who opened the details."""

    contact_id = serializers.UUIDField(allow_null=True)
    revealed_at = serializers.DateTimeField()


class TimelineEventOut(serializers.Serializer[Any]):
    """Something that happened."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    contact_id = serializers.UUIDField(allow_null=True)


class IncidentOut(IncidentSummaryOut):
    """An incident with who was told, who acts, who looked, and its timeline."""

    told = ToldOut(many=True)
    acknowledgements = AcknowledgementOut(many=True)
    views = ViewOut(many=True)
    timeline = TimelineEventOut(many=True)


class IncidentPageOut(serializers.Serializer[Any]):
    """A page of incidents, the latest first."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = IncidentSummaryOut(many=True)


class HoldIn(StrictSerializer):
    """How long to keep an incident, in days from now."""

    hold_days = serializers.IntegerField(min_value=1, max_value=LONGEST_HOLD_DAYS)


class ResolveIn(StrictSerializer):
    """It is over: by the PIN."""

    pin = serializers.RegexField(r"^[0-9]{4,6}\Z", required=False)
    false_alarm = serializers.BooleanField(required=False, default=False)
    end_meetup = serializers.BooleanField(required=False, default=False)
