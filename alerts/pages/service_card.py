"""The service as an entry of an address book (vCard 3.0, RFC 2426)."""

from django.http import HttpResponse

from alerts.conf import alerts_settings


def service_numbers() -> list[str]:
    """Return the numbers that texts and calls come from; a sender of letters cannot be saved."""
    twilio = alerts_settings().twilio
    numbers = (twilio.sender, twilio.caller_id)
    return list(dict.fromkeys(number for number in numbers if number.startswith("+")))


def service_card() -> HttpResponse:
    """Return the card: the operator's neutral name and the numbers, nothing of the reader."""
    name = _escaped(alerts_settings().operator.name)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{name}",
        f"N:{name};;;;",
        f"ORG:{name}",
        *(f"TEL;TYPE=CELL:{number}" for number in service_numbers()),
        "END:VCARD",
    ]
    return HttpResponse(
        "".join(f"{line}\r\n" for line in lines),
        content_type="text/vcard; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="contact.vcf"'},
    )


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.split())
