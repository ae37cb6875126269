"""The embedded PostgreSQL: what a crash leaves behind, and who runs it."""

import os
from pathlib import Path

import psycopg
import pytest

from tools.stack import identity
from tools.stack.identity import Identity, unprivileged_identity
from tools.stack.interrupts import Interrupts
from tools.stack.postgres import Postgres, binary
from tools.stack.services import throw_away_services
from tools.stack.terminal import StackError


def test_a_pid_file_whose_number_belongs_to_another_program_is_removed(tmp_path: Path) -> None:
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{tmp_path}\n", encoding="utf-8")
    Postgres(tmp_path, tmp_path, Identity()).clear_stale_pid()
    assert not pid_file.exists()


def test_a_pid_file_that_was_cut_short_is_removed(tmp_path: Path) -> None:
    pid_file = tmp_path / "postmaster.pid"
    pid_file.touch()
    Postgres(tmp_path, tmp_path, Identity()).clear_stale_pid()
    assert not pid_file.exists()


def test_a_throw_away_database_works_and_is_gone_afterwards(interrupts: Interrupts) -> None:
    with throw_away_services({"PATH": os.environ["PATH"]}, interrupts) as (_, reached):
        with psycopg.connect(reached["DATABASE_URL"]) as connection:
            row = connection.execute(
                "SELECT current_setting('server_encoding'), lower('É'), current_setting('fsync'),"
                " current_setting('listen_addresses'), current_setting('max_connections')"
            ).fetchone()
        folder = Path(reached["CELERY_BROKER_URL"].removeprefix("redis+socket://")).parents[1]
        assert folder.exists()
    assert row == ("UTF8", "é", "off", "", "200")
    assert not folder.exists()


def test_given_services_are_used_as_they_are(interrupts: Interrupts) -> None:
    given = {"DATABASE_URL": "postgres://given", "CELERY_BROKER_URL": "redis://given"}
    with throw_away_services(given, interrupts) as (supervisor, reached):
        assert supervisor.children == []
        assert reached == given


def test_where_nobody_may_run_it_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(identity, "can_run", lambda _program, _identity: False)
    with pytest.raises(StackError, match="give DATABASE_URL"):
        unprivileged_identity(binary("postgres"))
