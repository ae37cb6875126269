"""One round of requests to a web app, and what they cost."""

from collections.abc import Callable, Sequence

from tools.bench.children import Process
from tools.bench.figures import percentile
from tools.bench.load import Load, post_request, run_load
from tools.bench.owners import Call
from tools.bench.proc import tree
from tools.bench.result import Figures
from tools.bench.stage import memory, used
from tools.bench.statements import Count, counted

CLIENTS = 16
RATE, P50, P99 = "requests/s", "p50 ms", "p99 ms"
WEB_CPU, POSTGRES_CPU = "CPU-ms each, web", "CPU-ms each, PostgreSQL"
WARM_UP = 200
Server = tuple[Process, int]
Written = Callable[[Call], bytes]


def ours(call: Call) -> bytes:
    """Return a request to Vigie."""
    return post_request(f"/api/v1/{call.path}", call.token, call.body)


def theirs(call: Call) -> bytes:
    """Return the same request to the reference."""
    return post_request(f"/reference/{call.path}", call.token, call.body, scheme="Token")


def serve_round(
    server: Server, calls: Sequence[Call], write: Written, *, clients: int = CLIENTS
) -> Figures:
    """Return the figures of one round; raises RuntimeError when a request is refused."""
    process, port = server
    requests = [write(call) for call in calls]
    before = used(web=[process])
    load = run_load(port, requests, clients=clients)
    after = used(web=[process])
    refuse_failures(load)
    milliseconds = [delay * 1000 for delay in load.delays]
    return {
        RATE: len(requests) / load.seconds,
        P50: percentile(milliseconds, 0.5),
        P99: percentile(milliseconds, 0.99),
        **after.since(before, len(requests)),
        **memory([Process(pid, process.log) for pid in tree(process.pid)[1:]]),
    }


def count_requests(server: Server, calls: Sequence[Call], write: Written) -> Count:
    """Return the statements of some requests, made one after the other on warm connections."""
    requests = [write(call) for call in calls]
    warm = len(requests) // 2
    refuse_failures(run_load(server[1], requests[:warm], clients=CLIENTS))
    with counted() as count:
        refuse_failures(run_load(server[1], requests[warm:], clients=1))
    return count


def refuse_failures(load: Load) -> None:
    """Raise RuntimeError unless every answer was a success."""
    if load.refused:
        raise RuntimeError(f"not every request succeeded: {load.statuses}: {load.refused[:300]}")
