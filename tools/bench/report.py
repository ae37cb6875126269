"""`docs/performance.md`: one section for each benchmark, each from its last full run."""

import re

from tools.stack.bootstrap import ROOT

PATH = ROOT / "docs" / "performance.md"
OPENING = """# Performance

Written by `./run bench`, one section for each benchmark, from its last full run. Read ratios and
orders of magnitude: one machine, everything on it. How each is measured is in `tools/bench/`.
"""


def write_section(name: str, text: str) -> None:
    """Put a section in the place of the former one of its name, or at the end."""
    document = PATH.read_text(encoding="utf-8") if PATH.exists() else OPENING
    PATH.write_text(with_section(document, name, text), encoding="utf-8")


def with_section(document: str, name: str, text: str) -> str:
    """Return the document with this section."""
    section = f"## {name}\n\n{text.strip()}\n"
    parts = re.split(r"^(?=## )", document, flags=re.MULTILINE)
    for place, part in enumerate(parts):
        if part.startswith(f"## {name}\n"):
            parts[place] = f"{section}\n"
            return "".join(parts).rstrip() + "\n"
    return f"{document.rstrip()}\n\n{section}"
