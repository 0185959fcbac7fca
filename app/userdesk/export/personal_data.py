"""Finds what leads to somebody in a text: addresses of mail and machines, phone numbers, cards, accounts."""

import ipaddress
import re

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_MAC = re.compile(r"(?<![\w:-])(?:[0-9A-F]{2}([:-]))(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}(?![\w:-])", re.I)
_IP6 = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f.]*:)[0-9A-Fa-f:]+(?:(?<=:)\d+(?:\.\d+){3})?(?:%\w+)?(?:/\d{1,3})?"
    r"(?![\w:]|\.\d)"
)
_IP4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w]|\.\d)")
_VERSION = re.compile(r"(?:\b(?:versions?|release|build|firmware|driver|v)[.:]?\s*|\bv)$", re.I)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){12,18}(?![\w])")
_CARD = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|6\d{15,18}|35\d{14}"
)
_SOCIAL = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_ACCOUNT = re.compile(
    r"\b((?:account|routing|passport|social security|ssn|tax|konto|ausweis|kundenkonto)[ -]?"
    r"(?:no\.?|number|id|nummer|nr\.?)?\s*(?:is|:|#|=)?\s*)(?=[A-Z]{0,3}\d)"
    r"([A-Z0-9][A-Z0-9 -]{4,}[A-Z0-9])\b",
    re.I,
)


def without_personal_data(text: str) -> str:
    """The text without addresses, phone numbers, card numbers and accounts."""
    from userdesk.export.phone_numbers import without_phone_numbers  # a large library: only here

    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    text = _MAC.sub("[address]", text)
    text = _IP6.sub(_machine, text)
    text = _IP4.sub(_machine, text)
    text = _IBAN.sub(_account, text)
    text = _DIGITS.sub(_card, text)
    text = _SOCIAL.sub("[number]", text)
    text = _ACCOUNT.sub(r"\1[account]", text)
    return without_phone_numbers(text)


def _machine(found: re.Match[str]) -> str:
    written = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
    behind = found[0][len(written) :]
    try:
        address = ipaddress.ip_interface(written).ip
    except ValueError:
        return found[0]
    if address.version == 4 and _VERSION.search(found.string[max(0, found.start() - 20) : found.start()]):
        return found[0]
    if address.version == 6 and not _is_written_as_one(written):
        return found[0]
    return f"[address]{behind}"


def _is_written_as_one(written: str) -> bool:
    """Whether an IPv6 address is meant: `a::b` and `1::2` are names in programs, and `::` is a mark."""
    if written.partition("/")[0] == "::1":
        return True
    groups = [group for group in re.split(r"[:%/]", written) if group]
    return len(groups) > 2 or any(len(group) > 2 for group in groups)


def _account(found: re.Match[str]) -> str:
    """An account by the check digits of ISO 13616."""
    text = found[0].replace(" ", "")
    digits = "".join(str(int(character, 36)) for character in text[4:] + text[:4])
    return "[account]" if len(text) >= 15 and int(digits) % 97 == 1 else found[0]


def _card(found: re.Match[str]) -> str:
    """A card by its issuer's digits and by its check digit (Luhn, ISO 7812)."""
    digits = re.sub(r"\D", "", found[0])
    if not _CARD.fullmatch(digits):
        return found[0]
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return "[number]" if (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0 else found[0]
