"""Check-in timers."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from alerts.domain.states import OPEN_TIMER_STATES, TimerKind, TimerState
from alerts.models.fields import only_values_of, random_id, state_column
from alerts.models.meetup import Meetup


class TimerQuerySet(models.QuerySet["CheckInTimer"]):
    """Named filters."""

    def due(self, now: datetime) -> "TimerQuerySet":
        """Timers with something to do: a reminder, the deadline, the alert."""
        return self.filter(next_action_at__lte=now).order_by("next_action_at")

    def open(self) -> "TimerQuerySet":
        """Timers that still wait for a check-in, the earliest first."""
        return self.filter(state__in=OPEN_TIMER_STATES).order_by("due_at")


class CheckInTimer(models.Model):
    """The promise to check in by `due_at`; at `alert_at` the contacts are told."""

    id = random_id()
    meetup = models.ForeignKey(Meetup, on_delete=models.CASCADE, related_name="timers")
    kind = state_column(TimerKind)
    state = state_column(TimerState, default=TimerState.Armed)
    due_at = models.DateTimeField()
    alert_at = models.DateTimeField()
    armed_at = models.DateTimeField()
    repeats_every = models.DurationField(null=True)
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_action_at = models.DateTimeField(null=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        constraints = [
            only_values_of(TimerState, "state", "timer_state_known"),
            only_values_of(TimerKind, "kind", "timer_kind_known"),
            models.CheckConstraint(
                condition=Q(next_action_at__isnull=False) | Q(closed_at__isnull=False),
                name="an_open_timer_has_a_next_action",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_action_at"],
                name="timer_next_action_at",
                condition=Q(next_action_at__isnull=False),
            )
        ]
