"""The papers speak of files and functions that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WALK = (ROOT / "docs" / "walk.md").read_text(encoding="utf-8")
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LONGEST = {"CONTRIBUTING.md": 90, **{path.name: 60 for path in (ROOT / "docs/adr").glob("*.md")}}
STEP = re.compile(r"\| `([^`]+\.py)` \| `([A-Za-z_.]+)\(\)` \|")
FUNCTION = re.compile(r"`([A-Za-z_.]+)\(\)`")
PATH = re.compile(r"`((?:alerts|backend|docs|tests|tools|\.ci)/[\w./-]*)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def functions_of(path: Path) -> frozenset[str]:
    """Return the functions of a file, methods as `Class.method`."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, Function):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {
                f"{node.name}.{part.name}" for part in node.body if isinstance(part, Function)
            }
    return frozenset(names)


def test_the_walk_goes_all_the_way() -> None:
    assert len(STEP.findall(WALK)) > 30


@pytest.mark.parametrize(("path", "function"), STEP.findall(WALK))
def test_a_function_of_the_walk_stands_in_its_file(path: str, function: str) -> None:
    assert function in functions_of(ROOT / path)


def test_every_function_the_walk_speaks_of_exists() -> None:
    known = frozenset().union(*map(functions_of, (ROOT / "alerts").rglob("*.py")))
    assert set(FUNCTION.findall(WALK)) <= known


@pytest.mark.parametrize("paper", PAPERS, ids=name_of)
def test_a_paper_names_files_that_exist(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    missing += [link for link in LINK.findall(text) if not (paper.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("paper", [p for p in PAPERS if p.name in LONGEST], ids=name_of)
def test_a_paper_that_is_to_be_short_is(paper: Path) -> None:
    assert len(paper.read_text(encoding="utf-8").splitlines()) <= LONGEST[paper.name]
