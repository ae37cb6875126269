"""The life of a call: it rings, is answered or not, is talked through, and ends."""

import asyncio
from typing import Any

from tools.phones.behaviour import Behaviour, Mode
from tools.phones.call_script import CallScript, Source
from tools.phones.calls import Call
from tools.phones.clock import twilio_time
from tools.phones.network import Network, wants_callbacks

# What the service hears of under which name; every way to end is "completed".
EVENT_OF_STATUS = {"queued": "initiated", "ringing": "ringing", "in-progress": "answered"}
OUTCOMES = {
    Mode.ANSWER: "answered",
    Mode.MACHINE: "answered",
    Mode.NO_ANSWER: "no-answer",
    Mode.BUSY: "busy",
    Mode.FAILED: "failed",
}
SIP_CODES = {"completed": 200, "no-answer": 487, "busy": 486, "failed": 503, "canceled": 487}
AMD_SECONDS = 0.3


class CallFlow:
    """One call under way, and the ways to act on it."""

    def __init__(self, network: Network, call: Call, behaviour: Behaviour) -> None:
        loop = asyncio.get_running_loop()
        self.call = call
        self._network = network
        self._behaviour = behaviour
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._outcome: asyncio.Future[str] = loop.create_future()
        self._interruption: asyncio.Future[Source | None] = loop.create_future()
        self._posts: asyncio.Queue[dict[str, str] | None] = asyncio.Queue()
        self._sequence = 0

    def end_ringing(self, outcome: str) -> bool:
        """Answer ("answered") or end the ringing otherwise; False when it no longer rings."""
        if self._outcome.done():
            return False
        self._outcome.set_result(outcome)
        return True

    def press(self, digits: str) -> bool:
        """Type keys; False when nobody is on the line."""
        if self.call.status != "in-progress":
            return False
        self._record("call_keys", text=digits)
        for digit in digits:
            self._keys.put_nowait(digit)
        return True

    def interrupt(self, source: Source | None) -> bool:
        """Go on with another document, or hang up; False when nobody is on the line."""
        if self.call.status != "in-progress" or self._interruption.done():
            return False
        self._interruption.set_result(source)
        return True

    async def run(self) -> None:
        """Live through the call."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._post_in_order())
            await self._live(group)
            self._posts.put_nowait(None)

    async def _live(self, group: asyncio.TaskGroup) -> None:
        self._announce()
        await asyncio.sleep(self._network.config.callback_delay[0])
        if self._outcome.done():  # cancelled before it rang
            self._enter(self._outcome.result())
            return
        self._enter("ringing")
        outcome = await self._ring()
        if outcome != "answered":
            self._enter(outcome)
            return
        self._enter("in-progress", answered_by=self._answered_by())
        amd = group.create_task(self._post_amd_result())
        if self._behaviour.keys:
            self.press(self._behaviour.keys)
        await self._talk()
        amd.cancel()
        self._enter("completed")

    async def _ring(self) -> str:
        outcome = OUTCOMES.get(self._behaviour.mode)
        seconds = self.call.ring_seconds if outcome is None else self._behaviour.seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._outcome
        except TimeoutError:
            self._outcome = asyncio.get_running_loop().create_future()
            self._outcome.set_result(outcome or "no-answer")
            return self._outcome.result()

    async def _talk(self) -> None:
        """Perform documents; an interruption replaces the one that is being performed."""
        script = CallScript(self._network, self.call, self._keys)
        source: Source | None = first_source(self.call.parameters)
        while source is not None:
            performing = asyncio.ensure_future(script.perform(source))
            either: set[asyncio.Future[Any]] = {performing, self._interruption}
            try:
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            finally:
                performing.cancel()
            if not self._interruption.done():
                performing.result()  # raises what the script raised
                return
            source = self._interruption.result()
            self._interruption = asyncio.get_running_loop().create_future()

    def _answered_by(self) -> str | None:
        wanted = self.call.parameters.get("MachineDetection")
        if not wanted:
            return None
        if self._behaviour.mode is not Mode.MACHINE:
            return "human"
        return "machine_end_beep" if wanted == "DetectMessageEnd" else "machine_start"

    async def _post_amd_result(self) -> None:
        """Tell the service who picked up, when it asked to be told apart from the document."""
        url = self.call.parameters.get("AsyncAmdStatusCallback")
        if not url or not self.call.answered_by or not wants_callbacks(self._network, self.call):
            return
        await asyncio.sleep(AMD_SECONDS)
        parameters = {
            "AccountSid": self.call.account_sid,
            "AnsweredBy": self.call.answered_by,
            "CallSid": self.call.sid,
            "MachineDetectionDuration": str(round(AMD_SECONDS * 1000)),
        }
        await self._network.post_callback(self.call, url, parameters)

    def _enter(self, status: str, **fields: Any) -> None:  # noqa: ANN401  any JSON value
        self._record("call_status", status=status, **fields)
        self._announce()

    def _announce(self) -> None:
        """Queue the callback for the present status, if the service wants to hear of it."""
        status = self.call.status
        if EVENT_OF_STATUS.get(status, "completed") not in self.call.events:
            return
        parameters = self.call.webhook_parameters() | {
            "CallStatus": "initiated" if status == "queued" else status,
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._sequence),
            "Timestamp": twilio_time(self.call.updated_at or self.call.created_at) or "",
        }
        if self.call.is_final:
            parameters["SipResponseCode"] = str(SIP_CODES[status])
            parameters["CallDuration"] = str(self.call.duration or 0)
        if self.call.answered_by:
            parameters["AnsweredBy"] = self.call.answered_by
        self._sequence += 1
        self._posts.put_nowait(parameters)

    async def _post_in_order(self) -> None:
        url = self.call.parameters.get("StatusCallback")
        while (parameters := await self._posts.get()) is not None:
            if url and wants_callbacks(self._network, self.call):
                await self._network.post_callback(self.call, url, parameters)

    def _record(self, kind: str, **fields: Any) -> None:  # noqa: ANN401  any JSON value
        call = self.call
        self._network.record(kind, phone=call.phone, sid=call.sid, to=call.to, **fields)


def first_source(parameters: dict[str, Any]) -> Source:
    """Return the document that a request for a call names; Twilio prefers `Twiml`."""
    if parameters.get("Twiml"):
        return Source(text=parameters["Twiml"])
    return Source(url=parameters["Url"], method=parameters.get("Method", "POST").upper())
