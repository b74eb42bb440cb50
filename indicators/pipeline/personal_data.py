"""What in a text looks as if it named a person. A hint for whoever reads it, never a proof."""

from __future__ import annotations

import re
from enum import StrEnum

PHONE = re.compile(r"(?<!\d)(?:\+\s?)?\d(?:[\s()-]{0,2}\d){8,13}(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_BIG, _WORD = "[A-ZА-ЯЁӨҮҢ]", "[A-ZА-ЯЁӨҮҢ][a-zа-яёөүң]+"
NAME = re.compile(
    "|".join(
        (
            r"\b[А-ЯЁӨҮҢ][а-яёөүң]+(?:ович|евич|овна|евна|ична)\w{0,2}\b",  # patronymics
            rf"\b{_WORD}\s(?:уулу|кызы)\b",
            rf"\b{_BIG}\.\s?(?:{_BIG}\.\s?)?{_WORD}",  # A. B. Name
            rf"\b{_WORD}\s{_BIG}\.\s?{_BIG}\.",  # Name A. B.
            rf"(?<=[\wа-яёөүң,]\s){_WORD}\s{_WORD}\b",  # two in a row inside a sentence
        )
    )
)


class PersonalHint(StrEnum):
    PHONE = "phone"
    MAIL = "mail"
    NAME = "name"


def holds_address(text: str) -> bool:
    """Whether a telephone number or an e-mail address stands in the text."""
    return bool(PHONE.search(text) or MAIL.search(text))


def personal_hints(text: str) -> tuple[PersonalHint, ...]:
    """What somebody should look at before others read the text."""
    patterns = {PersonalHint.PHONE: PHONE, PersonalHint.MAIL: MAIL, PersonalHint.NAME: NAME}
    return tuple(hint for hint, pattern in patterns.items() if pattern.search(text))
