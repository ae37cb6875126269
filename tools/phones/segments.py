"""How many SMS segments a text takes (3GPP 23.038: GSM-7, else UCS-2)."""

from math import ceil

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")


def count_segments(text: str) -> int:
    """Return the number of segments a carrier would charge for; an empty text takes one."""
    if all(character in BASIC or character in EXTENSION for character in text):
        units = sum(2 if character in EXTENSION else 1 for character in text)
        single, part = 160, 153
    else:
        units = len(text.encode("utf-16-le")) // 2
        single, part = 70, 67
    return 1 if units <= single else ceil(units / part)
