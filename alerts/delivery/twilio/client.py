"""Twilio's asynchronous client over a session of our own, with time-outs that work.

The library's own asynchronous HTTP client reads no time-out and keeps the last number and text in
memory; this one does neither.
"""

import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from yarl import URL

from alerts.conf import TwilioSettings
from alerts.delivery.provider import OutcomeUnknown, ProviderUnavailable
from alerts.delivery.twilio.error_codes import refusal

CONNECT_SECONDS = 3
READ_SECONDS = 10
LONGEST_CALL_SECONDS = CONNECT_SECONDS + READ_SECONDS
FIRST_REDIRECT = 300  # never followed: the message has not been taken
IDLE_SECONDS = 15.0  # a kept connection older than this may be closed by the other side unseen

_silent = logging.getLogger("alerts.delivery.twilio.http")


class TimedHttpClient(AsyncHttpClient):  # type: ignore[misc]  # the library has no types
    """Sends the library's requests to `api_url` within the session's time-outs."""

    def __init__(self, session: aiohttp.ClientSession, api_url: str) -> None:
        super().__init__(_silent, is_async=True, timeout=LONGEST_CALL_SECONDS)
        self._session = session
        self._base = urlsplit(api_url)

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the session's hold
        allow_redirects: bool = False,  # noqa: FBT001, FBT002
    ) -> Response:
        """Return a success; raises one of the protocol's exceptions for anything else."""
        try:
            async with self._session.request(
                method.upper(),
                self._address(url),
                params=_pairs(params),
                data=_pairs(data),
                headers=_with_login(headers, auth),
                allow_redirects=allow_redirects,
            ) as answer:
                text = await answer.text()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ProviderUnavailable("not_reached") from error  # nothing has left
        except (TimeoutError, aiohttp.ClientError, UnicodeDecodeError) as error:
            raise OutcomeUnknown("no_answer") from error
        if not answer.ok or answer.status >= FIRST_REDIRECT:
            raise refusal(answer.status, text, answer.headers)
        return Response(answer.status, text, answer.headers)

    def _address(self, url: str) -> URL:
        parts = urlsplit(url)
        return URL(parts._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl())


@asynccontextmanager
async def open_client(twilio: TwilioSettings, *, connections: int) -> AsyncIterator[Client]:
    """Give a client on at most so many kept-alive connections; use it inside its event loop."""
    timeout = aiohttp.ClientTimeout(
        total=LONGEST_CALL_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS
    )
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=IDLE_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        yield Client(
            twilio.account_sid,
            twilio.auth_tokens[0],
            http_client=TimedHttpClient(session, twilio.api_url),
        )


def _with_login(headers: Mapping[str, str] | None, auth: tuple[str, str] | None) -> dict[str, str]:
    login = {"Authorization": aiohttp.encode_basic_auth(*auth)} if auth else {}
    return {**(headers or {}), **login}


def _pairs(values: Mapping[str, Any] | None) -> list[tuple[str, str]] | None:
    """Return a form's fields as text; a list gives its field several times."""
    if not values:
        return None
    return [
        (name, str(item))
        for name, value in values.items()
        if value is not None
        for item in _items(value)
    ]


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, (list, tuple)) else (value,)
