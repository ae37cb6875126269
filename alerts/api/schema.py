"""How the API describes itself: OpenAPI 3.1, with every problem documented."""

from drf_spectacular.openapi import AutoSchema


class ProblemAutoSchema(AutoSchema):
    """Adds what all operations share."""
