"""Plain e-mail over SMTP, in threads of its own: Django's mail is synchronous."""

import asyncio
import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.utils import parseaddr
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection

from alerts.delivery.provider import (
    OutboundMessage,
    OutcomeUnknown,
    ProviderUnavailable,
    RecipientRejected,
)

EMAILS_IN_FLIGHT = 16
TIMEOUT_SECONDS = 10  # of each step of the SMTP dialogue
FIRST_PERMANENT_CODE = 500  # RFC 5321: 4xx may pass later, 5xx never will


class EmailProvider:
    """Sends by the mail server of EMAIL_URL; use it as a context manager, it owns threads."""

    name = "smtp"

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
        self._threads = ThreadPoolExecutor(EMAILS_IN_FLIGHT, thread_name_prefix="smtp")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def send(self, message: OutboundMessage) -> str:
        """Return the message's id; it is the same for each attempt, so that doubles collapse."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._send, message)

    def _send(self, message: OutboundMessage) -> str:
        reference = f"<{message.delivery_id}@{self._domain}>"
        with smtp_errors_translated():
            EmailMessage(
                subject=message.subject,
                body=message.body,
                from_email=self._sender,
                to=[message.to],
                headers={"Message-ID": reference, "Auto-Submitted": "auto-generated"},
                connection=get_connection(timeout=TIMEOUT_SECONDS),
            ).send()
        return reference


@contextmanager
def smtp_errors_translated() -> Iterator[None]:
    """Turn what an SMTP dialogue can end in into the protocol's three exceptions."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = max((answer[0] for answer in error.recipients.values()), default=0)
        raise _refusal(code, tell_operator=False) from error
    except smtplib.SMTPAuthenticationError as error:
        raise ProviderUnavailable(f"smtp_{error.smtp_code}", tell_operator=True) from error
    except smtplib.SMTPConnectError as error:
        raise ProviderUnavailable(f"smtp_{error.smtp_code}") from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, tell_operator=True) from error
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        raise OutcomeUnknown("smtp_no_answer") from error
    except (smtplib.SMTPException, OSError) as error:
        raise ProviderUnavailable("smtp_not_reached") from error


def _refusal(code: int, *, tell_operator: bool) -> RecipientRejected | ProviderUnavailable:
    if code >= FIRST_PERMANENT_CODE:
        return RecipientRejected(f"smtp_{code}", tell_operator=tell_operator)
    return ProviderUnavailable(f"smtp_{code}")
