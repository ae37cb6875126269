"""What every request passes first: only this machine, only the account, errors as Twilio's."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from json import JSONDecodeError
from time import monotonic

from aiohttp import web

from tools.phones.clock import journal_time, wall_clock
from tools.phones.errors import Refused
from tools.phones.identifiers import new_sid
from tools.phones.keys import NETWORK, VISIT
from tools.phones.orders import Arrival, Visit

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
FORBIDDEN, UNSUPPORTED = 403, 415
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@web.middleware
async def guard_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign web sites: no other host name, no form posts across sites."""
    if (request.url.host or "") not in LOOPBACK_NAMES:
        return web.Response(status=FORBIDDEN, text="this simulator answers on loopback only")
    acting = request.path.startswith("/_phones/") and request.method == "POST"
    if acting and request.content_type != "application/json":
        return web.Response(status=UNSUPPORTED, text="send application/json")
    response = await handler(request)
    if not response.prepared:
        response.headers.update(SECURITY_HEADERS)
    return response


@web.middleware
async def guard_control(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn wrong values sent to the control API into 400."""
    if not request.path.startswith("/_phones/"):
        return await handler(request)
    try:
        return await handler(request)
    except Refused as refused:
        return web.json_response(refused.body(), status=refused.status)
    except (JSONDecodeError, ValueError, TypeError) as error:
        return web.json_response({"error": str(error)}, status=400)


@web.middleware
async def guard_account(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Check the credentials of Twilio's API, and answer and write down its refusals."""
    if "account" not in request.match_info:
        return await handler(request)
    arrival = Arrival(journal_time(wall_clock()), monotonic())
    request[VISIT] = Visit(arrival, request.method, request.path)
    try:
        _check_credentials(request)
        response = await handler(request)
    except Refused as refused:
        _record_refusal(request, refused)
        response = web.json_response(refused.body(), status=refused.status)
    if not response.prepared:
        response.headers["Twilio-Request-Id"] = new_sid("RQ")
    return response


def _check_credentials(request: web.Request) -> None:
    config = request.app[NETWORK].config
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    try:
        given = b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
    except Base64Error:
        given = b""
    expected = f"{config.account_sid}:{config.auth_token}".encode()
    if not compare_digest(given, expected):
        raise Refused(20003)
    if request.match_info["account"] != config.account_sid:
        raise Refused(20404, request.path)


def _record_refusal(request: web.Request, refused: Refused) -> None:
    request.app[NETWORK].record(
        "request_refused",
        code=refused.code,
        response_status=refused.status,
        **request[VISIT].as_fields(),
    )
