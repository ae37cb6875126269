"""The append-only journal: every event of the network, one JSON object a line."""

import asyncio
import json
import logging
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from tools.phones.clock import journal_time, wall_clock

Event = dict[str, Any]

logger = logging.getLogger(__name__)


class Entry(NamedTuple):
    """One written line, with what it takes to filter it without parsing."""

    seq: int
    kind: str
    phone: str | None
    line: bytes


class Journal:
    """Events in order, in memory and in a file, with a way to wait for the next one."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._entries: list[Entry] = []
        self._changed = asyncio.Event()
        self._path = path
        self.last_seq = 0
        # Unbuffered: a line has left this process before the request is answered.
        self._file = path.open("ab", buffering=0)

    def load(self) -> list[Event]:
        """Return the events of an earlier run; a line cut by a crash is dropped."""
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            logger.warning("the last line of the journal was cut short and is dropped")
            self._file.truncate(len(whole))
        events: list[Event] = []
        for line in whole.splitlines():
            event: Event = json.loads(line)
            events.append(event)
            self._remember(event, line)
        return events

    def append(self, kind: str, fields: Event) -> Event:
        """Write one event to the file, then wake whoever waits for it."""
        event: Event = {
            "seq": self.last_seq + 1,
            "at": journal_time(wall_clock()),
            "monotonic": monotonic(),
            "kind": kind,
            **fields,
        }
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        self._file.write(line + b"\n")
        self._remember(event, line)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        return event

    def clear(self) -> None:
        """Forget every event; numbering goes on, so that a reader's place stays valid."""
        self._file.truncate(0)
        self._entries.clear()

    def since(
        self, seq: int, *, limit: int, kinds: frozenset[str], phone: str | None
    ) -> list[Entry]:
        """Return up to `limit` entries after `seq`, oldest first; no kinds means all kinds."""
        first = self._entries[0].seq if self._entries else self.last_seq + 1
        found: list[Entry] = []
        for index in range(max(0, seq - first + 1), len(self._entries)):
            entry = self._entries[index]
            if (not kinds or entry.kind in kinds) and phone in (None, entry.phone):
                found.append(entry)
                if len(found) >= limit:
                    break
        return found

    async def wait_beyond(self, seq: int, seconds: float) -> None:
        """Return as soon as there is an event after `seq`, or when the seconds are over."""
        if self.last_seq > seq or seconds <= 0:
            return
        changed = self._changed
        try:
            async with asyncio.timeout(seconds):
                await changed.wait()
        except TimeoutError:
            return

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _remember(self, event: Event, line: bytes) -> None:
        self.last_seq = event["seq"]
        self._entries.append(Entry(event["seq"], event["kind"], event.get("phone"), line))
