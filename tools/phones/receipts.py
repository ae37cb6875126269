"""The life of a message after it was accepted: queued, sent, delivered, or not."""

import asyncio
from random import uniform

from tools.phones.behaviour import Mode
from tools.phones.messages import Message
from tools.phones.network import Network, wants_callbacks

FAILING_ENDS = {Mode.UNDELIVERED: "undelivered", Mode.FAILED: "failed"}

Receipt = dict[str, str]


def start_receipts(network: Network, message: Message) -> None:
    """Let a message travel from its present status to its end, in the background."""
    network.background.spawn(_travel(network, message), f"receipts of {message.sid}")


def resume_receipts(network: Network) -> None:
    """Let the messages travel on that an earlier run has left under way."""
    for message in list(network.state.messages.values()):
        if not message.is_final and not message.deleted:
            start_receipts(network, message)


def statuses_after(status: str, mode: Mode) -> list[str]:
    """Return the statuses that are still to come."""
    end = FAILING_ENDS.get(mode, "delivered")
    path = ["queued", "failed"] if end == "failed" else ["queued", "sent", end]
    return path[path.index(status) + 1 :] if status in path else []


def _mode(message: Message) -> Mode:
    return Mode((message.behaviour or {}).get("mode", Mode.DELIVER))


async def _travel(network: Network, message: Message) -> None:
    """Move the message on in time, and post its receipts at the pace that the service allows."""
    receipts: asyncio.Queue[Receipt | None] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        group.create_task(_post_in_order(network, message, receipts))
        for receipt in await _advance_all(network, message, receipts):
            receipts.put_nowait(receipt)
        receipts.put_nowait(None)


async def _advance_all(
    network: Network, message: Message, receipts: asyncio.Queue[Receipt | None]
) -> list[Receipt]:
    """Queue each receipt as it falls due; return those kept back to leave in reverse."""
    in_reverse = _mode(message) is Mode.RECEIPTS_REVERSED
    kept: list[Receipt] = []
    put = kept.append if in_reverse else receipts.put_nowait
    if message.status == "queued":
        put(message.callback_parameters())
    for status in statuses_after(message.status, _mode(message)):
        await asyncio.sleep(uniform(*network.config.callback_delay))  # noqa: S311  only a delay  # nosec B311
        put(_advance(network, message, status))
    return kept[::-1]


def _advance(network: Network, message: Message, status: str) -> Receipt:
    failed = status in FAILING_ENDS.values()
    network.record(
        "message_status",
        phone=message.phone,
        sid=message.sid,
        to=message.to,
        status=status,
        error_code=(message.behaviour or {}).get("code") if failed else None,
        **{"from": message.sender or network.config.service_number},
    )
    return message.callback_parameters()


async def _post_in_order(
    network: Network, message: Message, receipts: asyncio.Queue[Receipt | None]
) -> None:
    url = message.status_callback
    repeats = 2 if _mode(message) is Mode.RECEIPTS_TWICE else 1
    while (receipt := await receipts.get()) is not None:
        wanted = receipt["MessageStatus"] in network.config.callback_statuses
        if url and wanted and wants_callbacks(network, message):
            for _ in range(repeats):
                await network.post_callback(message, url, receipt)
