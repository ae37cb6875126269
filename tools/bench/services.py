"""A database that commits to the disk, as in production, and a broker; both gone afterwards."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tools.stack.application import free_ports
from tools.stack.children import Spec
from tools.stack.interrupts import Interrupts
from tools.stack.layout import scratch_folder
from tools.stack.postgres import Postgres
from tools.stack.services import made
from tools.stack.supervisor import Supervisor
from tools.stack.valkey import Valkey

COUNTING = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.max": "5000",
}


@dataclass(frozen=True)
class DurablePostgres(Postgres):
    """A cluster as an installation has it (fsync and synchronous_commit on), able to count."""

    def spec(self, environment: Mapping[str, str]) -> Spec:
        """Return the server as a child."""
        spec = super().spec(environment)
        options = [part for item in COUNTING.items() for part in ("-c", "=".join(item))]
        return replace(spec, command=[*spec.command, *options])


@contextlib.contextmanager
def durable_services(
    environment: Mapping[str, str], interrupts: Interrupts
) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Run the database and the broker, and give the settings to reach them."""
    with scratch_folder() as folder, Supervisor(interrupts, made(folder / "log")) as owner:
        postgres = DurablePostgres.at(folder / "postgres", made(folder / "run"))
        postgres.start(owner, environment)
        valkey = Valkey(made(folder / "broker"))
        valkey.start(owner, environment)
        yield (
            owner,
            {
                **environment,
                "DATABASE_URL": postgres.url,
                "CELERY_BROKER_URL": valkey.url,
                "TWILIO_API_URL": f"http://127.0.0.1:{free_ports().phones}",
                "ESCALATION_SCALE": "1",
                "BENCH_FOLDER": str(made(folder / "bench")),
            },
        )
