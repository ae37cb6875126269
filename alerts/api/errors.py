"""The one place where refusals become `application/problem+json` (RFC 9457)."""

import logging
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback
from structlog.contextvars import get_contextvars

from alerts.api.field_codes import field_code, field_detail
from alerts.api.problems import PROBLEMS, ProblemKind, kind_of
from alerts.domain.errors import AlertsError, FieldError
from alerts.domain.languages import Language

logger = logging.getLogger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
RETRY_AFTER_OUTAGE_SECONDS: Final = 5
PLAIN_REFUSALS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (Http404, "not_found"),
    (PermissionDenied, "permission_denied"),
    (RequestDataTooBig, "body_too_large"),
    (SuspiciousOperation, "bad_request"),
)
TRACE_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What is to be said about one failed request; an empty detail says the title again."""

    kind: ProblemKind
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem that a view's exception stands for, None for our own faults."""
    refusal = _refusal_of(error)
    if refusal is None:
        return None
    set_rollback()
    request: Request = context["request"]
    language = language_of_reader(request)
    return Response(
        problem_document(refusal, request.path, language),
        status=refusal.kind.status,
        headers={**refusal.headers, "Content-Language": language, "Vary": "Accept-Language"},
        content_type=CONTENT_TYPE,
    )


def problem_document(refusal: Refusal, path: str, language: Language) -> dict[str, Any]:
    """Return the members of the problem."""
    kind = refusal.kind
    title = kind.titles[language]
    says_more = refusal.detail and refusal.detail != kind.titles[Language.English]
    return {
        "type": kind.type,
        "title": title,
        "status": kind.status,
        "detail": refusal.detail if says_more else title,
        "instance": path,
        "code": kind.code,
        "errors": [
            {
                "pointer": error.pointer,
                "code": error.code,
                "detail": field_detail(error.code, error.detail, language),
            }
            for error in refusal.errors
        ],
        "trace_id": trace_id(),
    }


def language_of_reader(request: Request | HttpRequest) -> Language:
    """Return the first language of Accept-Language that we speak, English for want of any."""
    header = request.headers.get("Accept-Language", "")
    for code, _quality in parse_accept_lang_header(header.lower()[:200]):
        primary = code.partition("-")[0]
        if primary in set(Language):
            return Language(primary)
    return Language.English


def trace_id() -> str:
    """Return the id by which the log knows this request."""
    request_id = str(get_contextvars().get("request_id", ""))
    return request_id if TRACE_ID.fullmatch(request_id) else uuid4().hex


def _refusal_of(error: Exception) -> Refusal | None:
    match error:
        case AlertsError():
            return _refusal_of_domain(error)
        case exceptions.ValidationError():
            return _refusal_of_fields(error)
        case exceptions.APIException():
            return _refusal_of_framework(error)
        case OperationalError() | InterfaceError():
            return _refusal_of_outage(error)
    codes = (code for kind, code in PLAIN_REFUSALS if isinstance(error, kind))
    return next((Refusal(kind=PROBLEMS[code]) for code in codes), None)


def _refusal_of_domain(error: AlertsError) -> Refusal:
    wait = getattr(error, "retry_after_seconds", None)
    return Refusal(
        kind=kind_of(error),
        detail=error.detail,
        errors=error.errors,
        headers={} if wait is None else {"Retry-After": str(max(1, math.ceil(wait)))},
    )


def _refusal_of_outage(error: DatabaseError | InterfaceError) -> Refusal:
    logger.warning("the database did not answer: %s", type(error.__cause__).__name__)
    retry = {"Retry-After": str(RETRY_AFTER_OUTAGE_SECONDS)}
    return Refusal(kind=PROBLEMS["unavailable"], headers=retry)


def _refusal_of_framework(error: exceptions.APIException) -> Refusal:
    kind = PROBLEMS.get(error.default_code) or PROBLEMS["bad_request"]
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    has_more_to_say = isinstance(error, exceptions.ParseError)
    return Refusal(kind=kind, detail=str(error.detail) if has_more_to_say else "", headers=headers)


def _refusal_of_fields(error: exceptions.ValidationError) -> Refusal:
    """All fields at once; the problem takes their code when they share one that has a title."""
    errors = tuple(_field_errors(error.detail, ""))
    codes = {item.code for item in errors}
    shared = codes.pop() if len(codes) == 1 else "invalid"
    return Refusal(kind=PROBLEMS.get(shared, PROBLEMS["invalid"]), errors=errors)


def _field_errors(detail: Any, pointer: str) -> Iterator[FieldError]:  # noqa: ANN401 - the framework's tree
    if isinstance(detail, exceptions.ErrorDetail):
        yield FieldError(pointer, field_code(detail.code or "invalid"), str(detail))
    elif isinstance(detail, dict):
        for name, inner in detail.items():
            is_own = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _field_errors(inner, pointer if is_own else f"{pointer}/{_escaped(name)}")
    else:
        for index, inner in enumerate(detail):
            is_leaf = isinstance(inner, exceptions.ErrorDetail)
            yield from _field_errors(inner, pointer if is_leaf else f"{pointer}/{index}")


def _escaped(name: object) -> str:
    """Return a reference token of a JSON pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")
