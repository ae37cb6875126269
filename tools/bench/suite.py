"""The benchmarks in order, what they found printed and written down."""

from collections.abc import Callable, Sequence

from tools.bench.arguments import Wish, parse
from tools.bench.benches.burst import burst_1k, burst_10k
from tools.bench.benches.check_in import check_in
from tools.bench.benches.idle import idle
from tools.bench.benches.overflow import overflow
from tools.bench.benches.plan import plan
from tools.bench.benches.slow_provider import slow_provider
from tools.bench.benches.steady import steady
from tools.bench.machine import describe_machine
from tools.bench.report import write_section
from tools.bench.result import Result
from tools.bench.stage import Stage, open_stage
from tools.stack.terminal import report, say

BENCHES: dict[str, Callable[[Stage, Wish], Result]] = {
    "check-in": check_in,
    "plan": plan,
    "steady": steady,
    "burst-1k": burst_1k,
    "burst-10k": burst_10k,
    "slow-provider": slow_provider,
    "idle": idle,
    "overflow": overflow,
}


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; returns 0 even where a target is missed, for that is a finding."""
    wish = parse(arguments)
    with open_stage() as stage:
        for name in wish.names:
            machine = describe_machine()
            report(f"{name}: {machine}")
            result = BENCHES[name](stage, wish)
            text = f"{machine}\n\n{result.text()}"
            say(f"\n## {result.name}\n\n{text}")
            if not wish.is_quick:
                write_section(result.name, text)
    return 0
