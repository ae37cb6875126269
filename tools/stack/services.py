"""PostgreSQL and the broker: the embedded ones, or those that the environment names."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.stack.environment import is_given
from tools.stack.interrupts import Interrupts
from tools.stack.layout import Layout, scratch_folder, socket_folder
from tools.stack.postgres import Postgres
from tools.stack.supervisor import Supervisor
from tools.stack.valkey import Valkey


@contextlib.contextmanager
def kept_services(
    layout: Layout, environment: Mapping[str, str], interrupts: Interrupts
) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Run the database and the broker of an installation, and give the settings to reach them."""
    with socket_folder(layout.var / "run") as sockets, Supervisor(interrupts, layout.logs) as owner:
        reached = dict(environment)
        if not is_given(environment, "DATABASE_URL"):
            postgres = Postgres.at(layout.postgres, sockets)
            postgres.start(owner, environment)
            reached = without_libpq_settings(reached) | {"DATABASE_URL": postgres.url}
        if not is_given(environment, "CELERY_BROKER_URL"):
            valkey = Valkey(sockets)
            valkey.start(owner, environment)
            reached["CELERY_BROKER_URL"] = valkey.url
        yield owner, reached


@contextlib.contextmanager
def throw_away_services(
    environment: Mapping[str, str], interrupts: Interrupts
) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Run a database and a broker that are gone afterwards, fast rather than durable."""
    with scratch_folder() as folder:
        logs = folder / "log"
        logs.mkdir()
        with Supervisor(interrupts, logs) as owner:
            reached = dict(environment)
            if not is_given(environment, "DATABASE_URL"):
                reached["DATABASE_URL"] = start_throw_away_postgres(owner, folder, environment)
            if not is_given(environment, "CELERY_BROKER_URL"):
                valkey = Valkey(made(folder / "broker"))
                valkey.start(owner, environment)
                reached["CELERY_BROKER_URL"] = valkey.url
            yield owner, reached


def start_throw_away_postgres(
    owner: Supervisor, folder: Path, environment: Mapping[str, str]
) -> str:
    """Start a cluster under a scratch folder and return its URL; raises StackError."""
    postgres = Postgres.at(folder / "postgres", made(folder / "run"), is_throw_away=True)
    postgres.start(owner, environment)
    return postgres.url


def without_libpq_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which no PG… variable changes where a URL leads."""
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


def made(folder: Path) -> Path:
    """Make a folder for this user alone, and return it."""
    folder.mkdir(mode=0o700)
    return folder
