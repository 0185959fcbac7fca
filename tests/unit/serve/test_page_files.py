"""What the browser loads."""

import gzip
from pathlib import Path

import pytest

from userdesk.serve.notices import Notice
from userdesk.serve.page_files import PageFiles


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text("<p title='$title'>$static/page.js</p>")
    (tmp_path / "notice.html").write_text("$title: $heading $advice")
    (tmp_path / "page.js").write_text("let a = 1;" * 100)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/x.css").write_text("a")
    (tmp_path / "secret.py").write_text("x")
    (tmp_path / ".env").write_text("x")
    return tmp_path


def test_ours_and_the_terminal_are_served_and_nothing_else(ours: Path) -> None:
    files = PageFiles({"title": "x"}, ours)
    for name in (
        "page.js",
        "inner/x.css",
        "textual.js",
        "xterm.css",
        "fonts/RobotoMono-VariableFont_wght.ttf",
    ):
        assert files.static(name), name
    for name in ("", "page.html", "secret.py", ".env", "../page.js", "inner", "js/textual.js", "/etc/passwd"):
        assert not files.static(name), name


def test_packed_is_the_same_in_less(ours: Path) -> None:
    file = PageFiles({"title": "x"}, ours).static("page.js")
    assert file
    assert file.packed
    assert gzip.decompress(file.packed) == file.data
    assert len(file.packed) < len(file.data)
    assert file.content_type.startswith("text/javascript")
    assert PageFiles({"title": "x"}, ours).static("inner/x.css").packed is None  # type: ignore[union-attr]


def test_words_cannot_be_markup(ours: Path) -> None:
    files = PageFiles({"title": "<b>'&\""}, ours)
    assert files.page() == f"<p title='&lt;b&gt;&#x27;&amp;&quot;'>/static/{files.version}/page.js</p>"
    assert files.notice(Notice(403, "<h>", "$title")) == "&lt;b&gt;&#x27;&amp;&quot;: &lt;h&gt; $title"


def test_other_files_have_another_address(ours: Path) -> None:
    before = PageFiles({"title": "x"}, ours)
    assert PageFiles({"title": "y"}, ours).version == before.version
    (ours / "inner/x.css").write_text("b")
    after = PageFiles({"title": "x"}, ours)
    assert after.version != before.version
    assert after.static("inner/x.css").tag != before.static("inner/x.css").tag  # type: ignore[union-attr]
