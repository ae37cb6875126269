"""Taking due messages under a lease: the short transaction before anything touches the network."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from alerts.domain.states import Channel, DeliveryState
from alerts.models import Delivery, SignInCode
from alerts.services.sending.obsolescence import is_obsolete

LEASE = timedelta(seconds=30)  # longer than the longest call to a provider, 13 s

# Everything that choosing, judging and writing a message needs, in one query of primary-key joins.
RELATED = (
    "responder__incident__data_key",
    "responder__contact__data_key",
    "about__incident__data_key",
    "about__contact__data_key",
    "contact__data_key",
    "user__data_key",
    "sign_in_code__data_key",
    "incident__data_key",
    "timer__meetup",
)
NOT_NEEDED = (  # long, and read for one rare text only
    "incident__plan",
    "incident__sealed_snapshot",
    "responder__incident__plan",
    "responder__incident__sealed_snapshot",
    "about__incident__plan",
    "about__incident__sealed_snapshot",
    "timer__meetup__sealed_details",
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process may send until `lease_ends_at`.

    Where `was` is not Queued an earlier attempt may have arrived: look it up before sending.
    """

    delivery: Delivery
    attempt: int
    was: DeliveryState
    lease_ends_at: datetime

    @property
    def is_doubtful(self) -> bool:
        """Whether an earlier attempt may have arrived."""
        return self.was is not DeliveryState.Queued


@transaction.atomic
def claim(
    *,
    limit: int,
    now: datetime,
    lease: timedelta = LEASE,
    channels: Collection[Channel] | None = None,
    ids: Collection[UUID] | None = None,
) -> list[Claimed]:
    """Return due deliveries, the most urgent first, held under a lease; cancels what is obsolete.

    Rows that others hold are passed over. A row still `sending` after its lease lost its sender: it
    comes back as doubtful, for a crash may cost a duplicate but never an alert.
    """
    due = Delivery.objects.due(now)
    if channels is not None:
        due = due.filter(channel__in=channels)
    if ids is not None:
        due = due.filter(pk__in=ids)
    locked = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    if not locked:
        return []
    rows = load_for_sending(locked)
    obsolete = {row.pk for row in rows if is_obsolete(row, now=now)}
    if obsolete:
        _drop([row for row in rows if row.pk in obsolete], now=now)
    return _lease([row for row in rows if row.pk not in obsolete], until=now + lease, now=now)


def load_for_sending(delivery_ids: Sequence[UUID]) -> list[Delivery]:
    """Return these deliveries in order of urgency, with every row that a text may need."""
    return list(
        Delivery.objects.filter(pk__in=delivery_ids)
        .select_related(*RELATED)
        .defer(*NOT_NEEDED)
        .order_by("priority", "next_action_at")
    )


def _lease(rows: list[Delivery], *, until: datetime, now: datetime) -> list[Claimed]:
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=DeliveryState.Sending,
        attempts=F("attempts") + 1,
        next_action_at=until,
        first_sent_at=Coalesce("first_sent_at", Value(now)),
    )
    return [
        Claimed(row, attempt=row.attempts + 1, was=DeliveryState(row.state), lease_ends_at=until)
        for row in rows
    ]


def _drop(rows: list[Delivery], *, now: datetime) -> None:
    """Cancel what was never tried; what may have left is over, but not undone."""
    never_tried = [row.pk for row in rows if row.state == DeliveryState.Queued]
    others = [row.pk for row in rows if row.state != DeliveryState.Queued]
    for ids, state in ((never_tried, DeliveryState.Cancelled), (others, DeliveryState.Failed)):
        if ids:
            Delivery.objects.filter(pk__in=ids).update(
                state=state, next_action_at=None, settled_at=now, error_code="obsolete"
            )
    codes = [row.sign_in_code_id for row in rows if row.sign_in_code_id]
    if codes:
        SignInCode.objects.filter(pk__in=codes).update(sealed_digits=None)
