"""TwiML, as far as a phone call and a reply to an SMS need it."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, fromstring  # nosec B405

DEFAULT_GATHER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Say:
    """Words to speak."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys, while the nested words are spoken and `seconds` beyond them."""

    prompts: tuple["Verb", ...]
    action: str
    method: str
    seconds: float
    digits: int | None
    finish_on: str
    act_on_nothing: bool


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A verb that this network does not speak."""

    name: str


Verb = Say | Pause | Gather | Redirect | Hangup | Unknown


class BadDocument(Exception):
    """The document is not TwiML."""


def parse_document(text: str) -> list[Verb]:
    """Return the verbs of a voice document; raises BadDocument."""
    return [_verb(element) for element in _response(text)]


def parse_replies(text: str) -> list[str]:
    """Return the texts that a messaging document sends back; raises BadDocument."""
    if not text.strip():
        return []
    messages = [element for element in _response(text) if element.tag == "Message"]
    return [_words(element) for element in messages]


def _response(text: str) -> Element:
    try:
        # From the service under test on this machine, parsed by an expat that bounds entities.
        root = fromstring(text)  # noqa: S314  # nosec B314
    except ParseError as error:
        raise BadDocument(f"12100 document parse failure: {error}") from error
    if root.tag != "Response":
        raise BadDocument(f"12100 the document's root is <{root.tag}>, not <Response>")
    return root


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _verb(element: Element) -> Verb:
    maker = MAKERS.get(element.tag)
    return Unknown(element.tag) if maker is None else maker(element)


def _say(element: Element) -> Verb:
    return Say(_words(element), element.get("language", ""))


def _play(element: Element) -> Verb:
    return Say(f"♪ {_words(element)}", "")


def _pause(element: Element) -> Verb:
    return Pause(float(element.get("length", "1")))


def _redirect(element: Element) -> Verb:
    return Redirect(_words(element), element.get("method", "POST").upper())


def _hangup(_element: Element) -> Verb:
    return Hangup()


def _gather(element: Element) -> Verb:
    digits = element.get("numDigits")
    seconds = element.get("timeout", "")
    return Gather(
        prompts=tuple(_verb(child) for child in element),
        action=element.get("action", ""),
        method=element.get("method", "POST").upper(),
        seconds=DEFAULT_GATHER_SECONDS if seconds in ("", "auto") else float(seconds),
        digits=None if digits is None else int(digits),
        finish_on=element.get("finishOnKey", "#"),
        act_on_nothing=element.get("actionOnEmptyResult", "false").lower() == "true",
    )


MAKERS = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _hangup,
}
