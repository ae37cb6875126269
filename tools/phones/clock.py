"""The simulator's clock, in the forms that Twilio and the journal write."""

from datetime import UTC, datetime
from email.utils import format_datetime
from time import time


def wall_clock() -> datetime:
    """Return the present instant in UTC; a simulator has no database whose clock could decide."""
    return datetime.fromtimestamp(time(), tz=UTC)


def journal_time(instant: datetime) -> str:
    """Write an instant as ISO 8601 in UTC with milliseconds."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_journal_time(text: str) -> datetime:
    """Read an instant that `journal_time` wrote; raises ValueError for anything else."""
    return datetime.fromisoformat(text)


def twilio_time(text: str | None) -> str | None:
    """Write a journal instant as Twilio does, RFC 2822 in UTC."""
    return None if text is None else format_datetime(parse_journal_time(text))
