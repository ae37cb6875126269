"""How gunicorn serves Vigie: few processes, each with threads, gone when their master is."""

import os
import signal
from typing import Any

from tools.stack.deathsignal import die_with_parent

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 8
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20  # seconds for requests under way when told to stop
control_socket_disable = True
accesslog = None  # paths carry link tokens


def post_fork(server: Any, worker: Any) -> None:  # noqa: ANN401, ARG001 - gunicorn's hook
    """Bind a new worker to its master, whatever ends the master."""
    die_with_parent(signal.SIGKILL, server.pid)
