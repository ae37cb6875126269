"""Twilio's Calls resource."""

from typing import Any

from aiohttp import web

from tools.phones.behaviour import Channel
from tools.phones.call_flow import first_source
from tools.phones.disturbance import answer_created
from tools.phones.errors import Refused
from tools.phones.keys import EXCHANGE, NETWORK, VISIT
from tools.phones.orders import parse_call, plain_form


async def create_call(request: web.Request) -> web.StreamResponse:
    """POST Calls.json: accept one call and let it ring."""
    network = request.app[NETWORK]
    form = plain_form(await request.post())
    request[VISIT].phone = form.get("To")
    order = parse_call(form)
    behaviour = network.take_behaviour(order.to, Channel.CALLS)

    def accept() -> dict[str, Any]:
        call = network.place_call(order, behaviour, request[VISIT].arrival)
        request.app[EXCHANGE].start(call, behaviour)
        return call.resource()

    return await answer_created(request, behaviour, accept)


async def get_call(request: web.Request) -> web.StreamResponse:
    """GET Calls/{sid}.json."""
    return web.json_response(request.app[NETWORK].call(request.match_info["sid"]).resource())


async def change_call(request: web.Request) -> web.StreamResponse:
    """POST Calls/{sid}.json: go on with another document, hang up, or stop the ringing."""
    call = request.app[NETWORK].call(request.match_info["sid"])
    flow = request.app[EXCHANGE].flows.get(call.sid)
    form = plain_form(await request.post())
    status = form.get("Status")
    if flow is None:
        raise Refused(21220)
    if status in ("completed", "canceled") and flow.end_ringing("canceled"):
        return web.json_response(call.resource())
    if status == "completed":
        changed = flow.interrupt(None)
    else:
        changed = bool(form.get("Url") or form.get("Twiml")) and flow.interrupt(first_source(form))
    if not changed:
        raise Refused(21220)
    return web.json_response(call.resource())
