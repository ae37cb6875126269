"""A network and a service that listens to it, in one event loop on a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import ClientSession, ClientTimeout, web
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tools.phones.config import Config
from tools.phones.web import create_app

ACCOUNT, TOKEN = "AC" + "a" * 32, "a-token-for-tests"
MIA, LEO, SERVICE = "+33639981001", "+33639981002", "+33639980000"
TWILIO = "https://api.twilio.com"
T = TypeVar("T")


@dataclass(slots=True)
class Heard:
    """One request that the service got from the network."""

    path: str
    parameters: dict[str, str]
    is_signed: bool


@dataclass(slots=True)
class Service:
    """The callback receiver: keeps what it hears, answers as it is told."""

    heard: list[Heard] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    url: str = ""

    async def listen(self, request: web.Request) -> web.Response:
        parameters = {name: str(value) for name, value in (await request.post()).items()}
        signature = request.headers.get("X-Twilio-Signature", "")
        address = f"{self.url}{request.path_qs}"
        signed = RequestValidator(TOKEN).validate(address, parameters, signature)
        self.heard.append(Heard(request.path_qs, parameters, signed))
        status = self.statuses.pop(0) if self.statuses else 200
        document = self.documents.get(request.path, "")
        return web.Response(status=status, text=document, content_type="text/xml")

    def told(self, path: str, name: str) -> list[str]:
        """Return one parameter of everything heard at an address, in order."""
        return [heard.parameters[name] for heard in self.heard if heard.path == path]


class Stage:
    """What a test talks to; `settings` replace those of the network."""

    def __init__(self, journal: Path, **settings: Any) -> None:
        self.service = Service()
        self.is_closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listener = self.run(self._serve(self._listening()))
        self.service.url = self._address(self._listener)
        base = Config(ACCOUNT, TOKEN, journal, f"{self.service.url}/inbound")
        fast = replace(base, callback_delay=(0.01, 0.03), speech_rate=0.0)
        self._network = self.run(self._serve(create_app(replace(fast, **settings))))
        self.url = self._address(self._network)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    def close(self) -> None:
        self.is_closed = True
        self.run(self._network.cleanup())
        self.run(self._listener.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def client(self, *, token: str = TOKEN, timeout: float = 5.0) -> Client:
        return Client(ACCOUNT, token, http_client=LocalHttp(self.url, timeout))

    def send(self, to: str = MIA, body: str = "Hello", **fields: Any) -> Any:
        fields.setdefault("status_callback", f"{self.service.url}/receipts")
        return self.client().messages.create(to=to, from_=SERVICE, body=body, **fields)

    def call(self, to: str = MIA, **fields: Any) -> Any:
        fields.setdefault("url", f"{self.service.url}/twiml")
        fields.setdefault("status_callback", f"{self.service.url}/calls")
        fields.setdefault(
            "status_callback_event", ["initiated", "ringing", "answered", "completed"]
        )
        return self.client().calls.create(to=to, from_=SERVICE, **fields)

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.exchange(method, path, body)[1]

    def exchange(
        self, method: str, path: str, body: dict[str, Any] | None = None, **options: object
    ) -> tuple[int, Any]:
        return self.run(self._exchange(method, f"{self.url}/_phones/{path}", body, options))

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", f"journal?kind={','.join(kinds)}")[
            "events"
        ]
        return found

    def eventually(self, holds: Callable[[], T], seconds: float = 5.0) -> T:
        """Return the first true value, or fail when there is none in time."""
        deadline = time.monotonic() + seconds
        while not (value := holds()):
            assert time.monotonic() < deadline, f"not within {seconds} s"
            time.sleep(0.02)
        return value

    async def _exchange(
        self, method: str, url: str, body: dict[str, Any] | None, options: dict[str, object]
    ) -> tuple[int, Any]:
        kept: dict[str, Any] = {"json": body, **options} if body is not None else dict(options)
        async with (
            ClientSession(timeout=ClientTimeout(total=20)) as session,
            session.request(method, url, **kept) as response,
        ):
            is_json = response.content_type == "application/json"
            return response.status, await (response.json() if is_json else response.text())

    def _listening(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.service.listen)
        return app

    @staticmethod
    async def _serve(app: web.Application) -> web.AppRunner:
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    @staticmethod
    def _address(runner: web.AppRunner) -> str:
        return f"http://127.0.0.1:{runner.addresses[0][1]}"


class LocalHttp(TwilioHttpClient):  # type: ignore[misc]  # the library is untyped
    """The library's own client, led to another host."""

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._base_url = base_url

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> Response:
        return super().request(method, url.replace(TWILIO, self._base_url), *args, **kwargs)


class LocalAsyncHttp(AsyncTwilioHttpClient):  # type: ignore[misc]  # the library is untyped
    """The library's own asynchronous client, led to another host."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url

    async def request(self, method: str, url: str, *args: object, **kwargs: object) -> Response:
        local = url.replace(TWILIO, self._base_url)
        return await super().request(method, local, *args, **kwargs)
