"""The control API, acting: how numbers behave, and what people do with their phones."""

from typing import Any

from aiohttp import web

from tools.phones.behaviour import Channel, parse_behaviour
from tools.phones.call_flow import CallFlow
from tools.phones.keys import EXCHANGE, NETWORK
from tools.phones.messages import Message
from tools.phones.network import Network
from tools.phones.orders import is_possible_number
from tools.phones.replies import send_reply
from tools.phones.state import EVERY_NUMBER
from tools.phones.threads import behaviours

CONFLICT = 409
MAX_NAME = 40
DIGITS = frozenset("0123456789*#")


async def set_number(request: web.Request) -> web.StreamResponse:
    """POST numbers/{number}: name it, or tell it how to behave."""
    number = _possible(request.match_info["number"])
    fields = await _json(request)
    network = request.app[NETWORK]
    name = fields.pop("name", None)
    _set_behaviours(network, number, fields)
    if name is not None or not fields:
        network.record("phone_named", phone=number, name=str(name or "")[:MAX_NAME])
    return web.json_response(behaviours(network.state, number))


async def reset_number(request: web.Request) -> web.StreamResponse:
    """DELETE numbers/{number}: behave as all other numbers do."""
    number = _possible(request.match_info["number"])
    return _reset(request.app[NETWORK], number)


async def set_default(request: web.Request) -> web.StreamResponse:
    """POST behaviour: how every number behaves that was not told otherwise."""
    fields = await _json(request)
    _set_behaviours(request.app[NETWORK], EVERY_NUMBER, fields)
    return web.json_response(behaviours(request.app[NETWORK].state, EVERY_NUMBER))


async def reset_default(request: web.Request) -> web.StreamResponse:
    """DELETE behaviour: every number that was not told otherwise behaves normally."""
    return _reset(request.app[NETWORK], EVERY_NUMBER)


async def reply(request: web.Request) -> web.StreamResponse:
    """POST reply {from, to?, body}: an SMS from a phone, by default to who wrote to it last."""
    network, fields = request.app[NETWORK], await _json(request)
    sender, body = _possible(str(fields.get("from", ""))), str(fields.get("body", ""))
    if not body:
        raise ValueError("body is required")
    to = str(fields.get("to") or _last_sender(network, sender))
    if not is_possible_number(to):
        return _conflict(f"nobody can reply to {to!r}: it is not a number")
    answer = await send_reply(network, sender=sender, to=to, body=body)
    return web.json_response(answer.as_fields())


async def press_keys(request: web.Request) -> web.StreamResponse:
    """POST keys {call_sid, digits}: type on the keypad of a call that was answered."""
    fields = await _json(request)
    digits = str(fields.get("digits", ""))
    if not digits or not set(digits) <= DIGITS:
        raise ValueError("digits must be of 0-9, * and #")
    flow = _flow(request, fields)
    return _done(flow is not None and flow.press(digits), "the call is not answered")


async def answer(request: web.Request) -> web.StreamResponse:
    """POST answer {call_sid}: pick up a ringing phone."""
    flow = _flow(request, await _json(request))
    return _done(flow is not None and flow.end_ringing("answered"), "the call does not ring")


async def decline(request: web.Request) -> web.StreamResponse:
    """POST decline {call_sid}: refuse a ringing call, which the caller hears as busy."""
    flow = _flow(request, await _json(request))
    return _done(flow is not None and flow.end_ringing("busy"), "the call does not ring")


async def hang_up(request: web.Request) -> web.StreamResponse:
    """POST hang-up {call_sid}: end a call that was answered."""
    flow = _flow(request, await _json(request))
    return _done(flow is not None and flow.interrupt(None), "the call is not answered")


async def _json(request: web.Request) -> dict[str, Any]:
    fields = await request.json()
    if not isinstance(fields, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004  the caller's value
    return fields


def _possible(number: str) -> str:
    if not is_possible_number(number):
        raise ValueError(f"{number!r} is no possible number in E.164 form")
    return number


def _set_behaviours(network: Network, number: str, fields: dict[str, Any]) -> None:
    """Set the behaviour for messages, for calls (under `calls`), or both, or none of them."""
    told = dict(fields)
    calls = told.pop("calls", None)
    parsed = {}
    if told:
        parsed[Channel.SMS] = parse_behaviour(Channel.SMS, told)
    if calls is not None:
        parsed[Channel.CALLS] = parse_behaviour(Channel.CALLS, calls)
    for channel, behaviour in parsed.items():
        network.set_behaviour(number, channel, behaviour)


def _reset(network: Network, number: str) -> web.Response:
    for channel in Channel:
        if (number, channel) in network.state.behaviours:
            network.set_behaviour(number, channel, None)
    return web.json_response(behaviours(network.state, number))


def _last_sender(network: Network, number: str) -> str:
    phone = network.state.phones.get(number)
    for item in reversed(phone.items if phone else []):
        if isinstance(item, Message):
            other = item.to if item.sender == number else item.sender
            return other or network.config.service_number
    return network.config.service_number


def _flow(request: web.Request, fields: dict[str, Any]) -> CallFlow | None:
    return request.app[EXCHANGE].flows.get(str(fields.get("call_sid", "")))


def _done(done: bool, reason: str) -> web.Response:  # noqa: FBT001  the outcome itself
    return web.json_response({"ok": True}) if done else _conflict(reason)


def _conflict(reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=CONFLICT)
