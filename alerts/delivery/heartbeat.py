"""Telling an outside monitor that all is well: it raises the alarm when this stops."""

import asyncio
import logging

import aiohttp

logger = logging.getLogger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=3)


def ping(url: str) -> bool:
    """Return whether the monitor has heard; a monitor that is away is no reason to stop."""
    return asyncio.run(_get(url))


async def _get(url: str) -> bool:
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(url) as answer:
            return answer.ok
    except (aiohttp.ClientError, TimeoutError) as error:
        logger.warning("the monitor was not reached: %s", type(error).__name__)
        return False
