"""What reached the sink, by number."""

import http.client
from dataclasses import dataclass
from urllib.parse import parse_qs

NANOSECOND = 1e-9
TIMEOUT = 30.0


@dataclass(frozen=True)
class Provider:
    """The benchmark's side of the sink on a local port."""

    port: int

    @property
    def url(self) -> str:
        """The address that texts are sent to."""
        return f"http://127.0.0.1:{self.port}"

    def reset(self, *, delay_ms: int = 0) -> None:
        """Forget what arrived; answer after so many milliseconds from now on."""
        self._ask(f"reset?delay_ms={delay_ms}")

    def count(self) -> int:
        """Return how many texts have arrived."""
        return int(self._ask("count"))

    def arrivals(self) -> dict[str, float]:
        """Return when the first text to each number arrived, in seconds of CLOCK_MONOTONIC."""
        return read_arrivals(self._ask("arrivals").decode())

    def _ask(self, what: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request("GET", f"/_sink/{what}")
            return connection.getresponse().read()
        finally:
            connection.close()


def read_arrivals(text: str) -> dict[str, float]:
    """Return the first arrival by number from the sink's lines."""
    first: dict[str, float] = {}
    for line in text.splitlines():
        instant, _, form = line.partition(" ")
        (number,) = parse_qs(form)["To"]
        first.setdefault(number, int(instant) * NANOSECOND)
    return first
