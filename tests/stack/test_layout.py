"""Where an installation keeps its data, and who holds it."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from tools.stack import layout as layout_module
from tools.stack.layout import Layout, remove_left_behind, scratch_folder, socket_folder
from tools.stack.terminal import StackError


def test_an_installation_is_held_by_one_process_at_a_time(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with layout.held():
        assert layout.is_held()
        with pytest.raises(StackError, match=f"in use by process {os.getpid()}"):
            layout.held().__enter__()
    assert not layout.is_held()


def test_nobody_holds_an_installation_that_was_never_made(tmp_path: Path) -> None:
    assert not Layout(tmp_path / "missing").is_held()


def test_a_full_disk_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout_module, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(StackError, match="free on the disk"):
        Layout(tmp_path).make()


@pytest.mark.parametrize("name", ["x" * 120, "a space", "a#sign"])
def test_sockets_move_to_a_short_plain_path_and_are_gone_afterwards(
    tmp_path: Path, name: str
) -> None:
    with socket_folder(tmp_path / name) as folder:
        assert folder.parent != tmp_path
        assert len(str(folder)) < 80
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def test_scratch_folders_that_nobody_holds_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    names = ("vigie-abandone", "vigie-fresh_ab", "vigie-x")
    abandoned, fresh, foreign = (tmp_path / name for name in names)
    for folder in (abandoned, fresh, foreign):
        folder.mkdir()
    an_hour_ago = time.time() - 3600
    for folder in (abandoned, foreign):
        os.utime(folder, (an_hour_ago, an_hour_ago))
    with scratch_folder() as held:
        os.utime(held, (an_hour_ago, an_hour_ago))
        remove_left_behind(tmp_path)
        assert set(tmp_path.iterdir()) == {fresh, foreign, held}
