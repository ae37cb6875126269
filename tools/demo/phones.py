"""The simulated phone network, seen from outside: its journal, and the phones in people's hands."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from tools.demo.expectations import StepMissing
from tools.demo.wording import Kind

LONGEST_POLL = 20  # seconds that the network holds a request while nothing happens
POLL_TIMEOUT = aiohttp.ClientTimeout(total=LONGEST_POLL + 10)


@dataclass(frozen=True)
class Text:
    """An SMS as the network accepted it; `monotonic` is the machine's clock, in seconds."""

    number: str
    body: str
    at: datetime
    monotonic: float

    @property
    def link(self) -> str:
        """The link that the text ends with; raises StepMissing when it has none."""
        last = self.body.split()[-1]
        if not last.startswith("http"):
            raise StepMissing("a text that ends with a link", self.body)
        return last


class PhoneNetwork:
    """Follows the journal; every text to a phone of the story is shown as it arrives."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/_phones"
        self._phones: dict[str, Phone] = {}
        self._arrival = asyncio.Event()
        self._failure: aiohttp.ClientError | TimeoutError | None = None

    async def hand_out(self, name: str, number: str) -> "Phone":
        """Return somebody's phone, and let the network call it by their name."""
        async with self._http.post(f"{self._url}/numbers/{number}", json={"name": name}) as answer:
            answer.raise_for_status()
        phone = Phone(name, number, self)
        self._phones[number] = phone
        return phone

    async def last_seq(self) -> int:
        """Return where the journal ends at present."""
        return int((await self._read(since=0, limit=1))["last_seq"])

    async def follow(self, since: int, show: Callable[["Phone", Text], None]) -> None:
        """Hand each new text to its phone and show it, until cancelled or the network is gone."""
        try:
            while True:
                page = await self._read(since=since, wait=LONGEST_POLL)
                for event in page["events"]:
                    self._deliver(event, show)
                since = page["next_since"]
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failure = error
            self._arrival.set()

    async def arrival(self) -> None:
        """Return when the next text has arrived; raises StepMissing when none can be seen."""
        await self._arrival.wait()
        self.ensure_followed()

    def ensure_followed(self) -> None:
        """Raise StepMissing when the journal cannot be read: silence would mean nothing."""
        if self._failure:
            raise StepMissing("the journal of the phone network", repr(self._failure))

    def _deliver(self, event: dict[str, Any], show: Callable[["Phone", Text], None]) -> None:
        phone = self._phones.get(event["to"])
        if phone is None:
            return
        text = Text(
            number=event["to"],
            body=event["body"],
            at=datetime.fromisoformat(event["at"]),
            monotonic=event["monotonic"],
        )
        phone.texts.append(text)
        show(phone, text)
        arrival, self._arrival = self._arrival, asyncio.Event()
        arrival.set()

    async def _read(self, **query: int) -> dict[str, Any]:
        parameters: dict[str, str | int] = {"kind": "message_accepted", **query}
        async with self._http.get(
            f"{self._url}/journal", params=parameters, timeout=POLL_TIMEOUT
        ) as answer:
            answer.raise_for_status()
            page: dict[str, Any] = await answer.json()
            return page


class Phone:
    """Somebody's phone: its texts in the order of their arrival, and how far they were read."""

    def __init__(self, name: str, number: str, network: PhoneNetwork) -> None:
        self.name = name
        self.number = number
        self.texts: list[Text] = []
        self._network = network
        self._read = 0

    @property
    def unread(self) -> list[Text]:
        """The texts that nobody in the story has looked at."""
        self._network.ensure_followed()
        return self.texts[self._read :]

    async def read(self, kind: Kind, *, within: float) -> Text:
        """Return the next text of a kind; raises StepMissing after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while (found := self._find(kind)) is None:
                    await self._network.arrival()
        except TimeoutError:
            expected = f"{kind.label}, by text to {self.name} within {within:g} s"
            raise StepMissing(expected, self.describe_unread()) from None
        return found

    def put_away(self) -> None:
        """Count every text as read."""
        self._read = len(self.texts)

    def describe_unread(self) -> str:
        """Say what came that nobody waited for."""
        bodies = " | ".join(text.body for text in self.unread)
        return f"to {self.name}: {bodies or 'no text'}"

    def _find(self, kind: Kind) -> Text | None:
        for place, text in enumerate(self.unread, start=self._read + 1):
            if kind.describes(text.body):
                self._read = place
                return text
        return None
