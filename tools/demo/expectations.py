"""What the story expects to see, and the one way to say that it was not seen."""


class StepMissing(Exception):
    """Something of the story did not happen: what was expected, and what was seen instead."""

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(f"expected {expected}, seen {seen}")
        self.expected = expected
        self.seen = seen


def expect(condition: object, expected: str, *, seen: object) -> None:
    """Go on if something is so; raises StepMissing."""
    if not condition:
        raise StepMissing(expected, str(seen))
