"""How a number behaves: it delivers, refuses, stays silent or makes the API stumble."""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """What a behaviour is about."""

    SMS = "sms"
    CALLS = "calls"


class Mode(StrEnum):
    """The ways to behave; some are for messages only, some for calls only."""

    DELIVER = "deliver"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    SILENT = "silent"
    RECEIPTS_TWICE = "receipts_twice"
    RECEIPTS_REVERSED = "receipts_reversed"
    RING = "ring"
    ANSWER = "answer"
    MACHINE = "machine"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECT = "reject"
    SLOW = "slow"
    ERROR_500 = "error_500"
    ERROR_429 = "error_429"
    BAD_JSON = "bad_json"
    HANG = "hang"
    DROP = "drop"


API_MODES = frozenset(
    {
        Mode.REJECT,
        Mode.SLOW,
        Mode.ERROR_500,
        Mode.ERROR_429,
        Mode.BAD_JSON,
        Mode.HANG,
        Mode.DROP,
        Mode.SILENT,
    }
)
MODES: dict[Channel, frozenset[Mode]] = {
    Channel.SMS: API_MODES
    | {
        Mode.DELIVER,
        Mode.UNDELIVERED,
        Mode.FAILED,
        Mode.RECEIPTS_TWICE,
        Mode.RECEIPTS_REVERSED,
    },
    Channel.CALLS: API_MODES
    | {Mode.RING, Mode.ANSWER, Mode.MACHINE, Mode.NO_ANSWER, Mode.BUSY, Mode.FAILED},
}
NORMAL: dict[Channel, Mode] = {Channel.SMS: Mode.DELIVER, Channel.CALLS: Mode.RING}
DEFAULT_CODES: dict[tuple[Channel, Mode], int] = {
    (Channel.SMS, Mode.REJECT): 21610,
    (Channel.CALLS, Mode.REJECT): 21217,
    (Channel.SMS, Mode.UNDELIVERED): 30003,
    (Channel.SMS, Mode.FAILED): 30008,
}
DEFAULT_SECONDS: dict[Mode, float] = {
    Mode.SLOW: 5.0,
    Mode.HANG: 120.0,
    Mode.ANSWER: 0.5,
    Mode.MACHINE: 0.5,
    Mode.NO_ANSWER: 0.5,
    Mode.BUSY: 0.5,
    Mode.FAILED: 0.2,
}
# These leave the caller in doubt unless told otherwise: was the request accepted or not?
ACCEPTED_UNLESS_TOLD = frozenset({Mode.BAD_JSON})


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way to behave on one channel."""

    mode: Mode
    code: int | None = None
    seconds: float = 0.0
    retry_after: int = 1
    accepts: bool = False
    keys: str = ""
    times: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the control API shows them."""
        return asdict(self)

    def once_less(self) -> "Behaviour | None":
        """Return what is left after one use: itself, itself with fewer times, or nothing."""
        if self.times is None:
            return self
        return replace(self, times=self.times - 1) if self.times > 1 else None


def normal(channel: Channel) -> Behaviour:
    """Return how a number behaves that nobody has told otherwise."""
    return Behaviour(mode=NORMAL[channel])


def parse_behaviour(channel: Channel, fields: dict[str, Any]) -> Behaviour:
    """Read a behaviour from JSON; raises ValueError naming what is wrong."""
    unknown = fields.keys() - {"mode", "code", "seconds", "retry_after", "accepts", "keys", "times"}
    if unknown:
        raise ValueError(f"unknown field: {', '.join(sorted(unknown))}")
    mode = Mode(fields.get("mode", ""))
    if mode not in MODES[channel]:
        raise ValueError(f"{mode} does not apply to {channel}")
    code = fields.get("code") or DEFAULT_CODES.get((channel, mode))
    times = fields.get("times")
    if times is not None and int(times) < 1:
        raise ValueError("times must be at least 1")
    seconds = fields.get("seconds")
    return Behaviour(
        mode=mode,
        code=None if code is None else int(code),
        seconds=float(DEFAULT_SECONDS.get(mode, 0.0) if seconds is None else seconds),
        retry_after=int(fields.get("retry_after", 1)),
        accepts=bool(fields.get("accepts", mode in ACCEPTED_UNLESS_TOLD)),
        keys=str(fields.get("keys", "")),
        times=None if times is None else int(times),
    )
