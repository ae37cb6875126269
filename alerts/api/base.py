"""What every view and every shape of the API is built on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from alerts.models import Session, User

LARGEST_INTEGER = 2**63 - 1
EARLIEST_YEAR, LATEST_YEAR = 1970, 2199
JSON_TYPES: tuple[tuple[type[Any], tuple[type, ...], str], ...] = (
    (serializers.BooleanField, (bool,), "true or false"),
    (serializers.IntegerField, (int,), "a whole number"),
    (serializers.FloatField, (int, float), "a number"),
    (serializers.CharField, (str,), "a text"),
    (serializers.ChoiceField, (str,), "a text"),
    (serializers.UUIDField, (str,), "a text"),
    (serializers.DateTimeField, (str,), "a text"),
    (serializers.ListField, (list,), "a list"),
)
Errors = dict[Any, Any]


class ApiView(APIView):
    """A view of the API; it validates, calls one service and answers."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def finalize_response(
        self,
        request: Request,
        response: Response,
        *args: Any,  # noqa: ANN401 - the framework's own
        **kwargs: Any,  # noqa: ANN401
    ) -> Response:
        """Return the answer with the word that nobody on the way keeps it."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


class Instant(serializers.DateTimeField):
    """An RFC 3339 date-time with an offset."""

    default_error_messages = {
        "offset_required": "Give the date-time with an offset, such as +01:00 or Z.",
        "out_of_range": "This date is out of range.",
    }

    def to_internal_value(self, value: Any) -> datetime:  # noqa: ANN401 - a JSON value
        """Return the aware instant, or refuse what has no offset."""
        try:
            instant = parse_datetime(value)
        except (TypeError, ValueError):
            instant = None
        if instant is None:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss+hh:mm")
        if instant.tzinfo is None:
            self.fail("offset_required")
        if not EARLIEST_YEAR <= instant.year <= LATEST_YEAR:
            self.fail("out_of_range")
        return instant


class StrictSerializer(serializers.Serializer[Any]):
    """A shape of input: unknown fields and values of another JSON type are refused."""

    @classmethod
    def parse(cls, request: Request) -> dict[str, Any]:
        """Return the valid body of the request; a field that is absent stays absent."""
        return cls.accept(request.data)

    @classmethod
    def accept(cls, document: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON value
        """Return the valid document, or raise ValidationError."""
        serializer = cls(data=document)
        serializer.is_valid(raise_exception=True)
        return cast("dict[str, Any]", serializer.validated_data)

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401 - a JSON value
        """Return the valid values, or raise ValidationError with everything that is wrong."""
        if not isinstance(data, Mapping):
            raise ValidationError({api_settings.NON_FIELD_ERRORS_KEY: _wrong_type("an object")})
        errors = self._strange_fields(data) | self._strange_values(data)
        try:
            accepted = super().to_internal_value(data)
        except ValidationError as refusal:
            raise ValidationError({**cast("Errors", refusal.detail), **errors}) from refusal
        if errors:
            raise ValidationError(errors)
        return accepted

    def _strange_fields(self, data: Mapping[str, Any]) -> Errors:
        known = {name for name, field in self.fields.items() if not field.read_only}
        unknown = ErrorDetail("There is no such field.", code="unknown_field")
        return {name: [unknown] for name in data if name not in known}

    def _strange_values(self, data: Mapping[str, Any]) -> Errors:
        found = {
            name: strange_value(field, data[name])
            for name, field in self.fields.items()
            if data.get(name) is not None
        }
        return {name: error for name, error in found.items() if error}


class QuerySerializer(StrictSerializer):
    """A shape of query parameters: all texts, each at most once."""

    @classmethod
    def parse(cls, request: Request) -> dict[str, Any]:
        """Return the valid query of the request."""
        repeated = ErrorDetail("This parameter is given twice.", code="repeated")
        errors = {
            name: [repeated] for name, values in request.query_params.lists() if len(values) > 1
        }
        if errors:
            raise ValidationError(errors)
        return cls.accept(request.query_params.dict())

    def _strange_values(self, data: Mapping[str, Any]) -> Errors:  # noqa: ARG002
        return {}


class NoBody(StrictSerializer):
    """The shape of a request that has nothing to say."""


def strange_value(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:  # noqa: ANN401
    """Return what is wrong with the JSON type of a value, nothing when it is the expected one."""
    for kind, types, wanted in JSON_TYPES:
        if isinstance(field, kind):
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                return _wrong_type(wanted)
            break
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return [ErrorDetail("This number is too large.", code="too_large")]
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        found = {index: strange_value(field.child, item) for index, item in enumerate(value)}
        return {index: error for index, error in found.items() if error}
    return None


def owner_of(request: Request) -> User:
    """Return the signed-in owner; permissions have seen to it that there is one."""
    return cast("User", request.user)


def session_of(request: Request) -> Session:
    """Return the session that the request came with."""
    return cast("Session", request.auth)


def _wrong_type(wanted: str) -> list[ErrorDetail]:
    return [ErrorDetail(f"This must be {wanted}.", code="wrong_type")]
