"""What every refusal is: a fact with a stable code. HTTP is not known here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: its JSON pointer, a stable code, a sentence."""

    pointer: str
    code: str
    detail: str


class AlertsError(Exception):
    """A refusal that the caller can understand by its code."""

    code = "refused"
    title = "The request was refused."

    def __init__(self, detail: str = "", *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors


class ImpossibleMove(AlertsError):
    """The state machine has no such move."""

    code = "impossible_move"
    title = "This is not possible in the present state."

    def __init__(self, *, current: str, wanted: str) -> None:
        super().__init__(f"{current} does not lead to {wanted}.")


class InvalidInput(AlertsError):
    """A value that cannot be accepted; `errors` says which."""

    code = "invalid"
    title = "A value cannot be accepted."


class NotFound(AlertsError):
    """There is no such thing, or it is somebody else's."""

    code = "not_found"
    title = "There is no such thing."
