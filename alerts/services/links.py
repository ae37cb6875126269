"""Making and revoking capability links."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from alerts.models import Link
from alerts.models.bulk import insert_rows
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
    insert_rows(
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


def revoke_links(
    subject_ids: list[UUID], *, now: datetime, purpose: LinkPurpose | None = None
) -> None:
    """Let no link of these subjects (of one purpose, or any) open anything any more."""
    _links_of(subject_ids, purpose).filter(revoked_at__isnull=True).update(revoked_at=now)


def expire_links(
    subject_ids: list[UUID], *, at: datetime, purpose: LinkPurpose | None = None
) -> None:
    """Let the links of these subjects (of one purpose, or any) end at an instant."""
    _links_of(subject_ids, purpose).update(expires_at=at)


def _links_of(subject_ids: list[UUID], purpose: LinkPurpose | None) -> QuerySet[Link]:
    links = Link.objects.filter(subject_id__in=subject_ids)
    return links if purpose is None else links.filter(purpose=purpose)
