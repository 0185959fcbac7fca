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
JOINED_LETTERS = """\
620 622-63f 641-64a 66e-66f 671-673 675-6d3 6d5 6ee-6ef 6fa-6fc 6ff 710 712-72f 74d-77f 7ca-7ea 840-858 860
862-865 867-86a 870-882 886 889-88f 8a0-8ac 8ae-8c8 900-94f 951-952 955-963 972-983 985-98c 98f-990 993-9a8
9aa-9b0 9b2 9b6-9b9 9bc-9c4 9c7-9c8 9cb-9ce 9d7 9dc-9dd 9df-9e3 9f0-9f1 9fc 9fe a01-a03 a05-a0a a0f-a10
a13-a28 a2a-a30 a32-a33 a35-a36 a38-a39 a3c a3e-a42 a47-a48 a4b-a4d a51 a59-a5c a5e a70-a73 a75 a81-a83
a85-a8d a8f-a91 a93-aa8 aaa-ab0 ab2-ab3 ab5-ab9 abc-ac5 ac7-ac9 acb-acd ae0-ae3 af9-aff b01-b03 b05-b0c
b0f-b10 b13-b28 b2a-b30 b32-b33 b35-b39 b3c-b44 b47-b48 b4b-b4d b53-b57 b5c-b5d b5f-b63 b71 b82-b83 b85-b8a
b8e-b90 b92-b95 b99-b9a b9c b9e-b9f ba3-ba4 ba8-baa bae-bb9 bbe-bc2 bc6-bc8 bca-bcd bd7 c00-c0c c0e-c10
c12-c28 c2a-c39 c3c-c44 c46-c48 c4a-c4d c55-c56 c58-c5a c5d c60-c63 c80-c83 c85-c8c c8e-c90 c92-ca8 caa-cb3
cb5-cb9 cbc-cc4 cc6-cc8 cca-ccd cd5-cd6 cdd-cde ce0-ce3 cf1-cf3 d00-d0c d0e-d10 d12-d44 d46-d48 d4a-d4e
d54-d57 d5f-d63 d7a-d7f d81-d83 d85-d96 d9a-db1 db3-dbb dbd dc0-dc6 dca dcf-dd4 dd6 dd8-ddf df2-df3 e01-e2e
e30-e3a e40-e45 e47-e4e e81-e82 e84 e86-e8a e8c-ea3 ea5 ea7-eae eb0-ebd ec0-ec4 ec8-ecb ecd-ece edc-edf f35
f37 f39 f40-f47 f49-f6c f71-f84 f88-f97 f99-fbc fc6 1000-103f 1050-108f 109a-109d 1700-1715 171f-1734
1740-1753 1760-176c 176e-1770 1772-1773 1780-17b3 17b6-17d3 17dc-17dd 1807 1820-1878 1887-18a8 18aa 1900-191e
1920-192b 1930-193b 1950-196d 1970-1974 1980-19ab 19b0-19c9 1a00-1a1b 1a20-1a5e 1a60-1a7c 1a7f 1b00-1b4c
1b80-1baf 1bba-1bf3 1c00-1c37 1c4d-1c4f 1cd0-1cd2 1cd4-1ce1 1cf2-1cfa 1dfb 20f0 a800-a827 a82c a840-a873
a880-a8c5 a8e0-a8f3 a8fe-a8ff a90a-a92d a930-a953 a980-a9c0 a9e0-a9e5 a9e7-a9ef a9fa-a9fe aa00-aa36 aa40-aa4d
aa60-aa6f aa71-aa76 aa7a-aac2 aae0-aaef aaf5-aaf6 abc0-abea abec-abed 10a00-10a03 10a05-10a06 10a0c-10a13
10a15-10a17 10a19-10a35 10a38-10a3a 10a3f 10ac0-10ac5 10ac7 10ac9-10aca 10acd-10ae1 10ae4 10aeb-10aef
10b80-10b91 10ba9-10bae 10d00-10d23 10ec2-10ec4 10ec6-10ec7 10ed9-10eee 10f30-10f44 10f51-10f54 10f70-10f81
10fb0 10fb2-10fb6 10fb8-10fbf 10fc1-10fc4 10fc9-10fcb 11000-11046 11070-11075 1107f-110ba 110c2 11100-11134
11144-11147 11150-11173 11180-111c3 111c9-111cc 111ce-111cf 11200-11211 11213-11237 1123e-11241 11280-11286
11288 1128a-1128d 1128f-1129d 1129f-112a8 112b0-112ea 11300-11303 11305-1130c 1130f-11310 11313-11328
1132a-11330 11332-11333 11335-11339 1133b-11344 11347-11348 1134b-1134d 11357 1135e-11363 11366-1136c
11370-11374 11380-11389 1138b 1138e 11390-113b5 113b7-113c0 113c2 113c5 113c7-113ca 113cc-113d2 113e1-113e2
11400-11447 1145e-11461 11481-114c4 11580-115b5 115b8-115c0 115d8-115dd 11600-11640 11680-116b8 11700-1171a
1171d-1172b 11740-11746 11800-1183a 11900-11906 11909 1190c-11913 11915-11916 11918-11935 11937-11938
1193b-11943 119a0-119a7 119aa-119d7 119da-119e1 119e4 11a00-11a3e 11a47 11a50-11a99 11a9d 11b0a 11b60-11b67
11c00-11c08 11c0a-11c36 11c38-11c40 11c72-11c8f 11c92-11ca7 11ca9-11cb6 11d00-11d06 11d08-11d09 11d0b-11d36
11d3a 11d3c-11d3d 11d3f-11d47 11d60-11d65 11d67-11d68 11d6a-11d8e 11d90-11d91 11d93-11d97 11df0-11df1
11ee0-11ef6 11f00-11f10 11f12-11f3a 11f3e-11f42 11f5a 16100-1612f 16d40-16d6c 1e900-1e943"""
"""Letters that join their neighbors (Joining_Type) and those of Indic syllables (Indic_Syllabic_Category)."""


def character_class(*ranges: str) -> str:
    """The inside of a regular expression's character class that holds such ranges."""
    return "".join("-".join(map(_escaped, each.split("-"))) for each in " ".join(ranges).split())


def _escaped(digits: str) -> str:
    return f"\\u{digits:0>4}" if len(digits) <= 4 else f"\\U{digits:0>8}"
