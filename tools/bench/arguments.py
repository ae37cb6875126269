"""What may be asked of `./run bench`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

NAMES = (
    "check-in",
    "plan",
    "steady",
    "burst-1k",
    "burst-10k",
    "slow-provider",
    "idle",
    "overflow",
)


@dataclass(frozen=True)
class Wish:
    """Which benchmarks, how thoroughly, and whether the watcher is profiled afterwards."""

    names: tuple[str, ...]
    is_quick: bool = False
    is_profiled: bool = False

    @property
    def rounds(self) -> int:
        """How often each variant runs."""
        return 1 if self.is_quick else 3


def parse(arguments: Sequence[str]) -> Wish:
    """Return what is asked for; exits with the usage when it cannot be understood."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="small and once; writes nothing")
    parser.add_argument("--profile", action="store_true", help="also say where the time goes")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}")
    return Wish(tuple(given.names) or NAMES, is_quick=given.quick, is_profiled=given.profile)
