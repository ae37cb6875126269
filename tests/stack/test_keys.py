"""The secrets that an installation makes for itself."""

from pathlib import Path

import pytest

from alerts.conf import parse_master_keys
from tools.stack.commands.up import secrets_of
from tools.stack.keys import MAKERS, kept_secrets
from tools.stack.layout import Layout
from tools.stack.terminal import StackError


def test_secrets_are_made_once_and_kept_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    first = kept_secrets(path)
    assert first.keys() == MAKERS.keys()
    assert len(set(first.values())) == len(first)
    assert kept_secrets(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secrets"]


def test_a_secret_of_a_later_version_is_added_to_the_kept_ones(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    path.write_text("SECRET_KEY=kept\n", encoding="utf-8")
    assert kept_secrets(path)["SECRET_KEY"] == "kept"
    assert kept_secrets(path).keys() == MAKERS.keys()


def test_the_master_key_is_one_that_seals() -> None:
    assert parse_master_keys(MAKERS["MASTER_KEYS"]()).current_id == "k1"


@pytest.mark.parametrize("content", ["SECRET_KEY", "SECRET_KEY=\n", "\n"])
def test_damaged_secrets_are_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StackError, match="is damaged"):
        kept_secrets(path)
    assert path.read_text(encoding="utf-8") == content


def test_secrets_that_are_lost_while_their_data_exists_are_not_made_anew(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.postgres.mkdir()
    with pytest.raises(StackError, match="restore it"):
        secrets_of(layout)
    assert not layout.secrets.exists()
