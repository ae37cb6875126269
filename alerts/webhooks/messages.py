"""What becomes of messages: the provider's receipts."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from alerts.clock import database_now
from alerts.services.sending.receipts import record_receipt
from alerts.webhooks.signed import plain_field, signed


@signed
def message_status(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """POST: one receipt. Always 204: what is unknown or repeated is not the provider's concern."""
    record_receipt(
        delivery_id=delivery_id,
        status=plain_field(request, "MessageStatus"),
        error_code=plain_field(request, "ErrorCode"),
        reference=plain_field(request, "MessageSid"),
        now=database_now(),
    )
    return HttpResponse(status=204)
