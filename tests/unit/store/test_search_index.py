"""The search index only speeds a search up: whatever becomes of it or of transcripts, the answers stay."""

import os
import random
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexed_search import build, found, holding, places, segments
from userdesk.store.folder import DataFolder
from userdesk.store.search import building, fresh_segment, segment_writer
from userdesk.store.search.building import IndexBuilder
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import MessageSearch
from userdesk.store.store import Store

KEYS = ("k0", "k1", "k2", "k3")
ALPHABET = 'aAbsSßẞüÜ "\\\n/u0ée\u0301œøΣσςжガか\u3099款退政日👩\u200d\ufe0f🎉\u00ad\u200b\x1b_-.—“й가ไท'
WORDS = st.text(ALPHABET, max_size=12)
TEXTS = st.lists(WORDS | st.text("ab", min_size=50, max_size=200), max_size=4)


def without_index(data_dir: Path, typed: str) -> list[tuple[str, int, str]]:
    """What is found by somebody who has no index."""
    elsewhere = data_dir.parent / "elsewhere"
    if not elsewhere.exists():
        elsewhere.mkdir()
        (elsewhere / "transcripts").symlink_to(data_dir / "transcripts")
    return found(elsewhere, typed, *KEYS)


@pytest.mark.torture
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(TEXTS, min_size=1, max_size=4),
    st.lists(TEXTS, max_size=4),
    st.data(),
    st.sampled_from([1, 60, 1000]),
)
def test_the_same_is_found_with_and_without(
    data_dir: Path,
    write: Callable[..., Path],
    before: list[list[str]],
    after: list[list[str]],
    data: st.DataObject,
    segment_size: int,
) -> None:
    for key in KEYS:
        (data_dir / "transcripts" / f"{key}.jsonl").unlink(missing_ok=True)
    for key, texts in zip(KEYS, before, strict=False):
        write(key, *texts)
    build(data_dir, segment_size=segment_size)
    engine = MessageSearch(data_dir)
    list(engine.read_ahead(KEYS))
    said = "\n".join(text for texts in (*before, *after) for text in texts)
    parts = st.integers(0, max(0, len(said) - 1)).map(lambda at: said[at : at + 5])
    typed = data.draw(st.lists(parts | WORDS, min_size=1, max_size=2).map(" ".join))
    assert places(engine, typed, *KEYS) == without_index(data_dir, typed)
    for key, texts in zip(reversed(KEYS), after, strict=False):
        path = write(f"{key}.new", *texts)
        if data.draw(st.booleans()):
            path.replace(path.with_name(f"{key}.jsonl"))
        else:
            with path.with_name(f"{key}.jsonl").open("ab") as file:
                file.write(path.read_bytes()[: data.draw(st.integers(0, 200))])
            path.unlink()
    assert sorted(places(engine, typed, *KEYS)) == sorted(without_index(data_dir, typed))
    assert places(engine, typed, *KEYS) == without_index(data_dir, typed)
    assert holding(engine, typed, *KEYS) == holding(MessageSearch(data_dir), typed, *KEYS)
    assert holding(engine, typed, *KEYS) == sorted({key for key, _, _ in without_index(data_dir, typed)})
    build(data_dir, segment_size=segment_size)
    assert found(data_dir, typed, *KEYS) == without_index(data_dir, typed)
    assert holding(MessageSearch(data_dir), typed, *KEYS) == holding(engine, typed, *KEYS)


# transcripts that change


def test_a_message_that_was_just_written_is_found(data_dir: Path, store: Store, user) -> None:
    store.transcript("k1").append(user("the first one"))
    build(data_dir)
    engine = MessageSearch(data_dir)
    assert not places(engine, "second", "k1")
    store.transcript("k1").append(user("the second one"))
    assert places(engine, "second", "k1") == [("k1", 1, "the second one")]
    assert [index for _, index, _ in places(engine, "one", "k1")] == [1, 0]


@pytest.mark.parametrize("how", ["in place", "replaced"])
def test_a_transcript_edited_by_hand_is_found_as_it_is(
    data_dir: Path, write: Callable[..., Path], how: str
) -> None:
    path = write("k1", "a red apple", "a pear")
    times = path.stat()
    build(data_dir)
    engine = MessageSearch(data_dir)
    assert places(engine, "apple", "k1")
    edited = path.read_bytes().replace(b"apple", b"grape")
    if how == "replaced":
        path.unlink()
    path.write_bytes(edited)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not places(engine, "apple", "k1")
    assert places(engine, "grape", "k1") == [("k1", 0, "a red grape")]
    assert build(data_dir) == 100
    assert b"apple" not in b"".join(path.read_bytes() for path in segments(data_dir))


def test_an_edit_that_only_looks_like_more_is_noticed(data_dir: Path, write: Callable[..., Path]) -> None:
    path = write("k1", "a red apple", "a pear")
    build(data_dir)
    path.write_bytes(path.read_bytes().replace(b"apple", b"grape"))
    with path.open("ab") as file:
        file.write(b'{"role": "user", "text": "more"}\n')
    assert found(data_dir, "grape", "k1") and found(data_dir, "more", "k1")
    assert not found(data_dir, "apple", "k1")


@pytest.mark.parametrize("more", ["", "more"])
def test_an_edit_in_the_midst_of_a_long_transcript_is_noticed(
    data_dir: Path, write: Callable[..., Path], more: str
) -> None:
    filler = ["filler " * 1000] * 30
    path = write("k1", *filler, "a red apple", *filler)
    build(data_dir)
    write("k1", *filler, "a grape", *filler, *([more] * bool(more)))
    assert path.stat().st_size > 400_000
    assert found(data_dir, "grape", "k1") and not found(data_dir, "apple", "k1")
    build(data_dir)
    write("k1", *filler, "a grave", *filler, *([more] * 2 * bool(more)))
    assert found(data_dir, "grave", "k1") and not found(data_dir, "grape", "k1")


