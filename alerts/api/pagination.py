"""Pages of a list: opaque cursors that only we can make."""

from typing import Any

from django.core import signing
from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import pagination, serializers
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from alerts.conf import alerts_settings

MOST_PER_PAGE = 100
SALT = "alerts.api.pagination"
PAGE_PARAMETERS = [
    OpenApiParameter(
        name="limit",
        description="How many to return at most.",
        type={"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": 20},
    ),
    OpenApiParameter(name="cursor", description="From `next` or `previous` of another page."),
]


class InvalidCursor(APIException):
    """The cursor was not made here, or has been changed."""

    status_code = 400
    default_code = "invalid_cursor"
    default_detail = "This cursor is not one of ours."


class NewestFirst(pagination.CursorPagination):
    """`?limit=&cursor=` over rows in the order of `created_at`, the newest first."""

    ordering = "-created_at"
    page_size = 20
    page_size_query_param = "limit"
    max_page_size = MOST_PER_PAGE

    def paginate_queryset(
        self,
        queryset: Any,  # noqa: ANN401
        request: Request,
        view: Any = None,  # noqa: ANN401
    ) -> list[Any] | None:
        """Return the rows of the page asked for."""
        page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        self.base_url = f"{alerts_settings().public_url}{request.get_full_path()}"
        return page

    def get_page_size(self, request: Request) -> int:
        """Return the limit asked for; anything but 1 to 100 is refused."""
        raw = request.query_params.get("limit", str(self.page_size))
        if not (raw.isascii() and raw.isdecimal() and 1 <= int(raw[:9]) <= MOST_PER_PAGE):
            detail = f"A limit is a number from 1 to {MOST_PER_PAGE}."
            raise ValidationError({"limit": [ErrorDetail(detail, code="invalid_value")]})
        return int(raw)

    def encode_cursor(self, cursor: pagination.Cursor) -> str:
        """Return the link to another page; its cursor is signed."""
        token = signing.dumps([cursor.offset, cursor.reverse, cursor.position], salt=SALT)
        return replace_query_param(str(self.base_url), self.cursor_query_param, token)

    def decode_cursor(self, request: Request) -> pagination.Cursor | None:
        """Return the place that a cursor stands for, or raise InvalidCursor."""
        token = request.query_params.get(self.cursor_query_param)
        if token is None:
            return None
        try:
            offset, reverse, position = signing.loads(token, salt=SALT)
        except signing.BadSignature as error:
            raise InvalidCursor from error
        return pagination.Cursor(offset=offset, reverse=reverse, position=position)


def page_of(
    rows: QuerySet[Model], request: Request, shape: type[serializers.Serializer[Any]]
) -> dict[str, Any]:
    """Return `{next, previous, results}` for the page asked for."""
    paginator = NewestFirst()
    results = shape(paginator.paginate_queryset(rows, request), many=True).data
    return {
        "next": paginator.get_next_link(),
        "previous": paginator.get_previous_link(),
        "results": results,
    }
