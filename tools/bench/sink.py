"""A provider that costs next to nothing: answers like Twilio and notes when each text arrived.

`python -m tools.bench.sink PORT`. Texts are POSTs; `/_sink/…` is for the benchmark: `count`,
`arrivals` (nanoseconds of CLOCK_MONOTONIC and the form of each) and `reset?delay_ms=N`.
"""

import asyncio
import gc
import sys
import time

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
PADDING = b'","date_created":"Thu, 24 Aug 2023 05:01:45 +0000","direction":"outbound-api"'
BODY = (
    b'{"sid":"SM%032x","account_sid":"AC00000000000000000000000000000000","api_version":"2010-04-01'
    + PADDING
    + b',"body":"","error_code":null,"error_message":null,"from":"+33757050000","num_media":"0",'
    b'"num_segments":"1","price":null,"price_unit":null,"status":"queued","to":"%b","uri":""}'
)


class Sink:
    """What has arrived, and how long an answer takes."""

    def __init__(self) -> None:
        self.arrivals: list[tuple[int, bytes]] = []
        self.delay = 0.0  # seconds

    def control(self, path: bytes) -> bytes:
        """Return the answer to one of the benchmark's own requests."""
        if path.startswith(b"/_sink/reset"):
            self.arrivals.clear()
            gc.collect()
            self.delay = int(path.partition(b"delay_ms=")[2] or b"0") / 1000
            return b"ok"
        if path == b"/_sink/count":
            return b"%d" % len(self.arrivals)
        return b"\n".join(b"%d %b" % arrival for arrival in self.arrivals)


class Connection(asyncio.Protocol):
    """One kept-alive connection; a request is answered when it is complete."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers are written to."""
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what has come; what is complete is answered."""
        now = time.monotonic_ns()
        self._buffer += data
        while (end := self._buffer.find(HEAD_END)) >= 0:
            head = self._buffer[:end]
            size = end + len(HEAD_END) + content_length(head)
            if len(self._buffer) < size:
                return
            body = self._buffer[end + len(HEAD_END) : size]
            self._buffer = self._buffer[size:]
            self._answer(head, body, now)

    def _answer(self, head: bytes, body: bytes, now: int) -> None:
        if head.startswith(b"GET "):
            self._write(b"200 OK", self._sink.control(head.split(b" ", 2)[1]))
            return
        arrivals = self._sink.arrivals
        arrivals.append((now, body))
        answer = BODY % (len(arrivals), b"+999")
        if self._sink.delay:
            loop = asyncio.get_running_loop()
            loop.call_later(self._sink.delay, self._write, b"201 Created", answer)
        else:
            self._write(b"201 Created", answer)

    def _write(self, status: bytes, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(
                b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (status, len(body), body)
            )


def content_length(head: bytes) -> int:
    """Return how many bytes follow a head."""
    lower = head.lower()
    start = lower.find(LENGTH)
    return int(lower[start + len(LENGTH) :].split(b"\r\n", 1)[0]) if start >= 0 else 0


async def serve(port: int) -> None:
    """Listen on the loopback until ended."""
    gc.freeze()
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(sink), "127.0.0.1", port, backlog=1024
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
