"""What a link's token leads to."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from alerts.models import Link
from alerts.sealing.tokens import LinkPurpose, token_digest


def find_link_subject(purpose: LinkPurpose, token: str, *, now: datetime) -> UUID | None:
    """Return the subject of a valid link; None for unknown, expired and revoked ones alike."""
    return (
        Link.objects.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            token_digest=token_digest(token),
            purpose=purpose,
            revoked_at__isnull=True,
        )
        .values_list("subject_id", flat=True)
        .first()
    )
