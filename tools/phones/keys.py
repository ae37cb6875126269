"""Where the parts of the network hang in the web application."""

from aiohttp import web

from tools.phones.exchange import Exchange
from tools.phones.network import Network
from tools.phones.orders import Visit

NETWORK: web.AppKey[Network] = web.AppKey("network", Network)
EXCHANGE: web.AppKey[Exchange] = web.AppKey("exchange", Exchange)
VISIT: web.RequestKey[Visit] = web.RequestKey("visit", Visit)
