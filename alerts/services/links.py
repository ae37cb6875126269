"""Making and revoking capability links."""

from datetime import datetime
from uuid import UUID

from alerts.models import Link
from alerts.sealing.tokens import LinkPurpose, derive_token, token_digest


def create_links(
    purpose: LinkPurpose,
    subject_ids: list[UUID],
    *,
    now: datetime,
    version: int = 1,
    expires_at: datetime | None = None,
) -> None:
    """Make a link for each subject valid; made twice, nothing changes."""
    Link.objects.bulk_create(
        [
            Link(
                token_digest=token_digest(derive_token(purpose, str(subject_id), version)),
                purpose=purpose,
                subject_id=subject_id,
                version=version,
                created_at=now,
                expires_at=expires_at,
            )
            for subject_id in subject_ids
        ],
        ignore_conflicts=True,
    )


def revoke_links(subject_ids: list[UUID], *, now: datetime) -> None:
    """Let no link of these subjects open anything any more."""
    Link.objects.filter(subject_id__in=subject_ids, revoked_at__isnull=True).update(revoked_at=now)


def expire_links(subject_ids: list[UUID], *, at: datetime) -> None:
    """Let the links of these subjects end at an instant."""
    Link.objects.filter(subject_id__in=subject_ids).update(expires_at=at)
