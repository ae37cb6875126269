"""Tables, results and the page they are written to."""

import pytest

from tools.bench.report import OPENING, with_section
from tools.bench.result import OTHERS, Result
from tools.bench.tables import table


def test_columns_are_padded_and_bars_escaped() -> None:
    assert table(("a", "b"), [("1|2", "x")]) == "| a    | b   |\n| ---- | --- |\n| 1\\|2 | x   |"


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="cells"):
        table(("a", "b"), [("1",)])


def result() -> Result:
    found = Result("idle", "One watcher.", rounds={"few": [{"ms": 1}, {"ms": 3}], "many": [{}]})
    found.judge("≤ 1 ms", "2 ms", is_met=False)
    return found


def test_a_result_shows_medians_and_what_was_missed() -> None:
    text = result().text()
    assert "| ms             | 2 (1-3) | -    |" in text
    assert "| ≤ 1 ms | 2 ms              | **no** |" in text


def test_the_median_of_a_figure_is_that_of_its_rounds() -> None:
    assert result().middle("few", "ms") == 2


def test_a_new_section_comes_last() -> None:
    document = with_section(with_section(OPENING, "one", "first"), "two", "second")
    assert document.startswith(OPENING)
    assert document.endswith("## one\n\nfirst\n\n## two\n\nsecond\n")


def test_a_section_takes_the_place_of_the_former_one_of_its_name() -> None:
    former = with_section(with_section(OPENING, "one", "first"), "one more", "second")
    assert with_section(former, "one", "anew") == former.replace("first", "anew")


def test_a_busy_machine_is_named() -> None:
    found = result()
    assert "Other programs" not in found.text()
    found.rounds["few"][0][OTHERS] = 1.5
    assert "up to 1.5 cores" in found.text()
