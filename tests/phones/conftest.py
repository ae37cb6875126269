"""The stage of the phone network's tests; none of them needs a database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.phones.stage import Stage


@pytest.fixture
def open_stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Open networks with settings of their own; all share one journal file."""
    stages: list[Stage] = []

    def opened(**settings: Any) -> Stage:
        stages.append(Stage(tmp_path / "phones.jsonl", **settings))
        return stages[-1]

    yield opened
    for stage in stages:
        if not stage.is_closed:
            stage.close()


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    """Return a network as it is by default, only faster."""
    return open_stage()
