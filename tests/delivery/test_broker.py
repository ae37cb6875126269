"""One question to the broker, answered within a second."""

import socket
import threading
import time
from pathlib import Path

from alerts.delivery.broker import broker_answers


def serve_once(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(64)
        connection.sendall(answer)


def test_a_broker_that_answers_is_there(tmp_path: Path) -> None:
    path = tmp_path / "broker"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=serve_once, args=(listener, b"+PONG"), daemon=True).start()
        assert broker_answers(f"redis+socket://{path}")


def test_a_broker_that_swallows_everything_is_not_waited_for() -> None:
    with socket.socket() as black_hole:
        black_hole.bind(("127.0.0.1", 0))
        black_hole.listen()
        started = time.monotonic()
        port = black_hole.getsockname()[1]
        assert not broker_answers(f"redis://127.0.0.1:{port}/0")
        assert not broker_answers(f"amqp://127.0.0.1:{port}//")
        assert time.monotonic() - started < 3


def test_a_broker_that_is_not_there_does_not_answer(tmp_path: Path) -> None:
    assert not broker_answers(f"redis+socket://{tmp_path}/nobody")
    assert not broker_answers("redis://127.0.0.1:1/0")
