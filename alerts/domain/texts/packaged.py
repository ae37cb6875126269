"""The data files that lie beside this code, and the templates in them."""

import json
from importlib import resources
from string import Formatter
from typing import Any


def load_packaged(name: str) -> Any:  # noqa: ANN401 -- JSON; each reader states its own type
    """Return the content of one JSON file of the package's data folder."""
    folder = resources.files("alerts.domain.texts").joinpath("data")
    return json.loads(folder.joinpath(name).read_text("utf-8"))


def fields_of(template: str) -> frozenset[str]:
    """Return the names between braces in a template."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)
