"""Whether the message broker answers, asked within a second.

The libraries retry by themselves and take two seconds at least to say no; this asks one question on
a plain socket.
"""

import socket
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 0.4  # to connect, and again for the answer
REDIS_PORT = 6379
AMQP_PORT = 5672
QUESTIONS = {"redis": b"PING\r\n", "amqp": b"AMQP\x00\x00\x09\x01"}  # any answer will do


def broker_answers(url: str) -> bool:
    """Whether something behind the broker's address answers; behind TLS, whether it connects."""
    address = urlsplit(url)
    scheme, _, transport = address.scheme.partition("+")
    try:
        with _connect(address, scheme=scheme, is_local=transport == "socket") as connection:
            question = QUESTIONS.get(scheme)
            if question is None:
                return True
            connection.sendall(question)
            return bool(connection.recv(1))
    except (OSError, ValueError):
        return False


def _connect(address: SplitResult, *, scheme: str, is_local: bool) -> socket.socket:
    if not is_local:
        port = address.port or (AMQP_PORT if scheme.startswith("amqp") else REDIS_PORT)
        host = (address.hostname or "127.0.0.1", port)
        return socket.create_connection(host, timeout=TIMEOUT_SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(TIMEOUT_SECONDS)
    connection.connect(unquote(address.path))
    return connection