def test_only_the_end_of_a_long_transcript_is_read_again(
    data_dir: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("k1", *[f"message {number} {'filler ' * 20}" for number in range(100)])
    build(data_dir)
    old = segments(data_dir)
    with path.open("ab") as file:
        file.write(b'{"role": "user", "text": "fresh one"}\n')
    read: list[int] = []
    scan = building.scan_lines
    monkeypatch.setattr(building, "scan_lines", lambda file, at: read.append(at) or scan(file, at))
    assert build(data_dir) == 100
    assert min(read) > 10_000
    assert set(old) < set(segments(data_dir))
    assert found(data_dir, "fresh", "k1") == [("k1", 100, "fresh one")]
    assert [index for _, index, _ in found(data_dir, "message 7", "k1")] == [97, 87, 79, 78, 77]


def test_a_file_that_is_just_being_written_waits(data_dir: Path, write: Callable[..., Path]) -> None:
    write("k1", "an apple")
    for _ in IndexBuilder(DataFolder(data_dir), worthwhile=0).steps():
        pass
    assert not segments(data_dir)


def test_many_small_segments_become_few(data_dir: Path, write: Callable[..., Path]) -> None:
    for number in range(40):
        write(f"c{number}", f"message {number}")
        build(data_dir)
    assert len(segments(data_dir)) <= 6
    keys = [f"c{number}" for number in range(40)]
    assert [key for key, *_ in found(data_dir, "message", *keys)] == keys


# an index that is not as it should be


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_index_finds_the_same_and_goes(
    data_dir: Path, write: Callable[..., Path], seed: int
) -> None:
    dice = random.Random(seed)
    write("k0", *["an apple", "a pear and an apple"] * 300)
    write("k1", "only here: zanzibar", "and an apple")
    build(data_dir)
    (segment,) = segments(data_dir)
    data = bytearray(segment.read_bytes())
    if seed % 3 == 0:
        del data[dice.randrange(len(data)) :]
    else:
        data[dice.randrange(16, len(data))] ^= 1 << dice.randrange(8)
    segment.write_bytes(data)
    for typed in ("apple", "zanzibar", "pear apple", "nowhere", "zanzibar apple"):
        assert found(data_dir, typed, *KEYS) == without_index(data_dir, typed)
    build(data_dir)
    assert found(data_dir, "zanzibar", *KEYS) == [("k1", 0, "only here: zanzibar")]


def test_what_a_newer_version_indexed_is_left_alone(
    data_dir: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("k1", "an apple")
    monkeypatch.setattr(segment_writer, "FORM", 99)
    build(data_dir)
    newer = segments(data_dir)
    assert newer and found(data_dir, "apple", "k1") and segments(data_dir) == newer
    monkeypatch.setattr(segment_writer, "FORM", 1)
    build(data_dir)
    assert found(data_dir, "apple", "k1") and segments(data_dir) == newer, "an older one is thrown away"


def test_an_index_that_goes_during_a_search(data_dir: Path, write: Callable[..., Path]) -> None:
    for key in KEYS:
        write(key, "an apple", "a pear")
        build(data_dir)
    engine = MessageSearch(data_dir)
    list(engine.read_ahead(KEYS))
    slices = engine.find(SearchQuery("apple"), KEYS)
    for segment in segments(data_dir):
        segment.unlink()
    assert [each.key for slice_ in slices for each in slice_] == list(KEYS)


def test_a_full_disk_ends_it_quietly(
    data_dir: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("k1", "an apple")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fresh_segment, "write_existing", full)
    with pytest.raises(OSError):
        build(data_dir)
    assert found(data_dir, "apple", "k1") and not segments(data_dir), "nothing half written is left"


def test_it_leaves_room_for_messages(
    data_dir: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("k1", "an apple")
    monkeypatch.setattr(building, "LEFT_FREE", 1 << 62)
    with pytest.raises(OSError, match="left for messages"):
        build(data_dir)
    assert not segments(data_dir)


def test_its_files_are_private(data_dir: Path, write: Callable[..., Path]) -> None:
    write("k1", "an apple")
    build(data_dir)
    assert stat.S_IMODE((data_dir / "search").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in segments(data_dir)} == {0o600}


@pytest.mark.parametrize("segment_size", [1024 * 1024, building.SEGMENT], ids=["in parts", "at once"])
@pytest.mark.parametrize("builds_again", [False, True])
def test_a_letter_changed_amid_a_long_file_that_grew_is_found(
    data_dir: Path, write: Callable[..., Path], segment_size: int, builds_again: bool
) -> None:
    filler = "word " * 200_000
    path = write("k0", *[f"{number} {filler}" for number in range(9)], "zanzibar", *[filler] * 9)
    build(data_dir, segment_size=segment_size)
    assert found(data_dir, "zanzibar", "k0")
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(data.index(b"zanzibar"))
        file.write(b"timbuktu")
        file.seek(len(data))
        file.write(b'{"role": "user", "text": "later"}\n')
    if builds_again:
        build(data_dir, segment_size=segment_size)
    assert [each[:2] for each in found(data_dir, "timbuktu", "k0")] == [("k0", 9)]
    assert not found(data_dir, "zanzibar", "k0")
    assert [each[:2] for each in found(data_dir, "later", "k0")] == [("k0", 19)]
