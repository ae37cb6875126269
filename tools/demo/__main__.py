"""Plays the story against a running stack: exit code 0 only when every step was seen."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from time import monotonic

import aiohttp

from tools.demo.expectations import StepMissing
from tools.demo.stage import Stage, set_stage
from tools.demo.story import SCENES
from tools.demo.terminal import Terminal

SCENE_SECONDS = 60.0  # far more than any scene takes; those that wait have limits of their own
SEEN, MISSING, STOPPED = 0, 1, 130
OPENING = (
    "One missed check-in on a compressed clock: what takes minutes in life takes seconds here, and"
    " every message goes to a simulated phone. On the left, seconds since the beginning."
)


def main(arguments: Sequence[str]) -> int:
    """Return the exit code of the demonstration."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--url", required=True, help="the web app of a stack")
    parser.add_argument("--phones-url", required=True, help="its simulated phone network")
    given = parser.parse_args(arguments)
    try:
        return asyncio.run(perform(given.url.rstrip("/"), given.phones_url.rstrip("/")))
    except KeyboardInterrupt:
        return STOPPED


async def perform(url: str, phones_url: str) -> int:
    """Play every scene, and say how it went."""
    started_at = monotonic()
    terminal = Terminal(started_at=started_at)
    terminal.say(OPENING)
    try:
        async with set_stage(url, phones_url, terminal) as stage:
            has_happened = await play(stage)
    except (aiohttp.ClientError, TimeoutError) as error:
        terminal.missing("the beginning", StepMissing("a phone network", repr(error)))
        has_happened = False
    if has_happened:
        seconds = monotonic() - started_at
        terminal.say(f"\nAll {len(SCENES)} steps were seen, in {seconds:.0f} s.")
    return SEEN if has_happened else MISSING


async def play(stage: Stage) -> bool:
    """Play the scenes in order until one does not happen; tell whether all did."""
    for place, (title, scene) in enumerate(SCENES.items(), start=1):
        stage.terminal.begin(place, len(SCENES), title)
        began_at = monotonic()
        try:
            async with asyncio.timeout(SCENE_SECONDS):
                await scene(stage)
        except StepMissing as what:
            stage.terminal.missing(title, what)
            return False
        except (aiohttp.ClientError, TimeoutError) as error:
            stage.terminal.missing(title, StepMissing("an answer in time", repr(error)))
            return False
        stage.terminal.end(monotonic() - began_at)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
