"""Where benchmarks play: databases with so many armed timers, Vigie's processes, the sink."""

import contextlib
import itertools
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tools.bench.children import Process, running
from tools.bench.crowd import arm
from tools.bench.due import Alert, is_settled, plant, put_to_rest, wait_for
from tools.bench.proc import busy_ms, cpu_ms, memory_mb, parent_of
from tools.bench.provider import Provider
from tools.bench.result import OTHERS
from tools.bench.statements import stop_counting
from tools.stack.application import free_ports, is_listening, is_ready, manage_command
from tools.stack.children import python_module
from tools.stack.terminal import report

CELERY = ["worker", "--pool", "threads", "--loglevel", "INFO", "--without-gossip"]
WARM_UP = 60


@dataclass
class Used:
    """Processor time so far: by part, of everything here, of the whole machine; milliseconds."""

    parts: dict[str, float]
    ours: float
    machine: float
    at: float

    def since(self, earlier: "Used", operations: int) -> dict[str, float]:
        """Return what each part has used since then for each operation, and what others used."""
        spent = {
            f"CPU-ms each, {name}": (used - earlier.parts[name]) / operations
            for name, used in self.parts.items()
        }
        others = (self.machine - earlier.machine) - (self.ours - earlier.ours)
        return {**spent, OTHERS: max(0.0, others) / 1000 / (self.at - earlier.at)}


@dataclass
class Stage:
    """Starts what a benchmark needs; everything ends with its `with` block."""

    folder: Path
    environment: dict[str, str]
    provider: Provider
    sink: Process
    _serial: Iterator[int] = field(default_factory=itertools.count)
    _made: set[str] = field(default_factory=set)

    def use(self, armed: int) -> None:
        """Work on the database with so many armed timers from now on; made at the first time."""
        name = f"bench_{armed}"
        connection.close()
        if name not in self._made:
            self._make(name, armed)
            self._made.add(name)
        connection.settings_dict["NAME"] = name
        url = urlsplit(self.environment["DATABASE_URL"])
        self.environment["DATABASE_URL"] = url._replace(path=f"/{name}").geturl()

    @contextlib.contextmanager
    def watchers(self, count: int) -> Iterator[list[Process]]:
        """Run watchers that have had a few alerts to warm up on."""
        with contextlib.ExitStack() as stack:
            watchers = [self._start(stack, "watch", manage_command("watch")) for _ in range(count)]
            self.warm_up()
            yield watchers

    @contextlib.contextmanager
    def workers(
        self, count: int, app: str = "backend", threads: int = 4
    ) -> Iterator[list[Process]]:
        """Run Celery workers as `./run` does."""
        command = python_module("celery", "-A", app, *CELERY, "--concurrency", str(threads))
        with contextlib.ExitStack() as stack:
            names = [f"--hostname=worker{number}@localhost" for number in range(count)]
            yield [self._start(stack, "worker", [*command, n], sign="ready.") for n in names]

    @contextlib.contextmanager
    def web(self, settings: str = "backend.settings") -> Iterator[tuple[Process, int]]:
        """Run gunicorn as `./run` does, and give it with its port."""
        port = free_ports().web
        command = python_module("gunicorn", "backend.wsgi:application")
        command += ["--config", "python:tools.stack.gunicorn_conf"]
        environment = self.environment | {"PORT": str(port), "DJANGO_SETTINGS_MODULE": settings}
        log = self.folder / f"web-{next(self._serial)}.log"
        with running(command, environment, log, is_ready=lambda _: is_ready(port)) as process:
            yield process, port

    def warm_up(self) -> None:
        """Let the watchers do everything once that is dearer the first time."""
        self.provider.reset()
        put_to_rest()
        plant(WARM_UP)
        if not wait_for(lambda: self.provider.count() >= 2 * WARM_UP and is_settled(), seconds=60):
            raise RuntimeError("the watchers do not send")
        put_to_rest()

    def await_texts(self, alerts: Sequence[Alert], *, seconds: float) -> dict[str, float]:
        """Return when each number was told, once all were and their outcome is written."""
        wanted = sum(len(alert.numbers) for alert in alerts)
        wait_for(lambda: self.provider.count() >= wanted, seconds=seconds)
        wait_for(is_settled, seconds=seconds)
        return self.provider.arrivals()

    def _start(
        self, stack: contextlib.ExitStack, name: str, command: list[str], sign: str = "watching"
    ) -> Process:
        log = self.folder / f"{name}-{next(self._serial)}.log"
        ready = running(command, self.environment, log, is_ready=lambda p: sign in p.said())
        return stack.enter_context(ready)

    def _make(self, name: str, armed: int) -> None:
        report(f"filling a database with {armed:,} armed timers")
        url = self.environment["DATABASE_URL"]
        with psycopg.connect(
            urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True
        ) as c:
            c.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        connection.settings_dict["NAME"] = name
        call_command("migrate", verbosity=0)
        arm(armed)


@contextlib.contextmanager
def open_stage() -> Iterator[Stage]:
    """Give a stage over the services that the environment names."""
    folder = Path(os.environ["BENCH_FOLDER"])
    environment = dict(os.environ)
    port = int(environment["TWILIO_API_URL"].rpartition(":")[2])
    provider = Provider(port)
    command = python_module("tools.bench.sink", str(port))
    log = folder / "sink.log"
    with running(command, environment, log, is_ready=lambda _: is_listening(port)) as sink:
        stop_counting()
        yield Stage(folder, environment, provider, sink)


def used(**roots: Sequence[Process]) -> Used:
    """Return the processor time of process trees by name, and PostgreSQL's."""
    parts = {name: sum(cpu_ms(p.pid) for p in processes) for name, processes in roots.items()}
    parts["PostgreSQL"] = cpu_ms(postmaster())
    return Used(parts, cpu_ms(os.getppid()), busy_ms(), time.monotonic())


def postmaster() -> int:
    """Return the process that all of PostgreSQL's descend from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return parent_of(cursor.fetchone()[0])


def memory(processes: Sequence[Process]) -> dict[str, float]:
    """Return the mean size of some processes, in MB."""
    sizes = [memory_mb(process.pid) for process in processes]
    return {
        "PSS MB a process": sum(pss for pss, _ in sizes) / len(sizes),
        "RSS MB a process": sum(rss for _, rss in sizes) / len(sizes),
    }
