"""What is said and typed during a call: one TwiML document after another."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urljoin

from tools.phones.calls import Call
from tools.phones.network import Network
from tools.phones.twiml import (
    BadDocument,
    Gather,
    Hangup,
    Pause,
    Redirect,
    Say,
    Unknown,
    Verb,
    parse_document,
)

APOLOGY = "We are sorry, an application error has occurred. Goodbye."  # Twilio's own words


@dataclass(frozen=True, slots=True)
class Source:
    """Where the next document comes from: an address, or the text itself."""

    url: str = ""
    method: str = "POST"
    text: str = ""
    digits: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """The document ends the call."""


class CallScript:
    """Performs documents until one ends the call; keys may be typed ahead."""

    def __init__(self, network: Network, call: Call, keys: asyncio.Queue[str]) -> None:
        self._network = network
        self._call = call
        self._keys = keys
        self._base_url = str(call.parameters.get("Url", ""))

    async def perform(self, source: Source) -> None:
        """Return when nothing is left to say."""
        following: Source | Stop = source
        while isinstance(following, Source):
            following = await self._perform_document(following)

    async def _perform_document(self, source: Source) -> Source | Stop:
        try:
            verbs = parse_document(await self._fetch(source))
        except (BadDocument, ValueError) as error:
            return await self._fail(str(error))
        for verb in verbs:
            following = await self._perform_verb(verb)
            if following is not None:
                return following
        return Stop()

    async def _fetch(self, source: Source) -> str:
        if not source.url:
            return source.text
        self._base_url = source.url
        parameters = self._call.webhook_parameters()
        if self._call.answered_by and "AsyncAmd" not in self._call.parameters:
            parameters["AnsweredBy"] = self._call.answered_by
        if source.digits is not None:
            parameters |= {"Digits": source.digits, "msg": "Gather End"}
        answer = await self._network.webhooks.send(source.url, parameters, source.method)
        self._record("call_document_fetched", **answer.as_fields(), digits=source.digits)
        if not answer.is_ok:
            raise BadDocument(f"11200 HTTP retrieval failure: {answer.error or answer.status}")
        return answer.body

    async def _fail(self, reason: str) -> Source | Stop:
        self._record("call_error", text=reason)
        fallback = self._call.parameters.pop("FallbackUrl", None)
        if fallback:
            return Source(url=fallback, method=self._call.parameters.get("FallbackMethod", "POST"))
        await self._say(APOLOGY, "en")
        return Stop()

    async def _perform_verb(self, verb: Verb) -> Source | Stop | None:
        match verb:
            case Say(text, language):
                await self._say(text, language)
            case Pause(seconds):
                await asyncio.sleep(seconds if self._network.config.speech_rate else 0)
            case Gather():
                return await self._gather(verb)
            case Redirect(url, method):
                return Source(url=urljoin(self._base_url, url), method=method)
            case Hangup():
                return Stop()
            case Unknown(name):
                self._record("call_error", text=f"<{name}> is not simulated and was skipped")
        return None

    async def _say(self, text: str, language: str) -> None:
        self._record("call_said", text=text, language=language)
        rate = self._network.config.speech_rate
        await asyncio.sleep(len(text) / rate if rate else 0)

    async def _gather(self, gather: Gather) -> Source | None:
        """Collect keys; return where to post them, or nothing to go on with the document."""
        self._record("call_gathering", waiting=True)
        try:
            digits = await self._collect(gather)
        finally:
            self._record("call_gathering", waiting=False)
        typed = digits.rstrip(gather.finish_on) if gather.finish_on else digits
        if not typed and not gather.act_on_nothing:
            return None
        url = urljoin(self._base_url, gather.action)
        return Source(url=url, method=gather.method, digits=typed)

    async def _collect(self, gather: Gather) -> str:
        digits = await self._first_key(gather)
        while digits and not self._is_complete(gather, digits):
            key = await self._next_key(gather.seconds)
            if key is None:
                break
            digits += key
        return digits

    async def _first_key(self, gather: Gather) -> str:
        """Speak the prompts until a key interrupts them, then wait as long as the Gather says."""
        speaking = asyncio.ensure_future(self._speak_all(gather.prompts))
        listening = asyncio.ensure_future(self._keys.get())
        try:
            await asyncio.wait({speaking, listening}, return_when=asyncio.FIRST_COMPLETED)
            if not listening.done():
                await asyncio.wait({listening}, timeout=gather.seconds)
            return listening.result() if listening.done() else ""
        finally:
            speaking.cancel()
            listening.cancel()

    async def _speak_all(self, prompts: tuple[Verb, ...]) -> None:
        for prompt in prompts:
            await self._perform_verb(prompt)

    async def _next_key(self, seconds: float) -> str | None:
        try:
            async with asyncio.timeout(seconds):
                return await self._keys.get()
        except TimeoutError:
            return None

    @staticmethod
    def _is_complete(gather: Gather, digits: str) -> bool:
        ended = bool(gather.finish_on) and digits[-1] in gather.finish_on
        return ended or (gather.digits is not None and len(digits) >= gather.digits)

    def _record(self, kind: str, **fields: object) -> None:
        call = self._call
        self._network.record(kind, phone=call.phone, sid=call.sid, to=call.to, **fields)
