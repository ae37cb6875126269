"""Who is in the story, with their phones, browsers and numbers."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from tools.demo.api import Api
from tools.demo.browser import Browser
from tools.demo.contact import Contact
from tools.demo.owner import Owner
from tools.demo.phones import PhoneNetwork
from tools.demo.terminal import Terminal


@dataclass(frozen=True)
class Stage:
    """Everything that a scene needs."""

    ana: Owner
    mia: Contact
    leo: Contact
    terminal: Terminal

    @property
    def contacts(self) -> tuple[Contact, Contact]:
        """Both trusted contacts."""
        return self.mia, self.leo


@asynccontextmanager
async def set_stage(url: str, phones_url: str, terminal: Terminal) -> AsyncIterator[Stage]:
    """Hand out phones and follow the network's journal for as long as the story lasts."""
    async with (
        aiohttp.ClientSession() as http,
        Browser() as mias_browser,
        Browser() as leos_browser,
    ):
        network = PhoneNetwork(http, phones_url)
        names_and_numbers = zip(("Ana", "Mia", "Léo"), three_numbers(), strict=True)
        ana, mia, leo = [await network.hand_out(*whose) for whose in names_and_numbers]
        following = asyncio.create_task(network.follow(await network.last_seq(), terminal.show))
        try:
            yield Stage(
                Owner(ana, Api(http, url)),
                Contact(mia, mias_browser, language="en", disclosure_level=2),
                Contact(leo, leos_browser, language="fr", disclosure_level=1),
                terminal,
            )
        finally:
            following.cancel()


def three_numbers() -> list[str]:
    """Return three French mobile numbers of the range that is kept for fiction, 06 39 98."""
    endings = secrets.SystemRandom().sample(range(10_000), 3)
    return [f"+3363998{ending:04}" for ending in endings]
