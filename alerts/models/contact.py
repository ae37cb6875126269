"""Trusted contacts."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from alerts.domain.states import ContactState
from alerts.models.fields import only_values_of, random_id, state_column
from alerts.models.sealed import data_key_field, sealed_field


class ContactQuerySet(models.QuerySet["Contact"]):
    """Named filters."""

    def due(self, now: datetime) -> "ContactQuerySet":
        """Invitations to remind, proofs to send again, invitations to let lapse."""
        return self.filter(next_action_at__lte=now)


class Contact(models.Model):
    """Somebody the owner wants to be told.

    `sealed_profile`: name, phone, email, owner_alias, trust_word.
    """

    id = random_id()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contacts"
    )
    data_key = data_key_field()
    sealed_profile = sealed_field()
    phone_index = models.BinaryField(db_index=True)
    state = state_column(ContactState, default=ContactState.Invited)
    language = models.CharField(max_length=2, default="fr")
    country = models.CharField(max_length=2, default="FR")
    circle = models.PositiveSmallIntegerField(default=1)
    disclosure_level = models.PositiveSmallIntegerField(default=1)
    shows_owner_phone = models.BooleanField(default=False)
    shows_name_to_others = models.BooleanField(default=False)
    invitation_version = models.PositiveIntegerField(default=1)
    proof_version = models.PositiveIntegerField(default=1)
    invited_by_service_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    proof_sent_at = models.DateTimeField(null=True)
    proof_repeated_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)
    next_action_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            only_values_of(ContactState, "state", "contact_state_known"),
            models.UniqueConstraint(
                fields=["owner", "phone_index"], name="one_contact_per_owner_and_number"
            ),
            models.CheckConstraint(condition=Q(circle__in=[1, 2]), name="contact_circle_known"),
            models.CheckConstraint(
                condition=Q(disclosure_level__lte=3), name="contact_level_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_action_at"],
                name="contact_next_action_at",
                condition=Q(next_action_at__isnull=False),
            )
        ]
