"""The document is public where the operator says so, valid, closed, and the committed one."""

# The library has no types:
# mypy: disable-error-code="no-untyped-call"

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from alerts.api import docs
from alerts.conf import alerts_settings

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "docs" / "openapi.yaml"
METHODS = {"get", "post", "put", "patch", "delete"}
NEVER_REFUSED = {"raise_sos", "raise_meetup_sos"}  # whatever the body says


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the document as it is made from the code."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield f"{method.upper()} {path}", item[method]


def test_the_committed_document_is_the_one_of_the_code(document: dict[str, Any]) -> None:
    made = OpenApiYamlRenderer().render(document, renderer_context={})
    assert COMMITTED.read_text(encoding="utf-8") == made.decode(), (
        "run: manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn"
    )


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    validate_schema(document)
    assert document["openapi"].startswith("3.1")


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert not [name for name in names if name.startswith("api_v1")]


def test_every_refusal_of_an_operation_is_a_problem_with_examples(
    document: dict[str, Any],
) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status >= "400":
                content = answer["content"]["application/problem+json"]
                assert content["schema"]["$ref"].endswith("/Problem"), name
                assert content["examples"], name


def test_every_input_is_closed(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if "requestBody" not in operation or operation["operationId"] in NEVER_REFUSED:
            continue
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        shape = document["components"]["schemas"][reference.rpartition("/")[2]]
        assert shape["additionalProperties"] is False, name


def test_creating_and_acting_posts_take_an_idempotency_key(document: dict[str, Any]) -> None:
    without_key = [
        name
        for name, operation in operations(document)
        if name.startswith("POST ")
        and "Idempotency-Key" not in {p["name"] for p in operation.get("parameters", [])}
    ]
    assert without_key == []


def test_the_page_loads_nothing_from_elsewhere() -> None:
    answer = APIClient().get("/api/v1/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "https://" not in page
    assert "script-src 'self';" in f"{answer['Content-Security-Policy']};"


def test_the_served_document_is_the_committed_one() -> None:
    answer = APIClient().get("/api/v1/schema?version=%0d%0aX: y")
    assert yaml.safe_load(answer.content) == yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))


def test_without_api_docs_there_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "alerts_settings", lambda: replace(alerts_settings(), api_docs=False))
    for path in ("/api/v1/schema", "/api/v1/docs"):
        answer = APIClient().get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
