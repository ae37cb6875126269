"""`Idempotency-Key`: a repeated request gets the first answer."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import DatabaseError
from django.http import UnreadablePostError
from rest_framework.exceptions import APIException, ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.base import ApiView
from alerts.clock import database_now
from alerts.domain.errors import AlertsError
from alerts.services.idempotency import Answer, Claim, claim_key, release_claim, settle_claim

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
LONGEST_KEY = 255
PRINTABLE = range(0x20, 0x7F)
KEPT_HEADERS = ("Location", "Content-Language", "WWW-Authenticate")
FIRST_SERVER_ERROR = 500
TOO_MANY_REQUESTS = 429

View = TypeVar("View", bound=ApiView)
Arguments = ParamSpec("Arguments")
Handler = Callable[Concatenate[View, Request, Arguments], Response]


class InvalidKey(APIException):
    """The key is empty, too long, or holds other than printable ASCII."""

    status_code = 400
    default_code = "idempotency_key_invalid"
    default_detail = "An Idempotency-Key is 1 to 255 printable ASCII characters."


def idempotent(handler: Handler[View, Arguments]) -> Handler[View, Arguments]:
    """Let the method honour the header; a request without it is answered as ever.

    The action's own transaction stays in its service. What was refused for lack of quota or
    failed on our side is not kept, since nothing was done.
    """

    @wraps(handler)
    def answer(
        view: View, request: Request, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        try:
            claim = _claim(request, key)
        except InvalidKey:
            if getattr(view, "ignores_invalid_keys", False):
                return handler(view, request, *args, **kwargs)
            raise
        if isinstance(claim, Answer):
            return _repeat(claim)
        try:
            response = handler(view, request, *args, **kwargs)
        except (APIException, AlertsError, DatabaseError) as error:
            response = view.handle_exception(error)
        _settle(claim, response)
        return response

    answer.is_idempotent = True  # type: ignore[attr-defined]  # read by the schema
    return cast("Handler[View, Arguments]", answer)


def _claim(request: Request, key: str) -> Claim | Answer:
    if not 1 <= len(key) <= LONGEST_KEY or not all(ord(letter) in PRINTABLE for letter in key):
        raise InvalidKey
    try:
        body = request.body
    except UnreadablePostError as error:
        raise ParseError("The body ended too soon.") from error
    scope = str(request.user.pk) if request.user else "anonymous"
    parts = (str(request.method), request.get_full_path(), body.decode("latin-1"))
    return claim_key(scope=scope, key=key, request_parts=parts, now=database_now())


def _settle(claim: Claim, response: Response) -> None:
    status = response.status_code
    if status >= FIRST_SERVER_ERROR or status == TOO_MANY_REQUESTS:
        release_claim(claim)
        return
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    if response.content_type:
        headers["Content-Type"] = response.content_type
    settle_claim(claim, Answer(status=status, body=_as_json(response.data), headers=headers))


def _as_json(data: Any) -> Any:  # noqa: ANN401 - whatever the view answered
    rendered = JSONRenderer().render(data)
    return json.loads(rendered) if rendered else None


def _repeat(answer: Answer) -> Response:
    headers = {**answer.headers, REPLAYED_HEADER: "true"}
    content_type = headers.pop("Content-Type", None)
    return Response(answer.body, status=answer.status, headers=headers, content_type=content_type)
