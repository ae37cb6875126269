"""What a benchmark found: figures of each variant by round, judged against targets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tools.bench.figures import median, spread
from tools.bench.tables import table

Figures = dict[str, float]  # one round of one variant, by what was measured
OTHERS = "cores that other programs used"
QUIET = 0.2  # cores
Variants = Mapping[str, Callable[[], Figures]]


@dataclass(frozen=True)
class Target:
    """Something promised, what was measured of it, and whether it holds."""

    promise: str
    measured: str
    is_met: bool


@dataclass
class Result:
    """The section of one benchmark."""

    name: str
    about: str
    rounds: dict[str, list[Figures]] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def middle(self, variant: str, what: str) -> float:
        """Return the median of a figure over the rounds of a variant."""
        return median([figures[what] for figures in self.rounds[variant]])

    def judge(self, promise: str, measured: str, *, is_met: bool) -> None:
        """Add a target and what became of it."""
        self.targets.append(Target(promise, measured, is_met))

    def text(self) -> str:
        """Return the tables and notes in Markdown, without the heading."""
        parts = [self.about, self._figures()]
        if self.targets:
            judged = [
                (t.promise, t.measured, "yes" if t.is_met else "**no**") for t in self.targets
            ]
            parts.append(table(("target", "measured (median)", "met"), judged))
        return "\n\n".join([*parts, *self._warning(), *self.notes]) + "\n"

    def _warning(self) -> list[str]:
        """Return what to say of a machine that was busy with something else."""
        busiest = max(f.get(OTHERS, 0.0) for rounds in self.rounds.values() for f in rounds)
        if busiest <= QUIET:
            return []
        warning = (
            f"**Other programs used up to {busiest:.1f} cores meanwhile**: seconds and rates are"
            " worse by that; processor times hold, and so, roughly, do ratios."
        )
        return [warning]

    def _figures(self) -> str:
        variants = list(self.rounds)
        names = dict.fromkeys(
            name for rounds in self.rounds.values() for figures in rounds for name in figures
        )
        rows = [[name, *(self._cell(variant, name) for variant in variants)] for name in names]
        return table(["median (range)", *variants], rows)

    def _cell(self, variant: str, name: str) -> str:
        values = [figures[name] for figures in self.rounds[variant] if name in figures]
        return spread(values) if values else "-"
