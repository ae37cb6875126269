"""JSON as RFC 8259 has it, and nothing that only one side would understand."""

import json
import math
from typing import IO, Any

from django.conf import settings
from django.http import UnreadablePostError
from rest_framework.exceptions import APIException, ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import BaseParser

DEEPEST_NESTING = 16
SURROGATES = range(0xD800, 0xE000)


class BodyTooLarge(APIException):
    """The body is larger than any request of ours."""

    status_code = 413
    default_code = "body_too_large"
    default_detail = "The body is too large."


class StrictJSONParser(BaseParser):
    """Reads a JSON body; refuses duplicate names, NaN, deep nesting and text that is none."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - the framework's signature
        parser_context: Any = None,  # noqa: ANN401, ARG002
    ) -> Any:  # noqa: ANN401 - a JSON value
        """Return the JSON value, or raise ParseError, ValidationError or BodyTooLarge."""
        document = parse_json(_read(stream))
        refuse_what_is_no_text(document)
        return document


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - a JSON value
    """Return the value of a UTF-8 JSON text, or raise ParseError."""
    try:
        return json.loads(
            body.decode(),
            object_pairs_hook=_object_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite_number,
        )
    except (ValueError, RecursionError) as error:
        raise ParseError("The body is not a JSON text in UTF-8.") from error


def refuse_what_is_no_text(document: Any) -> None:  # noqa: ANN401 - a JSON value
    """Raise ValidationError (NUL, lone surrogates) or ParseError (nested too deeply)."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > DEEPEST_NESTING:
            raise ParseError("The body is nested too deeply.")
        if isinstance(value, str) and not is_text(value):
            raise _invalid_text(path)
        if isinstance(value, dict):
            if not all(map(is_text, value)):
                raise _invalid_text(path)
            waiting.extend(((*path, name), item) for name, item in value.items())
        if isinstance(value, list):
            waiting.extend(((*path, str(index)), item) for index, item in enumerate(value))


def is_text(value: str) -> bool:
    """Whether the value can be stored and sent: no NUL, no lone surrogate."""
    return "\0" not in value and not any(ord(character) in SURROGATES for character in value)


def _read(stream: IO[Any]) -> bytes:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        body: bytes = stream.read(limit + 1)
    except UnreadablePostError as error:
        raise ParseError("The body ended too soon.") from error
    if len(body) > limit:
        raise BodyTooLarge
    return body


def _invalid_text(path: tuple[str, ...]) -> ValidationError:
    detail: Any = [ErrorDetail("A character cannot be stored.", code="invalid_text")]
    for name in reversed(path):
        detail = {name: detail}
    return ValidationError(detail)


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return names


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite_number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is out of range")
    return number
