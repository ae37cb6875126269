"""What came of one attempt, as values: the sender never lets an exception of one row out."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.delivery.provider import (
    CanLookUp,
    OutboundMessage,
    OutcomeUnknown,
    Provider,
    ProviderUnavailable,
    RecipientRejected,
)
from alerts.domain.states import Channel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message."""

    provider: str
    reference: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Never again to this address by this channel."""

    code: str
    tell_operator: bool = False


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Not taken; again after `retry_after` seconds, or as the plan of retries says."""

    code: str
    retry_after: float | None = None
    tell_operator: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Perhaps taken, perhaps not."""

    code: str


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The references a look-up has found for a message of unknown outcome, perhaps none."""

    provider: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotTried:
    """The lease was too near its end to send under it; the row is free for anybody."""


Outcome = Accepted | Rejected | Unavailable | Unknown | LookedUp | NotTried
Providers = Mapping[Channel, Provider]


async def attempt(message: OutboundMessage, providers: Providers) -> Outcome:
    """Send one message and return what came of it; never raises for what a provider does."""
    provider = providers.get(message.channel)
    if provider is None:
        return Rejected("channel_not_available")
    try:
        return Accepted(provider.name, await provider.send(message))
    except RecipientRejected as error:
        return Rejected(error.code, error.tell_operator)
    except ProviderUnavailable as error:
        return Unavailable(error.code, error.retry_after, error.tell_operator)
    except OutcomeUnknown as error:
        return Unknown(error.code)
    except Exception:  # the row's boundary: a fault of ours in one message stops no other
        logger.exception("delivery %s: the attempt broke", message.delivery_id)
        return Unknown("internal")


async def look_up(message: OutboundMessage, providers: Providers, *, since: datetime) -> LookedUp:
    """Ask the provider whether it took the message; finding nothing leads to one more sending."""
    provider = providers.get(message.channel)
    name = provider.name if provider else ""
    if not isinstance(provider, CanLookUp):
        return LookedUp(name)
    try:
        return LookedUp(name, tuple(await provider.find(message, since=since)))
    except (RecipientRejected, ProviderUnavailable, OutcomeUnknown) as error:
        logger.warning("delivery %s: look-up failed (%s)", message.delivery_id, error)
    except Exception:  # the row's boundary, as above
        logger.exception("delivery %s: the look-up broke", message.delivery_id)
    return LookedUp(name)
