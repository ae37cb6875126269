"""Meetups."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from alerts.domain.states import MeetupKind, MeetupOutcome, MeetupState
from alerts.models.contact import Contact
from alerts.models.fields import only_values_of, random_id, state_column
from alerts.models.sealed import data_key_field, sealed_field


class MeetupQuerySet(models.QuerySet["Meetup"]):
    """Named filters."""

    def starting(self, now: datetime) -> "MeetupQuerySet":
        """Planned meetups whose start has come."""
        return self.filter(state=MeetupState.Planned, starts_at__lte=now)

    def not_ended(self) -> "MeetupQuerySet":
        """Planned or running meetups."""
        return self.exclude(state=MeetupState.Ended)


class Meetup(models.Model):
    """A meeting that Vigie watches over.

    `sealed_details`: stranger{…}, place{…}, earlier[{place, notes, replaced_at}].
    """

    id = random_id()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="meetups"
    )
    kind = state_column(MeetupKind, default=MeetupKind.Planned)
    data_key = data_key_field()
    sealed_details = sealed_field()
    state = state_column(MeetupState, default=MeetupState.Planned)
    outcome = state_column(MeetupOutcome, null=True)
    starts_at = models.DateTimeField()
    last_deadline_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    grace_period = models.DurationField()
    extended_without_pin = models.DurationField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MeetupQuerySet.as_manager()

    class Meta:
        constraints = [
            only_values_of(MeetupState, "state", "meetup_state_known"),
            only_values_of(MeetupKind, "kind", "meetup_kind_known"),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(outcome__in=[o.value for o in MeetupOutcome]),
                name="meetup_outcome_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["starts_at"], name="meetup_starting", condition=Q(state="planned")
            ),
            models.Index(fields=["owner", "-created_at"], name="meetup_of_owner"),
        ]


class MeetupContact(models.Model):
    """A contact who is told about this meetup."""

    meetup = models.ForeignKey(Meetup, on_delete=models.CASCADE, related_name="meetup_contacts")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="meetup_contacts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meetup", "contact"], name="contact_once_per_meetup")
        ]
