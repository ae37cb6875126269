"""The outbox: one message to one person by one channel."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from alerts.domain.states import Channel, DeliveryState, Purpose, RecipientKind
from alerts.models.contact import Contact
from alerts.models.fields import only_values_of, random_id, state_column
from alerts.models.incident import Incident, Responder
from alerts.models.sign_in_code import SignInCode
from alerts.models.timer import CheckInTimer


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Named filters."""

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Rows to send, to send again, or whose sender is gone; the most urgent first."""
        return self.filter(next_action_at__lte=now).order_by("priority", "next_action_at")


class Delivery(models.Model):
    """A message to send. It holds ids, never text: the text is made when it is sent.

    `next_action_at` is when it is due (queued), when its lease ends (sending) or when the provider
    is asked what became of it (unknown); null once there is nothing left to do.
    """

    id = random_id()
    dedupe_key = models.CharField(max_length=160, unique=True)
    purpose = state_column(Purpose)
    channel = state_column(Channel)
    text = models.CharField(max_length=8)  # a TextId, as of when it was queued
    state = state_column(DeliveryState, default=DeliveryState.Queued)
    priority = models.PositiveSmallIntegerField(default=5)
    created_at = models.DateTimeField()
    next_action_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    resends = models.PositiveSmallIntegerField(default=0)  # after an unknown outcome: one at most
    first_sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    provider = models.CharField(max_length=24, default="")
    provider_reference = models.CharField(max_length=64, default="")
    status_rank = models.SmallIntegerField(default=-1)
    error_code = models.CharField(max_length=24, default="")

    recipient_kind = state_column(RecipientKind)
    responder = models.ForeignKey(Responder, null=True, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    sign_in_code = models.ForeignKey(
        SignInCode, null=True, on_delete=models.CASCADE, related_name="+"
    )
    recipient_index = models.BinaryField(null=True)  # the number's look-up value, for limits

    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    timer = models.ForeignKey(CheckInTimer, null=True, on_delete=models.CASCADE, related_name="+")
    about = models.ForeignKey(Responder, null=True, on_delete=models.CASCADE, related_name="+")
    instant = models.DateTimeField(null=True)  # the time the text names, where it names one
    plan_step = models.PositiveIntegerField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            only_values_of(DeliveryState, "state", "delivery_state_known"),
            only_values_of(Channel, "channel", "delivery_channel_known"),
            only_values_of(Purpose, "purpose", "delivery_purpose_known"),
            only_values_of(RecipientKind, "recipient_kind", "delivery_recipient_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "sending", "unknown"])
                | Q(next_action_at__isnull=False),
                name="an_unfinished_delivery_has_a_next_action",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "next_action_at"],
                name="delivery_next_action_at",
                condition=Q(next_action_at__isnull=False),
            ),
            models.Index(
                fields=["recipient_index", "channel", "-created_at"], name="delivery_of_number"
            ),
        ]


class Receipt(models.Model):
    """A provider's later word on a delivery, as received; repeats change nothing."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="receipts")
    status = models.CharField(max_length=24)
    error_code = models.CharField(max_length=24, default="")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "status", "error_code"], name="receipt_counts_once"
            )
        ]
