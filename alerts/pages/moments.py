"""Instants on a page: in the meetup's zone, and in the reader's own where that differs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString

from alerts.pages.wording import Wording

MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class Moments:
    """Writes the instants of one page, seen at `now`, in the words of its language."""

    zone: str
    own_zone: str
    now: datetime
    words: Wording

    def plain(self, instant: datetime) -> str:
        """Return the clock time in the meetup's zone, with its day unless that is today."""
        return self._in_zone(instant, self.zone)

    def html(self, instant: datetime) -> SafeString:
        """Return a <time> element; the reader's own time follows where clocks differ."""
        local = self.plain(instant)
        own = self._in_zone(instant, self.own_zone)
        text = local if own == local else self.words.plain("both_times", local=local, own=own)
        return format_html('<time datetime="{}">{}</time>', _machine_form(instant), text)

    def ago(self, instant: datetime) -> SafeString:
        """Return how long ago that was, in an element that a script can keep up to date."""
        return format_html(
            '<span data-since="{}">{}</span>', _machine_form(instant), self.plain_ago(instant)
        )

    def plain_ago(self, instant: datetime) -> str:
        """Return how long ago that was: "14 min ago", "2 h 05 ago"."""
        minutes = max(0, int((self.now - instant) / timedelta(minutes=1)))
        hours, rest = divmod(minutes, MINUTES_PER_HOUR)
        if hours:
            return self.words.plain("ago_hours", hours=hours, minutes=f"{rest:02}")
        return self.words.plain("ago_minutes", minutes=minutes)

    def left(self, instant: datetime) -> str:
        """Return how long it is until then, minutes rounded up: "12 min left"."""
        minutes = max(0, ceil((instant - self.now) / timedelta(minutes=1)))
        hours, rest = divmod(minutes, MINUTES_PER_HOUR)
        if hours:
            return self.words.plain("left_hours", hours=hours, minutes=f"{rest:02}")
        return self.words.plain("left_minutes", minutes=minutes)

    def seen_at(self) -> SafeString:
        """Return the moment of this page to the second, on the reader's clock."""
        local = self.now.astimezone(ZoneInfo(self.own_zone))
        return format_html(
            '<time id="seen-at" datetime="{}">{}</time>',
            _machine_form(self.now),
            f"{local:%H:%M:%S}",
        )

    def _in_zone(self, instant: datetime, zone: str) -> str:
        local, today = instant.astimezone(ZoneInfo(zone)), self.now.astimezone(ZoneInfo(zone))
        if local.date() == today.date():
            return f"{local:%H:%M}"
        month = self.words.plain("months").split()[local.month - 1]
        return f"{local.day} {month}, {local:%H:%M}"


def _machine_form(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
