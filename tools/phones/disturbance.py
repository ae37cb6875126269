"""How the API itself misbehaves: errors, slowness, silence, broken answers, lost connections."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tools.phones.behaviour import Behaviour, Mode
from tools.phones.errors import Refused
from tools.phones.keys import NETWORK, VISIT

CREATED = 201


async def answer_created(
    request: web.Request, behaviour: Behaviour, accept: Callable[[], dict[str, Any]]
) -> web.StreamResponse:
    """Answer 201 with what `accept` returns, or misbehave as told.

    Raises Refused for a rejection. `accept` is called at most once: the modes that leave the
    caller in doubt call it first when the behaviour says that the request is accepted.
    """
    mode = behaviour.mode
    if mode is Mode.REJECT:
        raise Refused(behaviour.code or 21610, request[VISIT].phone or "")
    if mode is Mode.SLOW:
        # Accepted on arrival: receipts may overtake the answer, as they do in life.
        resource = accept()
        await asyncio.sleep(behaviour.seconds)
        return web.json_response(resource, status=CREATED)
    stumble = STUMBLES.get(mode)
    if stumble is None:
        return web.json_response(accept(), status=CREATED)
    if behaviour.accepts:
        accept()
    else:
        visit = request[VISIT].as_fields()
        request.app[NETWORK].record("request_disturbed", mode=mode, **visit)
    return await stumble(request, behaviour)


async def _error_500(_request: web.Request, _behaviour: Behaviour) -> web.StreamResponse:
    return web.json_response(Refused(20500).body(), status=500)


async def _error_429(_request: web.Request, behaviour: Behaviour) -> web.StreamResponse:
    headers = {"Retry-After": str(behaviour.retry_after)}
    return web.json_response(Refused(20429).body(), status=429, headers=headers)


async def _bad_json(_request: web.Request, _behaviour: Behaviour) -> web.StreamResponse:
    return web.Response(text='{"sid": "SM', status=CREATED, content_type="application/json")


async def _hang(request: web.Request, behaviour: Behaviour) -> web.StreamResponse:
    await asyncio.sleep(behaviour.seconds)
    return await _drop(request, behaviour)


async def _drop(request: web.Request, _behaviour: Behaviour) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)  # never reaches anybody: the connection is gone


STUMBLES = {
    Mode.ERROR_500: _error_500,
    Mode.ERROR_429: _error_429,
    Mode.BAD_JSON: _bad_json,
    Mode.HANG: _hang,
    Mode.DROP: _drop,
}
