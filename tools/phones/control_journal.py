"""The control API, reading: the journal and the threads, both with long polling."""

from time import monotonic

from aiohttp import web

from tools.phones.errors import Refused
from tools.phones.keys import NETWORK
from tools.phones.state import Phone
from tools.phones.threads import (
    LATEST_ITEMS,
    default_behaviours,
    latest_items,
    list_phones,
    phone_summary,
)

MAX_WAIT = 60.0
MAX_EVENTS = 10_000
MAX_PHONES = 10_000
ITEMS_SHOWN = 50


async def read_journal(request: web.Request) -> web.StreamResponse:
    """GET journal: events after `since`; waits up to `wait` seconds for a matching one."""
    journal, query = request.app[NETWORK].journal, request.query
    since = int(query.get("since", 0))
    limit = min(int(query.get("limit", MAX_EVENTS)), MAX_EVENTS)
    kinds = frozenset(query["kind"].split(",")) if query.get("kind") else frozenset[str]()
    deadline = monotonic() + min(float(query.get("wait", 0)), MAX_WAIT)
    seen = since
    while True:
        entries = journal.since(seen, limit=limit, kinds=kinds, phone=query.get("phone"))
        remaining = deadline - monotonic()
        if entries or remaining <= 0:
            break
        seen = max(seen, journal.last_seq)
        await journal.wait_beyond(seen, remaining)
    # Where to go on from: past everything looked at, unless the limit cut the answer short.
    reached = entries[-1].seq if len(entries) == limit else journal.last_seq
    events = b",".join(entry.line for entry in entries)
    text = b'{"events":[%b],"last_seq":%d,"next_since":%d}' % (events, journal.last_seq, reached)
    return web.Response(body=text, content_type="application/json")


async def clear_journal(request: web.Request) -> web.StreamResponse:
    """DELETE journal: forget messages, calls and events."""
    network = request.app[NETWORK]
    network.clear()
    return web.json_response({"last_seq": network.journal.last_seq})


async def read_threads(request: web.Request) -> web.StreamResponse:
    """GET threads: phones changed after `since`; waits up to `wait` seconds for a change."""
    network, query = request.app[NETWORK], request.query
    since = int(query.get("since", 0))
    if since > network.journal.last_seq:  # a journal that was begun anew
        since = 0
    await network.journal.wait_beyond(since, min(float(query.get("wait", 0)), MAX_WAIT))
    state = network.state
    reset = since < state.cleared_seq
    since = 0 if reset else since
    items = min(int(query.get("items", ITEMS_SHOWN)), LATEST_ITEMS)
    limit = int(query.get("limit", MAX_PHONES))
    return web.json_response(
        {
            "seq": network.journal.last_seq,
            "reset": reset,
            "default_behaviour": default_behaviours(state),
            "phones": list_phones(state, since=since, items=items, limit=limit),
        }
    )


async def read_thread(request: web.Request) -> web.StreamResponse:
    """GET threads/{number}: its latest items, or only those changed after `since`."""
    network, query = request.app[NETWORK], request.query
    number = request.match_info["number"]
    phone = network.state.phones.get(number)
    if phone is None:
        raise Refused(20404, number)
    limit = int(query.get("items", LATEST_ITEMS))
    items = latest_items(phone, limit=limit, since=int(query.get("since", 0)))
    return web.json_response(_thread(request, phone) | {"items": items})


def _thread(request: web.Request, phone: Phone) -> dict[str, object]:
    network = request.app[NETWORK]
    summary: dict[str, object] = dict(phone_summary(network.state, phone))
    return summary | {"as_of": network.journal.last_seq}
