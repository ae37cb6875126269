"""The web application: Twilio's API, the control API and the page with the phones."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from tools.phones import control_actions as actions
from tools.phones import control_journal as reading
from tools.phones import twilio_calls as calls
from tools.phones import twilio_messages as messages
from tools.phones.background import Background
from tools.phones.config import Config
from tools.phones.exchange import Exchange
from tools.phones.guards import guard_account, guard_control, guard_page
from tools.phones.journal import Journal
from tools.phones.keys import EXCHANGE, NETWORK
from tools.phones.messages import API_VERSION
from tools.phones.network import Network
from tools.phones.receipts import resume_receipts
from tools.phones.state import State
from tools.phones.webhooks import Webhooks

STATIC = Path(__file__).parent / "static"
ACCOUNT = f"/{API_VERSION}/Accounts/{{account}}"


def create_app(config: Config) -> web.Application:
    """Return the application of one network; its journal is opened when it starts."""
    app = web.Application(middlewares=[guard_page, guard_control, guard_account])

    async def live(app: web.Application) -> AsyncIterator[None]:
        network = Network(config, Journal(config.journal), State(), Webhooks(config), Background())
        network.restore()
        app[NETWORK], app[EXCHANGE] = network, Exchange(network)
        app[EXCHANGE].end_orphans()
        resume_receipts(network)
        yield
        await network.background.close()
        await network.webhooks.close()
        network.journal.close()

    app.cleanup_ctx.append(live)
    app.add_routes([*_twilio_routes(), *_control_routes(), *_page_routes()])
    return app


def _twilio_routes() -> list[web.RouteDef]:
    return [
        web.post(f"{ACCOUNT}/Messages.json", messages.create_message),
        web.get(f"{ACCOUNT}/Messages.json", messages.list_messages),
        web.get(f"{ACCOUNT}/Messages/{{sid}}.json", messages.get_message),
        web.post(f"{ACCOUNT}/Messages/{{sid}}.json", messages.change_message),
        web.delete(f"{ACCOUNT}/Messages/{{sid}}.json", messages.delete_message),
        web.post(f"{ACCOUNT}/Calls.json", calls.create_call),
        web.get(f"{ACCOUNT}/Calls/{{sid}}.json", calls.get_call),
        web.post(f"{ACCOUNT}/Calls/{{sid}}.json", calls.change_call),
    ]


def _control_routes() -> list[web.RouteDef]:
    return [
        web.get("/_phones/journal", reading.read_journal),
        web.delete("/_phones/journal", reading.clear_journal),
        web.get("/_phones/threads", reading.read_threads),
        web.get("/_phones/threads/{number}", reading.read_thread),
        web.post("/_phones/numbers/{number}", actions.set_number),
        web.delete("/_phones/numbers/{number}", actions.reset_number),
        web.post("/_phones/behaviour", actions.set_default),
        web.delete("/_phones/behaviour", actions.reset_default),
        web.post("/_phones/reply", actions.reply),
        web.post("/_phones/keys", actions.press_keys),
        web.post("/_phones/answer", actions.answer),
        web.post("/_phones/decline", actions.decline),
        web.post("/_phones/hang-up", actions.hang_up),
    ]


def _page_routes() -> list[web.AbstractRouteDef]:
    return [web.get("/", _page), web.static("/static", STATIC)]


async def _page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "index.html")
