"""Phones of the demonstration get what the network accepted, and say what did not come."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.phones.stage import LEO, MIA, Stage
from tools.demo.__main__ import MISSING, main
from tools.demo.expectations import StepMissing
from tools.demo.phones import Phone, PhoneNetwork, Text
from tools.demo.wording import Kind

ALERT = "(figue) Ana did not check in at 22:30 as planned. See: http://127.0.0.1/a/7Kq2MZp9"
REPEAT = "(figue) Still no news about Ana (22:30). Yes or no: http://127.0.0.1/a/7Kq2MZp9"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    opened = Stage(tmp_path / "phones.jsonl")
    yield opened
    if not opened.is_closed:
        opened.close()


def test_a_phone_reads_the_texts_of_a_kind_in_their_order(stage: Stage) -> None:
    shown: list[str] = []

    def show(phone: Phone, text: Text) -> None:
        shown.append(f"{phone.name}: {text.body}")

    async def follow() -> list[str]:
        async with aiohttp.ClientSession() as http:
            network = PhoneNetwork(http, stage.url)
            mia = await network.hand_out("Mia", MIA)
            following = asyncio.create_task(network.follow(await network.last_seq(), show))
            for number, body in ((LEO, "for somebody else"), (MIA, ALERT), (MIA, REPEAT)):
                await asyncio.to_thread(stage.send, number, body)
            alert = await mia.read(Kind.Alert, within=5)
            repeat = await mia.read(Kind.Repeat, within=5)
            with pytest.raises(StepMissing, match=r"the alert, by text to Mia within 0\.1 s"):
                await mia.read(Kind.Alert, within=0.1)
            following.cancel()
            return [alert.link, repeat.body]

    assert asyncio.run(follow()) == ["http://127.0.0.1/a/7Kq2MZp9", REPEAT]
    assert shown == [f"Mia: {ALERT}", f"Mia: {REPEAT}"]


def test_silence_means_nothing_once_the_network_is_gone(stage: Stage) -> None:
    async def follow() -> None:
        async with aiohttp.ClientSession() as http:
            network = PhoneNetwork(http, stage.url)
            mia = await network.hand_out("Mia", MIA)
            since = await network.last_seq()
            await asyncio.to_thread(stage.close)
            await network.follow(since, lambda _phone, _text: None)
            assert mia.unread == []

    with pytest.raises(StepMissing, match="the journal of the phone network"):
        asyncio.run(follow())


def test_a_story_without_a_stack_says_what_is_missing(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = "http://127.0.0.1:9"
    assert main(["--url", nowhere, "--phones-url", stage.url]) == MISSING
    assert "MISSING in: Ana signs in" in capsys.readouterr().out
    assert main(["--url", nowhere, "--phones-url", nowhere]) == MISSING
    assert "MISSING in: the beginning" in capsys.readouterr().out
