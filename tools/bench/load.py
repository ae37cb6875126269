"""Clients of the web app: each keeps one connection and sends its next request when answered."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

HEAD_END = b"\r\n\r\n"
TIMEOUT = 60.0


@dataclass
class Load:
    """What came of many requests; times in seconds."""

    delays: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    refused: str = ""  # the last answer that was none of success


def post_request(path: str, token: str, body: bytes, *, scheme: str = "Bearer") -> bytes:
    """Return a POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {scheme} {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run_load(port: int, requests: Sequence[bytes], *, clients: int) -> Load:
    """Send every request once, from so many clients at a time."""
    return asyncio.run(_run(port, requests, clients))


async def _run(port: int, requests: Sequence[bytes], clients: int) -> Load:
    load = Load()
    waiting = iter(requests)
    started = time.perf_counter()
    await asyncio.gather(*(_client(port, waiting, load) for _ in range(clients)))
    load.seconds = time.perf_counter() - started
    return load


async def _client(port: int, waiting: Iterator[bytes], load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in waiting:
        started = time.perf_counter()
        writer.write(request)
        status, body = await asyncio.wait_for(_answer(reader), TIMEOUT)
        load.delays.append(time.perf_counter() - started)
        load.statuses[status] += 1
        if status >= 300:  # noqa: PLR2004 - the first that is no success
            load.refused = body.decode("utf-8", "replace")
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(HEAD_END)
    status, length = read_head(head)
    return status, await reader.readexactly(length)


def read_head(head: bytes) -> tuple[int, int]:
    """Return the status and the length of the body that an answer's head announces."""
    lines = head.split(b"\r\n")
    headers = {name.lower(): value for name, _, value in (x.partition(b":") for x in lines[1:])}
    return int(lines[0].split(b" ", 2)[1]), int(headers.get(b"content-length", b"0"))
