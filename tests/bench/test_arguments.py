"""What may be asked of the benchmarks."""

import pytest

from tools.bench.arguments import NAMES, parse


def test_everything_is_measured_in_three_rounds_by_default() -> None:
    wish = parse([])
    assert wish.names == NAMES
    assert wish.rounds == 3
    assert not wish.is_quick


def test_one_benchmark_can_be_asked_for_quickly() -> None:
    wish = parse(["idle", "--quick"])
    assert wish.names == ("idle",)
    assert wish.rounds == 1


def test_an_unknown_name_is_refused_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["checkin"])
    assert "check-in" in capsys.readouterr().err
