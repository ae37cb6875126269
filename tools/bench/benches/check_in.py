"""The check-in endpoint against the same request written with the usual ORM calls."""

from tools.bench.arguments import Wish
from tools.bench.figures import ratio
from tools.bench.owners import check_in_calls
from tools.bench.result import Figures, Result
from tools.bench.rounds import interleave
from tools.bench.serving import (
    RATE,
    WARM_UP,
    WEB_CPU,
    Server,
    Written,
    count_requests,
    ours,
    serve_round,
    theirs,
)
from tools.bench.stage import Stage

MILLION = 1_000_000
FEW = 1_000
COUNTED = 40
VIGIE, REFERENCE = "Vigie", "usual ORM calls"
ABOUT = """\
Each request checks in to a running meetup of its own: the token, the owner, the state, the arrival
timer closed, an event written, the transaction on the disk, the meetup answered. gunicorn with 2
workers of 8 threads, 16 clients on kept-alive connections, {armed:,} other timers armed. The
reference does the same with Django REST framework, knox and Django's ORM as they are usually
written (`tools/bench/reference`)."""


def check_in(stage: Stage, wish: Wish) -> Result:
    """Return how check-ins compare with the reference."""
    armed = FEW if wish.is_quick else MILLION
    stage.use(armed)
    result = Result("check-in", ABOUT.format(armed=armed))
    count = 600 if wish.is_quick else 4_000
    with stage.web() as vigie, stage.web("tools.bench.reference.settings") as reference:
        _prepare(vigie, ours)
        _prepare(reference, theirs)
        variants = {
            VIGIE: lambda: _round(vigie, ours, count),
            REFERENCE: lambda: _round(reference, theirs, count),
        }
        interleave(result, variants, rounds=wish.rounds)
        _count(result, vigie, reference)
    times = ratio(result.middle(VIGIE, RATE), result.middle(REFERENCE, RATE))
    cost = result.middle(VIGIE, WEB_CPU)
    result.judge("≥ 3x the reference", f"{times:.2f}x", is_met=times >= 3)  # noqa: PLR2004
    result.judge("≤ 2.5 CPU-ms in web", f"{cost:.2f}", is_met=cost <= 2.5)  # noqa: PLR2004
    return result


def _prepare(server: Server, write: Written) -> None:
    serve_round(server, check_in_calls(WARM_UP), write)


def _round(server: Server, write: Written, count: int) -> Figures:
    return serve_round(server, check_in_calls(count), write)


def _count(result: Result, vigie: Server, reference: Server) -> None:
    calls = check_in_calls(2 * COUNTED)
    count = count_requests(vigie, calls, ours)
    usual = count_requests(reference, check_in_calls(2 * COUNTED), theirs)
    queries = count.queries / COUNTED
    result.judge("≤ 2 queries", f"{queries:.1f}", is_met=queries <= 2)  # noqa: PLR2004
    result.notes.append(
        f"Queries of one request: {queries:.1f} and {count.brackets / COUNTED:.1f} that open and"
        f" close transactions; of the reference: {usual.queries / COUNTED:.1f} and"
        f" {usual.brackets / COUNTED:.1f}. Those of Vigie:\n\n{count.by_calls(COUNTED)}"
    )
