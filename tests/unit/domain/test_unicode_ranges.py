"""The table of Unicode properties says what an independent copy of Unicode's database says."""

import re

import pytest
import regex

from userdesk.domain import unicode_ranges

EVERY_CHARACTER = "".join(map(chr, range(0x110000)))
PROPERTIES = {
    "DEFAULT_IGNORABLE": r"\p{Default_Ignorable_Code_Point}",
    "OTHER_FORMATS": (
        r"[\p{General_Category=Format}--\p{Default_Ignorable_Code_Point}--\p{Prepended_Concatenation_Mark}]"
    ),
    "NONCHARACTERS": r"\p{Noncharacter_Code_Point}",
    "PICTOGRAPHS": r"[\p{Extended_Pictographic}\p{Emoji_Modifier}]",
}
JOINED_LETTERS = (
    r"[\p{Joining_Type=Dual_Joining}\p{Joining_Type=Left_Joining}\p{Joining_Type=Right_Joining}"
    r"[[\p{Letter}\p{Mark}]--\p{Indic_Syllabic_Category=Other}--\p{Default_Ignorable_Code_Point}]]"
)


def as_ranges(numbers: list[int]) -> str:
    """Code points as they stand in the table."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return " ".join("-".join(dict.fromkeys((f"{first:x}", f"{last:x}"))) for first, last in ranges)


def with_property(pattern: str) -> list[int]:
    return [match.start() for match in regex.finditer(pattern, EVERY_CHARACTER, regex.V1)]


def in_table(name: str) -> list[int]:
    table = re.compile(f"[{unicode_ranges.character_class(getattr(unicode_ranges, name))}]")
    return [match.start() for match in table.finditer(EVERY_CHARACTER)]


def test_the_scripts_that_join_have_their_letters_and_no_others() -> None:
    joined, table = set(with_property(JOINED_LETTERS)), set(in_table("JOINING_SCRIPTS"))
    assert [f"{number:x}" for number in joined if number not in table] == []
    others = table.intersection(with_property(r"[\p{Letter}\p{Mark}]")) - joined
    far = [number for number in others if joined.isdisjoint(range(number - 32, number + 33))]
    assert [f"{number:x}" for number in far] == []


@pytest.mark.parametrize("name", PROPERTIES)
def test_the_table_is_unicodes(name: str) -> None:
    numbers, found = with_property(PROPERTIES[name]), in_table(name)
    assert found == numbers, f"{name} of Unicode {unicode_ranges.VERSION} would be {as_ranges(numbers)}"
