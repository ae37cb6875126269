"""Phones and their threads as the control API and the page show them."""

from itertools import islice
from typing import Any

from tools.phones.behaviour import Channel
from tools.phones.state import EVERY_NUMBER, Phone, State

LATEST_ITEMS = 500


def list_phones(state: State, *, since: int, items: int, limit: int) -> list[dict[str, Any]]:
    """Return up to `limit` phones changed after a place in the journal, latest change first."""
    phones: list[dict[str, Any]] = []
    for phone in islice(reversed(state.phones.values()), limit):
        if phone.changed_seq <= since:
            break
        phones.append(phone_summary(state, phone) | {"items": latest_items(phone, limit=items)})
    return phones


def phone_summary(state: State, phone: Phone) -> dict[str, Any]:
    """Return one phone with its latest item and the way it behaves."""
    return {
        "number": phone.number,
        "name": phone.name,
        "count": len(phone.items),
        "last": phone.items[-1].item() if phone.items else None,
        "behaviour": behaviours(state, phone.number),
        "seq": phone.changed_seq,
    }


def latest_items(phone: Phone, *, limit: int, since: int = 0) -> list[dict[str, Any]]:
    """Return the latest items of a thread, oldest first, without those unchanged since a place."""
    latest = islice(reversed(phone.items), min(limit, LATEST_ITEMS))
    return [item.item() for item in latest if item.changed_seq > since][::-1]


def behaviours(state: State, number: str) -> dict[str, Any]:
    """Return how a number, or `*`, behaves on each channel, and whether it was told so itself."""
    told = {channel: (number, channel) in state.behaviours for channel in Channel}
    return {
        channel: state.behaviour(number, channel).as_json() | {"own": told[channel]}
        for channel in Channel
    }


def default_behaviours(state: State) -> dict[str, Any]:
    """Return how numbers behave that were not told anything themselves."""
    return behaviours(state, EVERY_NUMBER)
