"""Ranges of characters by Unicode's properties, as hexadecimal code points.

Python's own database has none of these properties. A test compares the table with the `regex` library's
copy for every code point, and prints what a range would be where a new version of Unicode differs.
"""

VERSION = "18.0"
DEFAULT_IGNORABLE = """\
ad 34f 61c 115f-1160 17b4-17b5 180b-180f 200b-200f 202a-202e 2060-206f 3164 fe00-fe0f feff ffa0 fff0-fff8
1bca0-1bca3 1d173-1d17a e0000-e0fff"""
"""Default_Ignorable_Code_Point: shown as nothing by whoever does not know them."""
OTHER_FORMATS = "fff9-fffb 13430-1343f"
"""The format characters beside those that show nothing, without the signs that stand over numbers."""
NONCHARACTERS = """\
fdd0-fdef fffe-ffff 1fffe-1ffff 2fffe-2ffff 3fffe-3ffff 4fffe-4ffff 5fffe-5ffff 6fffe-6ffff 7fffe-7ffff
8fffe-8ffff 9fffe-9ffff afffe-affff bfffe-bffff cfffe-cffff dfffe-dffff efffe-effff ffffe-fffff
10fffe-10ffff"""
"""Noncharacter_Code_Point: never a character, in no version of Unicode."""
PICTOGRAPHS = """\
a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 231a-231b 2328 23cf 23e9-23f3 23f8-23fa 24c2 25aa-25ab 25b6 25c0
25fb-25fe 2600-2604 260e 2611 2614-2615 2618 261d 2620 2622-2623 2626 262a 262e-262f 2638-263a 2640 2642
2648-2653 265f-2660 2663 2665-2666 2668 267b 267e-267f 2692-2697 2699 269b-269c 26a0-26a1 26a7 26aa-26ab
26b0-26b1 26bd-26be 26c4-26c5 26c8 26ce-26cf 26d1 26d3-26d4 26e9-26ea 26f0-26f5 26f7-26fa 26fd 2702 2705
2708-270d 270f 2712 2714 2716 271d 2721 2728 2733-2734 2744 2747 274c 274e 2753-2755 2757 2763-2764 2795-2797
27a1 27b0 27bf 2934-2935 2b05-2b07 2b1b-2b1c 2b50 2b55 3030 303d 3297 3299 1f004 1f02c-1f02f 1f094-1f09f
1f0af-1f0b0 1f0c0 1f0cf-1f0d0 1f0f6-1f0ff 1f170-1f171 1f17e-1f17f 1f18e 1f191-1f19a 1f1af-1f1e5 1f201-1f20f
1f21a 1f22f 1f232-1f23a 1f23c-1f23f 1f249-1f25f 1f266-1f321 1f324-1f393 1f396-1f397 1f399-1f39b 1f39e-1f3f0
1f3f3-1f3f5 1f3f7-1f4fd 1f4ff-1f53d 1f549-1f54e 1f550-1f567 1f56f-1f570 1f573-1f57a 1f587 1f58a-1f58d 1f590
1f595-1f596 1f5a4-1f5a5 1f5a8 1f5b1-1f5b2 1f5bc 1f5c2-1f5c4 1f5d1-1f5d3 1f5dc-1f5de 1f5e1 1f5e3 1f5e8 1f5ef
1f5f3 1f5fa-1f64f 1f680-1f6c5 1f6cb-1f6d2 1f6d5-1f6e5 1f6e9 1f6eb-1f6f0 1f6f3-1f6ff 1f7dc-1f7f0 1f80c-1f80f
1f848-1f84f 1f85a-1f85f 1f888-1f88f 1f8ae-1f8af 1f8bc-1f8bf 1f8c2-1f8cf 1f8d9-1f8ff 1f90c-1f93a 1f93c-1f945
1f947-1f9ff 1fa58-1fa5f 1fa6e-1faff 1fc00-1fffd"""
"""Extended_Pictographic and Emoji_Modifier: what emoji are joined from."""
JOINING_SCRIPTS = """\
620-64f 660-72f 740-77f 7c0-7ef 840-88f 8a0-8cf 900-acf ae0-edf f30-109f 1700-18af 1900-1a7f 1b00-1b4f
1b80-1c4f 1cd0-1cff 1df0-1dff 20f0-20ff a800-a95f a980-aacf aae0-aaff abc0-abef 10a00-10a3f 10ac0-10aef
10b80-10baf 10d00-10d2f 10ec0-10eef 10f30-10fcf 11000-110cf 11100-111cf 11200-1183f 11900-11a9f 11b00-11b6f
11c00-11d9f 11df0-11f5f 16100-1612f 16d40-16d6f 1e900-1e94f"""
"""Where scripts lie whose letters join (Joining_Type) or make syllables (Indic_Syllabic_Category)."""


def character_class(*ranges: str) -> str:
    """The inside of a regular expression's character class that holds such ranges."""
    return "".join("-".join(map(_escaped, each.split("-"))) for each in " ".join(ranges).split())


def _escaped(digits: str) -> str:
    return f"\\u{digits:0>4}" if len(digits) <= 4 else f"\\U{digits:0>8}"
