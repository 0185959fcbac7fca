"""Finds phone numbers in a text with the library made for it, and leaves other numbers alone."""

import re
from functools import lru_cache

from phonenumbers import NumberParseException, is_possible_number, is_valid_number, parse

_REGIONS = ("US", "GB", "DE", "FR", "IT", "ES", "NL", "AT", "CH", "BE", "SE", "PL", "AU", "IN", "BR", "JP")
"""Whose local forms are known; an international one is known from everywhere."""
_DIGITS = (6, 15)
"""At least, and at most (ITU-T E.164)."""
_CANDIDATE = re.compile(
    r"(?<![\w.,#€$£¥/-])(?:\+|\(\+?|)\d(?:[ \u00a0()/.‐-―-]{0,3}\d){5,18}"
    r"(?:\s?(?:ext|x|Durchwahl)\.?\s?\d{1,5})?"
    r"(?![\w%€$£¥]|[.,/-]\d)",
    re.I,
)
_SPOKEN_OF = re.compile(
    r"\b(?:call|phone|tele(?:phone|fon)|t[eé]l|mobile?|cell|fax|handy|ruf(?:en)?|anruf|whatsapp|sms|text me"
    r"|reach (?:me|us)|dial|hotline|número|numéro|my number|our number)\b[^\d+\n]{0,20}\Z",
    re.I,
)
_ANOTHER_NUMBER = re.compile(
    r"\b(?:no|nr|num|order|invoice|rechnung|bestellung|ticket|case|isbn|issn|ean|sku|article|artikel|item"
    r"|serial|version|id|page|pages|pp?|seiten?|zip|plz|line|model|part|population|total|price)\b[.:#\s]{0,3}\Z",
    re.I,
)
_DATE = re.compile(
    r"(?:19|20)\d\d[-/. ].*|\d{1,2}([-/.])\d{1,2}\1\d{2,4}(?: .*)?|\d{4}[-–]\d{4}|\d+\.\d+", re.S
)
"""Or a span of years, or a fraction."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .\u00a0]\d{3})+(?:[.,]\d{1,2})?")
_NUMBER_OF_THE_TOWN = re.compile(r"[2-9]\d{2}-\d{4}")


def without_phone_numbers(text: str) -> str:
    """The text with `[number]` for each phone number: international, local, or spoken of as one."""
    return _CANDIDATE.sub(_replaced, text)


def _replaced(found: re.Match[str]) -> str:
    written = found[0]
    before = found.string[max(0, found.start() - 40) : found.start()]
    return "[number]" if _is_phone_number(written, before) else written


def _is_phone_number(written: str, before: str) -> bool:
    if not _DIGITS[0] <= sum(map(str.isdigit, written)) <= _DIGITS[1] + 5:
        return False
    if written.startswith(("+", "(+")):
        return _is_possible(written)
    if _SPOKEN_OF.search(before):
        return not _DATE.fullmatch(written)
    if _ANOTHER_NUMBER.search(before):
        return False
    if _NUMBER_OF_THE_TOWN.fullmatch(written):
        return True
    if _DATE.fullmatch(written) or _THOUSANDS.fullmatch(written):
        return False
    # Digits in a row may count anything; a phone number is written in groups, or begins as one dialed.
    is_written_as_one = written[0] in "0(" or bool(re.search(r"\d[ ()/.-]+\d", written))
    return is_written_as_one and _is_local(written)


@lru_cache(1000)
def _is_possible(written: str) -> bool:
    try:
        return is_possible_number(parse(written, None))
    except NumberParseException:
        return False


@lru_cache(1000)
def _is_local(written: str) -> bool:
    for region in _REGIONS:
        try:
            if is_valid_number(parse(written, region)):
                return True
        except NumberParseException:
            continue
    return False
