"""Texts that people send back."""

from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse

from alerts.clock import database_now
from alerts.conf import alerts_settings
from alerts.domain.replies import Keyword
from alerts.services.sending.inbound import InboundText, receive_text
from alerts.webhooks.signed import plain_field, signed

SILENCE = "<Response/>"


@signed
def inbound(request: HttpRequest) -> HttpResponse:
    """POST: one text. Who we are is said at once, everything else goes through the outbox."""
    text = InboundText(
        reference=plain_field(request, "MessageSid"),
        sender=plain_field(request, "From"),
        body=plain_field(request, "Body"),
        is_opt_out=plain_field(request, "OptOutType") == "STOP",
    )
    keyword = receive_text(text, is_two_way=alerts_settings().twilio.is_two_way, now=database_now())
    answer = identity() if keyword is Keyword.Identity else SILENCE
    return HttpResponse(answer, content_type="text/xml; charset=utf-8")


def identity() -> str:
    """Return the TwiML that says who sends these texts and where to read more."""
    settings = alerts_settings()
    words = escape(f"{settings.operator.name}. {settings.public_url}")
    return f"<Response><Message>{words}</Message></Response>"
