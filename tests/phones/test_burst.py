"""A thousand messages at once."""

import asyncio
import time
from collections.abc import Callable

from aiohttp import ClientSession, TCPConnector, encode_basic_auth

from tests.phones.stage import ACCOUNT, SERVICE, TOKEN, Stage

MESSAGES = 1000
ADDRESS = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


async def post_all(stage: Stage) -> list[int]:
    """Return the statuses of all messages, sent 64 at a time."""

    async def post(session: ClientSession, index: int) -> int:
        order = {
            "To": f"+3363998{index:04}",
            "From": SERVICE,
            "Body": f"number {index}",
            "StatusCallback": f"{stage.service.url}/receipts",
        }
        async with session.post(f"{stage.url}{ADDRESS}", data=order) as response:
            return response.status

    headers = {"Authorization": encode_basic_auth(ACCOUNT, TOKEN)}
    async with ClientSession(connector=TCPConnector(limit=64), headers=headers) as session:
        return await asyncio.gather(*(post(session, index) for index in range(MESSAGES)))


def test_a_thousand_messages_are_accepted_and_told_once_each(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(callback_statuses=frozenset({"delivered"}))
    began = time.monotonic()
    assert asyncio.run(post_all(stage)) == [201] * MESSAGES
    accepted = time.monotonic() - began
    stage.eventually(lambda: len(stage.service.heard) == MESSAGES, seconds=20)
    sids = stage.service.told("/receipts", "MessageSid")
    assert len(set(sids)) == MESSAGES
    assert len(stage.events("message_accepted")) == MESSAGES
    assert accepted < 15  # seconds; about one on an idle machine
