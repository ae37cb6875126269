"""Twilio's Messages resource."""

from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tools.phones.behaviour import Channel
from tools.phones.clock import parse_journal_time
from tools.phones.disturbance import answer_created
from tools.phones.keys import NETWORK, VISIT
from tools.phones.messages import API_VERSION, Message
from tools.phones.orders import parse_message, plain_form, whole_number
from tools.phones.receipts import start_receipts

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 1000
NO_CONTENT = 204
DAY = len("2026-11-21")


async def create_message(request: web.Request) -> web.StreamResponse:
    """POST Messages.json: accept one message and let it travel."""
    network = request.app[NETWORK]
    form = plain_form(await request.post())
    request[VISIT].phone, request[VISIT].body = form.get("To"), form.get("Body")
    order = parse_message(form)
    behaviour = network.take_behaviour(order.to, Channel.SMS)

    def accept() -> dict[str, Any]:
        message = network.accept_message(order, behaviour, request[VISIT].arrival)
        start_receipts(network, message)
        return message.resource()

    return await answer_created(request, behaviour, accept)


async def list_messages(request: web.Request) -> web.StreamResponse:
    """GET Messages.json: messages from newest to oldest, filtered and paged as Twilio does."""
    query = request.query
    size = min(whole_number(query, "PageSize", DEFAULT_PAGE_SIZE, at_least=1), MAX_PAGE_SIZE)
    token = query.get("PageToken", "").removeprefix("PA")
    newest = request.app[NETWORK].state.newest_messages(query.get("To") or None, token or None)
    wanted = list(islice(filter(_selects(query), newest), size + 1))
    page = whole_number(query, "Page", 0, at_least=0)
    following = None
    if len(wanted) > size:
        following = _page_uri(request, page + 1, f"PA{wanted[size - 1].sid}")
    shown = wanted[:size]
    return web.json_response(
        {
            "messages": [message.resource() for message in shown],
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
            "uri": request.path_qs,
            "first_page_uri": _page_uri(request, 0, None),
            "next_page_uri": following,
            "previous_page_uri": None,
        }
    )


async def get_message(request: web.Request) -> web.StreamResponse:
    """GET Messages/{sid}.json."""
    return web.json_response(_message(request).resource())


async def change_message(request: web.Request) -> web.StreamResponse:
    """POST Messages/{sid}.json: an empty Body redacts the text."""
    network, message = request.app[NETWORK], _message(request)
    form = plain_form(await request.post())
    if form.get("Body") == "":
        network.record("message_redacted", phone=message.phone, sid=message.sid, to=message.to)
    return web.json_response(message.resource())


async def delete_message(request: web.Request) -> web.StreamResponse:
    """DELETE Messages/{sid}.json."""
    network, message = request.app[NETWORK], _message(request)
    network.record("message_deleted", phone=message.phone, sid=message.sid, to=message.to)
    return web.Response(status=NO_CONTENT)


def _message(request: web.Request) -> Message:
    return request.app[NETWORK].message(request.match_info["sid"])


def _page_uri(request: web.Request, page: int, token: str | None) -> str:
    kept = [(name, value) for name, value in request.query.items() if not name.startswith("Page")]
    paging = [("PageSize", request.query.get("PageSize", str(DEFAULT_PAGE_SIZE)))]
    paging.append(("Page", str(page)))
    if token is not None:
        paging.append(("PageToken", token))
    account = request.match_info["account"]
    return f"/{API_VERSION}/Accounts/{account}/Messages.json?{urlencode(kept + paging)}"


def _selects(query: Any) -> Callable[[Message], bool]:  # noqa: ANN401  aiohttp's mapping
    """Return the filter that From and DateSent ask for; dates count from the sending."""
    sender = query.get("From")
    on, until, since = (query.get(name) for name in ("DateSent", "DateSent<", "DateSent>"))

    def is_wanted(message: Message) -> bool:
        moment = message.sent_at or message.created_at
        return (
            (not sender or message.sender == sender)
            and (not on or moment[:DAY] == on[:DAY])
            and (not until or _at_precision_of(until, moment) <= _normalised(until))
            and (not since or _at_precision_of(since, moment) >= _normalised(since))
        )

    return is_wanted


def _normalised(bound: str) -> str:
    return bound.strip().replace(" ", "T").removesuffix("Z")


def _at_precision_of(bound: str, moment: str) -> str:
    """Cut an instant to a day or a second, whichever the bound is written in."""
    text = parse_journal_time(moment).isoformat()
    return text[: len(_normalised(bound))]
