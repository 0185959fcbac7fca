"""Chinese, Japanese and Korean: marks and addresses where no space stands beside them."""

import pytest

from userdesk.markdown.document import Document, whole


def styled(text: str) -> list[tuple[str, str]]:
    return [(run.text, run.style) for run in whole(text, 80).rows[0].runs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**重要：**この", [("重要：", "strong"), ("この", "")]),
        ("設定は**「必須」**です", [("設定は", ""), ("「必須」", "strong"), ("です", "")]),
        ("**注意：**请备份", [("注意：", "strong"), ("请备份", "")]),
        ("**《三体》**是", [("《三体》", "strong"), ("是", "")]),
        ("**설정(Settings)**을", [("설정(Settings)", "strong"), ("을", "")]),
        ("**100%**가", [("100%", "strong"), ("가", "")]),
        ("*“强调”*字", [("“强调”", "em"), ("字", "")]),
        ("~~「削除」~~した", [("「削除」", "strike"), ("した", "")]),
        ("中文**(a)**中文", [("中文", ""), ("(a)", "strong"), ("中文", "")]),
        ("**🚀**中", [("🚀", "strong"), ("中", "")]),
        # As in CommonMark: no letters of these scripts, and underscores within a word.
        ("привет**«да»**мир", [("привет**«да»**мир", "")]),
        ("a**(b)**c", [("a**(b)**c", "")]),
        ("中_a_文", [("中_a_文", "")]),
    ],
)
def test_emphasis_beside_wide_punctuation(text: str, expected: list[tuple[str, str]]) -> None:
    assert styled(text) == expected


@pytest.mark.parametrize(
    "text", ["**重要：**この設定は**「必須」**です。", "**설정(Settings)**을 열고 **100%**가"]
)
def test_what_is_drawn_while_a_line_is_open_is_what_it_will_be(text: str) -> None:
    final = [(character, style) for part, style in styled(text) for character in part]
    for end in range(1, len(text)):
        rows = Document(text[:end]).layout(80).rows
        drawn = [(character, run.style) for row in rows for run in row.runs for character in run.text]
        assert drawn == final[: len(drawn)]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("请访问https://example.com/a。谢谢", "https://example.com/a"),
        ("リンクはhttps://example.com/a（参照）", "https://example.com/a"),
        ("한국어https://example.com/a입니다", "https://example.com/a"),
        ("《https://a.b》", "https://a.b"),
        ("见www.example.com，好", "www.example.com"),
        ("联系support@example.com吧", "support@example.com"),
        ("https://zh.wikipedia.org/wiki/東京", "https://zh.wikipedia.org/wiki/東京"),
    ],
)
def test_an_address_needs_no_space_beside_it(text: str, link: str) -> None:
    assert [run.text for run in whole(text, 80).rows[0].runs if run.href] == [link]


def test_a_word_that_ends_in_an_address_is_none() -> None:
    assert not any(run.href for run in whole("xhttps://a.b éa@b.co", 80).rows[0].runs)
