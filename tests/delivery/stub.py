"""A stand-in for Twilio's API: answers as it is told, keeps what it was asked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from aiohttp import web

from alerts.conf import TwilioSettings
from alerts.delivery.provider import OutboundMessage
from alerts.delivery.twilio.client import open_client
from alerts.delivery.twilio.sms import TwilioSms
from alerts.domain.states import Channel, Purpose

ACCOUNT = "AC" + "1" * 32
TOKEN = "0123456789abcdef0123456789abcdef"
DELIVERY_ID = UUID("11111111-2222-3333-4444-555555555555")
Answer = TypeVar("Answer")

CREATED = (
    '{"sid":"SM00000000000000000000000000000001","status":"queued","error_code":null,'
    '"body":"","to":"+33639980001","date_created":"Sat, 21 Nov 2026 20:30:00 +0000"}'
)


@dataclass
class StubTwilio:
    """Answers every request alike; `seconds` makes it slow."""

    status: int = 201
    body: str = CREATED
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    forms: list[dict[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        self.queries.append(dict(request.query))
        await asyncio.sleep(self.seconds)
        return web.Response(
            status=self.status,
            text=self.body,
            headers=self.headers,
            content_type="application/json",
        )


def with_stub(
    stub: StubTwilio,
    work: Callable[[TwilioSms], Awaitable[Answer]],
    *,
    sender: str = "+33757050000",
) -> Answer:
    """Return what `work` returns when it talks to the stub."""
    return asyncio.run(_with_stub(stub, work, sender))


async def _with_stub(
    stub: StubTwilio, work: Callable[[TwilioSms], Awaitable[Answer]], sender: str
) -> Answer:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stub.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = TwilioSettings(
        account_sid=ACCOUNT,
        auth_tokens=(TOKEN,),
        sender=sender,
        caller_id="",
        api_url=f"http://127.0.0.1:{runner.addresses[0][1]}",
        is_two_way=False,
    )
    try:
        async with open_client(settings, connections=4) as client:
            return await work(TwilioSms(client, settings, public_url="https://vigie.example"))
    finally:
        await runner.cleanup()


def message(*, purpose: Purpose = Purpose.Alert, body: str = "Bonjour") -> OutboundMessage:
    """Return a text to a number that is kept for fiction."""
    return OutboundMessage(
        delivery_id=DELIVERY_ID,
        channel=Channel.Sms,
        to="+33639980001",
        body=body,
        subject="",
        validity_seconds=900,
        purpose=purpose,
    )
