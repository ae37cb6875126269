"""`./run`, really started: what can be relied on while it runs and when it stops."""

import http.client
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.stack.stand_in import (
    StandIn,
    children_of,
    descendants_of,
    eventually,
    is_alive,
)
from tools.stack.application import is_ready
from tools.stack.interrupts import Interrupts
from tools.stack.services import throw_away_services

PARTS = {"gunicorn", "watch", "audit", "celery", "tools.phones", "postgres", "valkey"}
VANISHED_SECONDS = 5.0


@pytest.fixture(scope="module")
def running(shared: StandIn) -> Iterator[subprocess.Popen[bytes]]:
    """Return the supervisor of a running stack."""
    supervisor = shared.start()
    yield supervisor
    supervisor.kill()
    supervisor.wait()


@pytest.fixture
def ordinary() -> Iterator[StandIn]:
    """Return a launcher that belongs to an ordinary user; skips where that cannot be tried."""
    if os.geteuid() != 0:
        pytest.skip("these tests run as an ordinary user already")
    folder = Path(tempfile.mkdtemp())
    try:
        stand_in = StandIn(folder)
        stand_in.user = pwd.getpwnam("nobody").pw_uid
        for path in (folder, *folder.rglob("*")):
            os.chown(path, stand_in.user, stand_in.user)
        if not can_use_python(stand_in.user):
            pytest.skip("this Python lies where an ordinary user cannot reach it")
        yield stand_in
    finally:
        shutil.rmtree(folder)


def can_use_python(user: int) -> bool:
    """Tell whether another user can run the interpreter of these tests and its packages."""
    try:
        code = subprocess.run(
            [sys.executable, "-c", "import psycopg"],
            user=user,
            group=user,
            extra_groups=[],
            cwd="/",
            timeout=30,
            check=False,
        ).returncode
    except PermissionError:
        return False
    return code == 0


def test_every_part_runs(running: subprocess.Popen[bytes], shared: StandIn) -> None:
    assert set(children_of(running.pid)) == PARTS
    assert is_ready(shared.ports.web)
    assert f"http://127.0.0.1:{shared.ports.web}/" in shared.said()
    assert f"http://127.0.0.1:{shared.ports.phones}/" in shared.said()


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_that_dies_is_started_again(
    running: subprocess.Popen[bytes], shared: StandIn, part: str
) -> None:
    before = children_of(running.pid)[part]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: children_of(running.pid).get(part, before) != before)
    eventually(lambda: set(children_of(running.pid)) == PARTS)
    eventually(lambda: is_ready(shared.ports.web))


def test_the_web_app_serves_with_several_processes(
    running: subprocess.Popen[bytes], shared: StandIn
) -> None:
    eventually(lambda: len(descendants_of(children_of(running.pid)["gunicorn"])) == 2)
    workers = descendants_of(children_of(running.pid)["gunicorn"])
    connection = http.client.HTTPConnection("127.0.0.1", shared.ports.web, timeout=5)
    connection.request("GET", "/")
    assert int(connection.getresponse().read()) in workers
    connection.close()


def test_a_second_start_on_the_same_data_is_refused(
    running: subprocess.Popen[bytes], shared: StandIn
) -> None:
    second = shared.run("up")
    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"run: {shared.root / 'var'} is in use by process {running.pid}"
    ]


def test_a_port_in_use_is_one_clear_line(
    running: subprocess.Popen[bytes],
    shared: StandIn,
) -> None:
    second = shared.run("up", VAR_DIR=str(shared.root / "other"))
    assert second.returncode == 1
    port = shared.ports.web
    assert second.stderr == f"run: port {port} is in use; give another with PORT=…\n"


def test_manage_uses_the_data_of_the_running_stack(
    running: subprocess.Popen[bytes],
    shared: StandIn,
) -> None:
    assert shared.run("manage", "anything").stdout == "1\n"
    assert shared.run("manage", "exit", "7").returncode == 7


def test_what_is_private_can_be_read_by_its_owner_alone(
    running: subprocess.Popen[bytes],
    shared: StandIn,
) -> None:
    var = shared.root / "var"
    private = [var, var / "secrets", var / "running.json", var / "log", var / "postgres"]
    assert {path.name: path.stat().st_mode & 0o077 for path in private} == {
        path.name: 0 for path in private
    }


def test_sigterm_stops_everything_and_a_second_start_keeps_the_data(
    running: subprocess.Popen[bytes], shared: StandIn
) -> None:
    below = descendants_of(running.pid)
    running.terminate()
    assert running.wait(timeout=30) == 0
    assert not [pid for pid in below if is_alive(pid)]
    assert not (shared.root / "var" / "running.json").exists()
    # No stack runs now: the database is started for the command alone.
    assert shared.run("manage", "anything").stdout.splitlines()[-1] == "1"


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_recovers(
    stand_in: StandIn,
) -> None:
    supervisor = stand_in.start()
    below = descendants_of(supervisor.pid)
    assert len(below) >= len(PARTS)
    supervisor.kill()
    supervisor.wait()
    eventually(
        lambda: not [pid for pid in below if is_alive(pid)],
        seconds=VANISHED_SECONDS,
    )
    again = stand_in.start()
    assert stand_in.run("manage", "anything").stdout == "2\n"
    again.send_signal(signal.SIGINT)
    assert again.wait(timeout=30) == 0


def test_services_and_a_phone_network_that_are_given_are_used(
    stand_in: StandIn, interrupts: Interrupts
) -> None:
    network = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_API_URL": "http://127.0.0.1:9"}
    with throw_away_services(stand_in.environment | network, interrupts) as (_, reached):
        stand_in.environment = reached
        supervisor = stand_in.start()
        assert set(children_of(supervisor.pid)) == PARTS - {"postgres", "valkey", "tools.phones"}
        with psycopg.connect(reached["DATABASE_URL"]) as connection:
            commands = connection.execute("SELECT command FROM seen").fetchall()
        assert {command for (command,) in commands} == {"migrate", "watch", "audit"}
        supervisor.terminate()
        assert supervisor.wait(timeout=30) == 0


def test_a_database_that_cannot_be_used_is_one_clear_line(stand_in: StandIn) -> None:
    refused = stand_in.run("up", DATABASE_URL="postgres://ana:hidden@127.0.0.1:1/vigie")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith("run: migrate failed: ")
    assert "refused" in line
    assert "hidden" not in line


def test_a_part_that_cannot_start_is_one_clear_line(stand_in: StandIn) -> None:
    (stand_in.root / "backend" / "wsgi.py").write_text("raise ValueError('no good')\n")
    refused = stand_in.run("up")
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert re.fullmatch(
        r"run: web ended with code \d: ValueError: no good \(all of it: .*/web.log\)", line
    )


def test_an_ordinary_user_needs_no_rights(ordinary: StandIn) -> None:
    supervisor = ordinary.start()
    parts = children_of(supervisor.pid)
    assert set(parts) == PARTS
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in parts.values()} == {ordinary.user}
    supervisor.terminate()
    assert supervisor.wait(timeout=30) == 0
