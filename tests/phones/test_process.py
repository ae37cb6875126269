"""The network as a process of its own."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.phones.stage import ACCOUNT, TOKEN
from tools.phones.__main__ import config_from, parse_arguments

REQUIRED = ["--account-sid", ACCOUNT, "--inbound-url", "http://127.0.0.1:1/", "--port", "0"]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(url: str, seconds: float = 15.0) -> str:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  loopback
                return str(response.read(), "utf-8")
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_it_starts_shows_its_page_and_ends_on_a_signal(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "tools.phones", *REQUIRED, "--port", str(port)]
    command += ["--journal", str(tmp_path / "var" / "phones.jsonl")]
    environment = {"PHONES_AUTH_TOKEN": TOKEN}
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, env=environment) as process:  # noqa: S603  our own
        try:
            assert "nobody is really told" in wait_for(f"http://127.0.0.1:{port}/")
            assert "seq" in wait_for(f"http://127.0.0.1:{port}/_phones/threads")
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "example.org"])  # noqa: S104  refused
def test_it_binds_loopback_only(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments([*REQUIRED, "--auth-token", TOKEN, "--journal", "x", "--host", host])
    assert "--host" in capsys.readouterr().err


def test_a_token_is_required(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PHONES_AUTH_TOKEN", raising=False)
    with pytest.raises(SystemExit):
        parse_arguments([*REQUIRED, "--journal", "x"])
    assert "PHONES_AUTH_TOKEN" in capsys.readouterr().err


def test_options_become_settings() -> None:
    options = ["--auth-token", TOKEN, "--journal", "x", "--callback-delay", "0.5-2"]
    config = config_from(
        parse_arguments([*REQUIRED, *options, "--no-callbacks", "--callback-statuses", "sent"])
    )
    assert config.callback_delay == (0.5, 2.0)
    assert config.callback_statuses == {"sent", "failed", "undelivered"}
    assert not config.callbacks
