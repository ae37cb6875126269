"""The values that the tests of the wording are rendered with."""

from alerts.domain.texts import TextValues

LINK = "https://vigie.app/a/7Kq2MZp9TtQ4vXbN"
TYPICAL = TextValues(
    trust_word="figue",
    contact="Léa",
    owner="Sam",
    acting_contact="Nour",
    time="22h30",
    date="14/02",
    link=LINK,
    code="482913",
    domain="vigie.app",
    place="12 rue des Lilas, 75020 Paris",
    position="48.8651,2.3983",
    number="4821",
    emergency="17 ou 112",
)
LONGEST = TextValues(
    trust_word="x" * 20,
    contact="x" * 40,
    owner="x" * 40,
    acting_contact="x" * 40,
    time="22h30",
    date="14/02",
    link="x" * 36,
    code="482913",
    domain="vigie.app",
    place="€" * 100,
    position="-48.8651,-122.3983",
    number="x" * 12,
    emergency="voir le lien",
)
