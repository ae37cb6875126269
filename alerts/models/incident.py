"""Incidents, the people told, and what the owner is shown of them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from alerts.domain.states import LIVE_INCIDENT_STATES, IncidentState, MeetupOutcome, Trigger
from alerts.models.contact import Contact
from alerts.models.fields import only_values_of, random_id, remembered, state_column
from alerts.models.meetup import Meetup
from alerts.models.sealed import data_key_field, sealed_field

LIVE = sorted(state.value for state in LIVE_INCIDENT_STATES)


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Named filters."""

    def due(self, now: datetime) -> "IncidentQuerySet":
        """Incidents with a step, a lapse, an operator notice or the closing to carry out."""
        return self.filter(next_step_at__lte=now).order_by("next_step_at")

    def live(self) -> "IncidentQuerySet":
        """Incidents that are open or acknowledged."""
        return self.filter(state__in=LIVE)


class Incident(models.Model):
    """One case: somebody missed a check-in or asked for help.

    It works from its own sealed copy (`sealed_snapshot`: details, positions, owner phone), under a
    key of its own, so that nothing the owner deletes or is made to delete can stop it.
    """

    id = random_id()
    number = models.BigIntegerField(unique=True)  # short and meaningless: for texts to the operator
    meetup = remembered(Meetup, related_name="+")
    owner = remembered(settings.AUTH_USER_MODEL, related_name="+")
    data_key = data_key_field()
    sealed_snapshot = sealed_field()
    trigger = state_column(Trigger)
    silent_since = models.DateTimeField(
        null=True
    )  # when a trigger the owner must not see took over
    state = state_column(IncidentState, default=IncidentState.Open)
    plan = models.JSONField()
    plan_version = models.PositiveIntegerField(default=1)
    plan_started_at = models.DateTimeField()
    next_step = models.PositiveIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()  # the time that texts name
    time_zone = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    first_accepted_at = models.DateTimeField(null=True)
    operator_due_at = models.DateTimeField(null=True)
    operator_told = models.PositiveSmallIntegerField(default=0)
    last_human_act_at = models.DateTimeField(null=True)
    last_round_at = models.DateTimeField(null=True)
    closing_at = models.DateTimeField(null=True)
    code_entered_at = models.DateTimeField(null=True)  # a true PIN during a silent incident
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=12, default="")
    closed_at = models.DateTimeField(null=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            only_values_of(IncidentState, "state", "incident_state_known"),
            only_values_of(Trigger, "trigger", "incident_trigger_known"),
            models.UniqueConstraint(
                fields=["meetup"], condition=Q(state__in=LIVE), name="one_live_incident_per_meetup"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=LIVE) | Q(next_step_at__isnull=False),
                name="a_live_incident_has_a_next_step",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_step_at"],
                name="incident_next_step_at",
                condition=Q(next_step_at__isnull=False),
            )
        ]


class Responder(models.Model):
    """A contact as this incident knows them, frozen when its plan was.

    `sealed_profile` (under the incident's key): name, phone, email, owner_alias, trust_word,
    owner_phone (only where the owner shows it). Null when the contact's key was lost.
    """

    id = random_id()
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="responders")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    contact_id_at_opening = models.UUIDField()
    sealed_profile = sealed_field()
    phone_index = models.BinaryField(db_index=True)
    has_email = models.BooleanField(default=False)
    is_confirmed = models.BooleanField()  # else: told once, neutrally, page at level 0
    language = models.CharField(max_length=2)
    country = models.CharField(max_length=2)
    circle = models.PositiveSmallIntegerField()
    disclosure_level = models.PositiveSmallIntegerField()
    gives_place = models.BooleanField()
    shows_name_to_others = models.BooleanField()
    accepted_at = models.DateTimeField(null=True)  # an unconfirmed one who accepted on the page
    told_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    sms_failed_at = models.DateTimeField(null=True)
    email_failed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)
    link_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "contact_id_at_opening"], name="contact_once_per_incident"
            )
        ]


class OwnerIncident(models.Model):
    """An incident as its owner is shown it: opened by a trigger the owner may know.

    Once the owner has resolved it the view stands still (`sealed_frozen_view`, under the
    meetup's key), whatever the incident behind it goes on to do.
    """

    id = random_id()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shown_incidents"
    )
    meetup = models.ForeignKey(Meetup, on_delete=models.CASCADE, related_name="shown_incidents")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="shown_as")
    trigger = state_column(Trigger)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)  # set by the owner's PIN call, in both worlds
    outcome = state_column(MeetupOutcome, null=True)
    sealed_frozen_view = sealed_field()
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meetup"],
                condition=Q(resolved_at__isnull=True),
                name="one_unresolved_shown_incident_per_meetup",
            ),
            models.CheckConstraint(
                condition=Q(trigger__in=[Trigger.MissedCheckIn, Trigger.Sos]),
                name="no_silent_trigger_is_shown",
            ),
        ]
