"""The outbox: what is to be sent, written in the transaction that decides it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Model

from alerts.domain.states import Channel, Purpose, RecipientKind
from alerts.models import Delivery
from alerts.models.bulk import insert_rows

WAKE_CHANNEL = "vigie_due"

PRIORITIES = {
    Purpose.Code: 1,
    Purpose.Alert: 1,  # the second contact of an incident and later ones come after: +1
    Purpose.Operator: 1,
    Purpose.Repeat: 3,
    Purpose.StandDown: 3,
    Purpose.Reminder: 3,
    Purpose.Notice: 4,
    Purpose.Invitation: 4,
}


@dataclass(frozen=True, kw_only=True)
class Order:
    """One message to send: exactly one of the recipient ids is set, none for the operator.

    `dedupe_key` names the reason (`timer:4:<due_at>:S05`): a second order with it changes nothing.
    """

    dedupe_key: str
    text: str
    purpose: Purpose
    due_at: datetime
    channel: Channel = Channel.Sms
    responder_id: UUID | None = None
    contact_id: UUID | None = None
    user_id: UUID | None = None
    sign_in_code_id: UUID | None = None
    recipient_index: bytes | None = None
    incident_id: UUID | None = None
    timer_id: UUID | None = None
    about_id: UUID | None = None
    instant: datetime | None = None
    plan_step: int | None = None
    comes_later: bool = False

    @property
    def recipient_kind(self) -> RecipientKind:
        """Whom the message is for."""
        if self.responder_id:
            return RecipientKind.Responder
        if self.contact_id:
            return RecipientKind.Contact
        if self.user_id:
            return RecipientKind.Owner
        if self.sign_in_code_id:
            return RecipientKind.SignInCode
        return RecipientKind.Operator


def enqueue(orders: Iterable[Order], *, now: datetime) -> None:
    """Write the rows to send and wake the senders once the transaction has committed.

    What is as urgent and due at the same instant leaves in the order given.
    """
    rows = [_delivery(order, now=now) for order in orders]
    if rows:
        keep_order(rows, "next_action_at")
        insert_rows(rows, ignore_conflicts=True)
        wake_watchers()


def keep_order(rows: Sequence[Model], due_column: str) -> None:
    """Let rows that are due together be taken in the order given: a microsecond apart."""
    for earlier_by, row in enumerate(reversed(rows)):
        due_at = getattr(row, due_column) - timedelta(microseconds=earlier_by)
        setattr(row, due_column, due_at)


def wake_watchers() -> None:
    """Tell every watcher, on commit, that something may be due sooner than it thinks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE_CHANNEL])


def _delivery(order: Order, *, now: datetime) -> Delivery:
    return Delivery(
        id=uuid4(),
        dedupe_key=order.dedupe_key,
        purpose=order.purpose,
        channel=order.channel,
        text=order.text,
        priority=PRIORITIES[order.purpose] + order.comes_later,
        created_at=now,
        next_action_at=order.due_at,
        recipient_kind=order.recipient_kind,
        responder_id=order.responder_id,
        contact_id=order.contact_id,
        user_id=order.user_id,
        sign_in_code_id=order.sign_in_code_id,
        recipient_index=order.recipient_index,
        incident_id=order.incident_id,
        timer_id=order.timer_id,
        about_id=order.about_id,
        instant=order.instant,
        plan_step=order.plan_step,
    )
