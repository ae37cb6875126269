"""Trusted contacts: what is known of one, and how names are taken."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from alerts.domain.errors import FieldError, LatinFormRequired
from alerts.domain.gsm7 import latin_form, single_line
from alerts.domain.states import ContactState

MOST_CONTACTS = 10
LONGEST_NAME = 40

ANSWERABLE_STATES = frozenset({ContactState.Invited, ContactState.Accepted})
PROVEN_STATES = frozenset({ContactState.Confirmed, ContactState.Unreachable})
ENDED_STATES = frozenset({ContactState.Refused, ContactState.Stopped})

UNCONFIRMED_REASONS = {
    ContactState.Invited: "not_answered",
    ContactState.Accepted: "number_not_proven",
    ContactState.Unreachable: "texts_rejected",
    ContactState.Refused: "refused",
    ContactState.Lapsed: "invitation_lapsed",
    ContactState.Stopped: "stopped",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ContactProfile:
    """What is sealed of a contact. Never printed: personal."""

    name: str
    phone: str  # E.164
    email: str | None
    owner_alias: str  # the name under which this contact knows the owner
    trust_word: str | None = None  # agreed when the invitation is accepted

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """Return the profile that a sealed column held."""
        return cls(**document)

    def to_document(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    def but(self, **changes: str | None) -> Self:
        """Return a copy with some values changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def clean_name(raw: str, *, pointer: str) -> str:
    """Return a name on one line, or LatinFormRequired when a text could not show it."""
    name = single_line(raw)[:LONGEST_NAME]
    if not latin_form(name):
        error = FieldError(pointer, LatinFormRequired.code, LatinFormRequired.title)
        raise LatinFormRequired(errors=(error,))
    return name
