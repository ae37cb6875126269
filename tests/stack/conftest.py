"""What the tests of the launcher may ask for."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.stand_in import StandIn
from tools.stack.interrupts import STOP_SIGNALS, Interrupts

LONG_NAME = "a folder whose path is far too long for a socket " * 3


@pytest.fixture
def stand_in(tmp_path: Path) -> StandIn:
    """Return a launcher in a folder with a long path and spaces."""
    folder = tmp_path / LONG_NAME.strip()
    folder.mkdir()
    return StandIn(folder)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    """Return a launcher that the tests of one module share."""
    return StandIn(tmp_path_factory.mktemp("stack"))


@pytest.fixture
def interrupts() -> Iterator[Interrupts]:
    """Return the signals of this process, restored afterwards."""
    before = {number: signal.getsignal(number) for number in (*STOP_SIGNALS, signal.SIGCHLD)}
    with Interrupts() as made:
        yield made
    for number, handler in before.items():
        signal.signal(number, handler)
