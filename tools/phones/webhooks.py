"""Requests from the network to the service: signed as Twilio signs them, from a bounded pool."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from twilio.request_validator import RequestValidator
from yarl import URL

from tools.phones.config import Config

RETRY_AFTER = (0.5, 2.0)  # seconds before the second try, and before each later one
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or what went wrong instead."""

    url: str
    status: int | None
    body: str
    error: str | None
    tries: int
    seconds: float

    @property
    def is_ok(self) -> bool:
        """Tell whether the service answered with success."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  HTTP's own

    @property
    def may_retry(self) -> bool:
        """Tell whether another try could help."""
        return self.status is None or self.status >= SERVER_ERROR

    def as_fields(self) -> dict[str, object]:
        """Return the fields that the journal keeps."""
        return {
            "url": self.url,
            "response_status": self.status,
            "error": self.error,
            "tries": self.tries,
            "seconds": round(self.seconds, 4),
        }


class Webhooks:
    """Posts parameters to the service's addresses."""

    def __init__(self, config: Config) -> None:
        self._validator = RequestValidator(config.auth_token)
        self._tries = config.callback_tries
        self._slots = asyncio.Semaphore(config.callback_workers)
        self._session = ClientSession(
            timeout=ClientTimeout(total=config.callback_timeout, sock_connect=3),
            connector=TCPConnector(limit=config.callback_workers),
        )

    async def send(self, url: str, parameters: dict[str, str], method: str = "POST") -> Answer:
        """Send signed parameters; tries again after a lost connection or a server's error.

        Twilio itself does not repeat status callbacks; one try in the settings is its way.
        """
        tries = 0
        while True:
            tries += 1
            async with self._slots:
                answer = await self._send_once(url, parameters, method, tries)
            if not answer.may_retry or tries >= self._tries:
                return answer
            await asyncio.sleep(RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1])

    async def close(self) -> None:
        """Close the pooled connections."""
        await self._session.close()

    async def _send_once(
        self, url: str, parameters: dict[str, str], method: str, tries: int
    ) -> Answer:
        began = monotonic()
        status: int | None = None
        body, error = "", None
        try:
            status, body = await self._exchange(url, parameters, method)
        except (ClientError, TimeoutError, ValueError, UnicodeDecodeError) as problem:
            error = f"{type(problem).__name__}: {problem}"
        return Answer(url, status, body, error, tries, monotonic() - began)

    async def _exchange(self, url: str, parameters: dict[str, str], method: str) -> tuple[int, str]:
        signed: dict[str, str] = parameters
        if method == "GET":
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"
            signed = {}
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(url, signed),
            "User-Agent": "TwilioProxy/1.1",
        }
        # `encoded=True`: the service must see the very address that was signed.
        async with self._session.request(
            method, URL(url, encoded=True), data=signed or None, headers=headers
        ) as response:
            return response.status, await response.text()
