"""How the API describes itself: OpenAPI 3.1, every operation with the problems it may answer."""

# The library leaves what is overridden here without types:
# mypy: disable-error-code="no-untyped-call"

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from alerts.api.base import StrictSerializer
from alerts.api.errors import CONTENT_TYPE
from alerts.api.idempotency import HEADER, LONGEST_KEY
from alerts.api.problems import PROBLEMS, ProblemKind, kind_of
from alerts.domain.errors import AlertsError
from alerts.domain.languages import Language

Schema = dict[str, Any]
Method = TypeVar("Method", bound=Callable[..., Any])

ALWAYS: Final = ("not_acceptable", "internal_error", "unavailable")
WITH_BODY: Final = (
    "invalid",
    "parse_error",
    "unknown_field",
    "invalid_text",
    "body_too_large",
    "unsupported_media_type",
)
WITH_KEY: Final = ("idempotency_key_invalid", "idempotency_in_flight", "idempotency_mismatch")
WITH_SESSION: Final = ("not_authenticated", "authentication_failed")
WITH_ID: Final = ("not_found",)
WITH_PIN: Final = ("pin_required", "pin_wrong", "pin_locked", "pins_required")
WITH_QUERY: Final = ("invalid", "unknown_field")
PIN_FIELDS: Final = frozenset({"pin", "current_pin"})
METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
EXAMPLE_TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
PROBLEM_SCHEMA: Final[Schema] = {
    "type": "object",
    "description": "A problem (RFC 9457); branch on `code` alone.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "A JSON pointer (RFC 6901)."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "code", "detail"],
            },
        },
        "trace_id": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail", "instance", "code", "errors", "trace_id"],
}
RETRY_AFTER: Final[Schema] = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
}
HEADERS_OF_STATUS: Final[dict[int, Schema]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: RETRY_AFTER,
    503: RETRY_AFTER,
}
IDEMPOTENCY_HEADER: Final = OpenApiParameter(
    name=HEADER,
    location=OpenApiParameter.HEADER,
    description="A repeat with the same key and body gets the first answer, for 24 hours.",
    type={
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_KEY,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
)
LENIENT_IDEMPOTENCY_HEADER: Final = OpenApiParameter(
    name=HEADER,
    location=OpenApiParameter.HEADER,
    description="As everywhere, but one that cannot be a key is left aside.",
    type={"type": "string"},
)
PIN_HEADER: Final = OpenApiParameter(
    name="X-Pin",
    location=OpenApiParameter.HEADER,
    description="The PIN, where there is no body to hold it.",
    type={"type": "string", "pattern": "^[0-9]{4,6}$"},
)


def problems(*errors: type[AlertsError] | str) -> Callable[[Method], Method]:
    """Name the refusals, or their codes, that a method may answer besides the usual ones."""

    def note(method: Method) -> Method:
        codes = [e if isinstance(e, str) else kind_of(e).code for e in errors]
        method.problem_codes = codes  # type: ignore[attr-defined]  # read below
        return method

    return note


class ProblemAutoSchema(AutoSchema):
    """Adds what all operations share: problems, the idempotency key, closed input shapes."""

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters declared at the method, and the key where it is honoured."""
        declared = list(super().get_override_parameters())
        if not self._notes("is_idempotent"):
            return declared
        is_lenient = getattr(self.view, "ignores_invalid_keys", False)
        return [*declared, LENIENT_IDEMPOTENCY_HEADER if is_lenient else IDEMPOTENCY_HEADER]

    def _get_response_bodies(self, direction: Any = "response") -> Schema:  # noqa: ANN401
        bodies: Schema = super()._get_response_bodies(direction)
        for status, kinds in _by_status(self._problem_codes()).items():
            bodies[str(status)] = self._problem_response(status, kinds)
        return dict(sorted(bodies.items()))

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Schema:  # noqa: ANN401
        schema: Schema = super()._map_basic_serializer(serializer, direction)
        shape = force_instance(serializer)
        if isinstance(shape, StrictSerializer):
            schema["additionalProperties"] = False
            _refuse_blanks(schema, shape)
        return schema

    def _problem_codes(self) -> list[str]:
        is_public = any(isinstance(rule, AllowAny) for rule in self.view.get_permissions())
        has_body = self.method in METHODS_WITH_BODY
        parameters = self._get_parameters()
        names = {parameter["name"] for parameter in parameters}
        places = {parameter["in"] for parameter in parameters}
        return [
            *ALWAYS,
            *([] if is_public else WITH_SESSION),
            *(WITH_BODY if has_body else ()),
            *(WITH_KEY if self._notes("is_idempotent") else ()),
            *(WITH_ID if "{" in self.path else ()),
            *(WITH_PIN if self._takes_pin() else ()),
            *(WITH_QUERY if "query" in places else ()),
            *(("invalid_cursor",) if "cursor" in names else ()),
            *(self._notes("problem_codes") or ()),
        ]

    def _takes_pin(self) -> bool:
        if self.method not in METHODS_WITH_BODY:
            return PIN_HEADER in self.get_override_parameters()
        shape = force_instance(self.get_request_serializer())
        return isinstance(shape, StrictSerializer) and not PIN_FIELDS.isdisjoint(shape.fields)

    def _notes(self, name: str) -> Any:  # noqa: ANN401 - whatever a decorator has noted
        return getattr(getattr(self.view, self.method.lower(), None), name, None)

    def _problem_response(self, status: int, kinds: list[ProblemKind]) -> Schema:
        component = self._problem_component()
        examples = {kind.code: self._example(kind).ref for kind in kinds}
        response: Schema = {
            "description": HTTPStatus(status).phrase,
            "content": {CONTENT_TYPE: {"schema": component.ref, "examples": examples}},
        }
        if headers := HEADERS_OF_STATUS.get(status):
            response["headers"] = headers
        return response

    def _example(self, kind: ProblemKind) -> ResolvedComponent:
        component = ResolvedComponent(
            name=kind.code,
            type=ResolvedComponent.EXAMPLE,
            schema={"value": _example(kind)},
            object=kind.code,
        )
        self.registry.register_on_missing(component)
        return component

    def _problem_component(self) -> ResolvedComponent:
        component = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM_SCHEMA, object="Problem"
        )
        self.registry.register_on_missing(component)
        return component


class BearerScheme(OpenApiAuthenticationExtension):
    """How a session's token is sent."""

    target_class = "alerts.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:  # noqa: ARG002
        """Return the scheme: a bearer token."""
        return {"type": "http", "scheme": "bearer", "description": "The token of a session."}


def _refuse_blanks(schema: Schema, shape: StrictSerializer) -> None:
    for name, field in shape.fields.items():
        if isinstance(field, serializers.CharField) and not field.allow_blank:
            text = schema["properties"][name]
            text["minLength"] = max(1, text.get("minLength", 1))
            text.setdefault("pattern", r"\S")


def _by_status(codes: Iterable[str]) -> dict[int, list[ProblemKind]]:
    found: dict[int, list[ProblemKind]] = {}
    for kind in (PROBLEMS[code] for code in dict.fromkeys(codes)):
        found.setdefault(kind.status, []).append(kind)
    return found


def _example(kind: ProblemKind) -> Schema:
    title = kind.titles[Language.English]
    return {
        "type": kind.type,
        "title": title,
        "status": kind.status,
        "detail": title,
        "instance": "/api/v1/…",
        "code": kind.code,
        "errors": [],
        "trace_id": EXAMPLE_TRACE,
    }
