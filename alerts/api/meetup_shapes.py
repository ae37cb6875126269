"""The JSON shapes of meetups, check-ins, positions and SOS."""

from typing import Any

from rest_framework import serializers

from alerts.api.base import Instant, StrictSerializer
from alerts.api.incident_shapes import IncidentSummaryOut
from alerts.domain.states import MeetupKind, MeetupOutcome, MeetupState, TimerKind, TimerState

LONGEST_NOTE = 2000
MOST_POSITIONS = 100
MOST_MINUTES = 720
PIN_PATTERN = r"^[0-9]{4,6}\Z"


class PinField(serializers.RegexField):
    """A PIN or a duress PIN: four to six digits."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - the field's own options
        super().__init__(PIN_PATTERN, required=options.pop("required", False), **options)


def text(longest: int) -> serializers.CharField:
    """Return an optional text field."""
    return serializers.CharField(max_length=longest, required=False, allow_blank=True)


class StrangerIn(StrictSerializer):
    """The person to be met."""

    name = text(80)
    platform = text(80)
    handle = text(80)
    profile_url = text(500)
    phone = text(40)
    vehicle = text(120)
    notes = text(LONGEST_NOTE)


class PlaceIn(StrictSerializer):
    """The place; coordinates in degrees (WGS 84)."""

    label = text(120)  # type: ignore[assignment]  # a field of ours, not the option
    address = text(300)
    access = text(300)
    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False, allow_null=True)
    longitude = serializers.FloatField(
        min_value=-180, max_value=180, required=False, allow_null=True
    )
    country = serializers.RegexField(r"^[A-Z]{2}\Z", required=False)


class CheckInPlanIn(StrictSerializer):
    """A check-in to promise: an instant, a delay from now, or a period between two of them."""

    kind = serializers.ChoiceField([k.value for k in TimerKind])
    due_at = Instant(required=False)
    due_in_seconds = serializers.FloatField(min_value=0, max_value=40 * 86400, required=False)
    every_seconds = serializers.FloatField(min_value=1, max_value=86400, required=False)


class MeetupIn(StrictSerializer):
    """A meetup to plan."""

    stranger = StrangerIn(required=False)
    place = PlaceIn(required=False)
    starts_at = Instant(required=False)
    check_ins = serializers.ListField(child=CheckInPlanIn(), min_length=1, max_length=3)
    grace_seconds = serializers.FloatField(min_value=0, max_value=86400, required=False)
    contacts = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=10)


class MeetupChangesIn(StrictSerializer):
    """What may be changed of a meetup; what weakens it takes the PIN."""

    stranger = StrangerIn(required=False)
    place = PlaceIn(required=False)
    grace_seconds = serializers.FloatField(min_value=0, max_value=86400, required=False)
    contacts = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=10, required=False
    )
    pin = PinField()


class CheckInIn(StrictSerializer):
    """A check-in; `occurred_at` is shown, never decides."""

    timer_id = serializers.UUIDField(required=False)
    pin = PinField()
    occurred_at = Instant(required=False)


class PinIn(StrictSerializer):
    """A call that takes the PIN."""

    pin = PinField()
    occurred_at = Instant(required=False)


class ExtendIn(StrictSerializer):
    """Minutes to add to the next check-in."""

    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)
    pin = PinField()


class PositionIn(StrictSerializer):
    """A position: degrees (WGS 84), metres, percent."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    accuracy_m = serializers.FloatField(min_value=0, max_value=10_000_000)
    battery_percent = serializers.IntegerField(min_value=0, max_value=100, required=False)
    recorded_at = Instant()


class PositionsIn(StrictSerializer):
    """Positions of the owner's phone."""

    positions = serializers.ListField(child=PositionIn(), min_length=1, max_length=MOST_POSITIONS)


class PositionsOut(serializers.Serializer[Any]):
    """How many positions were kept."""

    accepted = serializers.IntegerField()


class SosIn(StrictSerializer):
    """An SOS, with the position if there is one."""

    position = PositionIn(required=False, allow_null=True)


class StrangerOut(serializers.Serializer[Any]):
    """The person to be met, as stored."""

    name = serializers.CharField(required=False)
    platform = serializers.CharField(required=False)
    handle = serializers.CharField(required=False)
    profile_url = serializers.CharField(required=False)
    phone = serializers.CharField(required=False)
    vehicle = serializers.CharField(required=False)
    notes = serializers.CharField(required=False)


class PlaceOut(serializers.Serializer[Any]):
    """The place, as stored."""

    label = serializers.CharField(required=False)  # type: ignore[assignment]  # as above
    address = serializers.CharField(required=False)
    access = serializers.CharField(required=False)
    latitude = serializers.FloatField(required=False, allow_null=True)
    longitude = serializers.FloatField(required=False, allow_null=True)
    country = serializers.CharField(required=False)


class TimerOut(serializers.Serializer[Any]):
    """A check-in timer; at `alert_at` the contacts are told."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField([k.value for k in TimerKind])
    state = serializers.ChoiceField([s.value for s in TimerState])
    due_at = serializers.DateTimeField()
    alert_at = serializers.DateTimeField()


class WarningOut(serializers.Serializer[Any]):
    """Something the owner should know before they leave."""

    code = serializers.CharField()
    detail = serializers.CharField()


class MeetupOut(serializers.Serializer[Any]):
    """The server's receipt: what is stored, when each timer is due, who will be told."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField([k.value for k in MeetupKind])
    state = serializers.ChoiceField([s.value for s in MeetupState])
    outcome = serializers.ChoiceField([o.value for o in MeetupOutcome], allow_null=True)
    starts_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    stranger = StrangerOut()
    place = PlaceOut()
    grace_seconds = serializers.FloatField()
    timers = TimerOut(many=True)
    next_due_at = serializers.DateTimeField(allow_null=True)
    contacts = serializers.ListField(child=serializers.UUIDField())
    reachable_contacts = serializers.IntegerField()
    incident = IncidentSummaryOut(allow_null=True)
    warnings = WarningOut(many=True)
    simulated = serializers.BooleanField()
    server_time = serializers.DateTimeField()


class MeetupPageOut(serializers.Serializer[Any]):
    """A page of meetups, the latest first."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MeetupOut(many=True)


class EmergencyNumberOut(serializers.Serializer[Any]):
    """A number to call or write to."""

    number = serializers.CharField()
    name = serializers.CharField()
    is_written = serializers.BooleanField()


class SosOut(serializers.Serializer[Any]):
    """What an SOS led to; `code` is `nobody_to_tell` when there is no contact to tell."""

    incident = IncidentSummaryOut()
    meetup_id = serializers.UUIDField()
    code = serializers.ChoiceField(["contacts_are_told", "nobody_to_tell"])
    body_ignored = serializers.BooleanField(
        help_text="The body made no sense and was left aside; the contacts are told all the same."
    )
    emergency_numbers = EmergencyNumberOut(many=True)
    simulated = serializers.BooleanField()
    server_time = serializers.DateTimeField()
