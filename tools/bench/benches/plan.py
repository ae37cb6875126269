"""Planning a meetup."""

from tools.bench.arguments import Wish
from tools.bench.owners import plan_calls
from tools.bench.result import Result
from tools.bench.rounds import interleave
from tools.bench.serving import WARM_UP, count_requests, ours, serve_round
from tools.bench.stage import Stage

MILLION = 1_000_000
FEW = 1_000
COUNTED = 40
MOST_QUERIES = 12
ABOUT = """\
Each request plans a meetup of an owner of its own, with 3 contacts and 2 timers, and gets the
receipt. gunicorn with 2 workers of 8 threads, {armed:,} other timers armed."""


def plan(stage: Stage, wish: Wish) -> Result:
    """Return what planning costs."""
    armed = FEW if wish.is_quick else MILLION
    stage.use(armed)
    result = Result("plan", ABOUT.format(armed=armed))
    count = 300 if wish.is_quick else 2_000
    with stage.web() as server:
        serve_round(server, plan_calls(WARM_UP), ours)
        variants = {
            "16 clients": lambda: serve_round(server, plan_calls(count), ours),
            "1 client": lambda: serve_round(server, plan_calls(count // 10), ours, clients=1),
        }
        interleave(result, variants, rounds=wish.rounds)
        statements = count_requests(server, plan_calls(2 * COUNTED), ours)
    queries = statements.queries / COUNTED
    result.judge(f"≤ {MOST_QUERIES} queries", f"{queries:.1f}", is_met=queries <= MOST_QUERIES)
    result.notes.append(
        f"Queries of one request: {queries:.1f}, and {statements.brackets / COUNTED:.1f} that open"
        f" and close transactions:\n\n{statements.by_calls(COUNTED)}"
    )
    return result
