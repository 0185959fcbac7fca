"""Visits that fill the disk: they end, and others notice nothing."""

import asyncio
from pathlib import Path

import pytest
from host_apart import READY, Browser, Host

from userdesk.serve.limits import DISK

MOST = 1_000_000


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userdesk.serve.visits.DISK", MOST)


async def is_full(host: Host, browser: Browser) -> None:
    """Whether the one visit ends, when it is looked at."""
    visit = host.only
    await host.visits.measure()
    assert await browser.is_closed() == (4000, "full")
    assert visit.ended.is_set()
    assert not visit.process.folder.exists()
    assert [*host.folders.root.iterdir()] == []


async def writes(browser: Browser, line: str) -> None:
    await browser.run(f"{line}; say('written')")
    await browser.sees(b"<written>")


async def test_many_files_are_counted_together(
    host: Host, browser: Browser, logged: pytest.LogCaptureFixture
) -> None:
    await writes(browser, "[open(f'{folder}/tmp/{at}', 'w').write('x' * 300_000) for at in range(3)]")
    await host.visits.measure()
    await browser.process()
    await writes(browser, "open(f'{folder}/more', 'w').write('x' * 300_000)")
    await is_full(host, browser)
    assert "the files of visitor 1 took more" in logged.text


async def test_files_without_a_byte_take_room_too(host: Host, browser: Browser) -> None:
    await writes(browser, "[open(f'{folder}/{at}', 'w').close() for at in range(250)]")
    await is_full(host, browser)


async def test_files_that_wait_to_be_fetched_are_counted_though_they_are_in_no_folder(
    host: Host, browser: Browser
) -> None:
    for at in "ab":
        await writes(browser, f"open(f'{{folder}}/{at}', 'w').write('x' * 600_000)")
        await browser.run(f"tell(type='file', path=f'{{folder}}/{at}', name='{at}')")
        await browser.hears("deliver_file_start")
    assert not (host.only.process.folder / "b").exists()
    await is_full(host, browser)


async def test_what_links_lead_to_and_what_only_seems_large_is_not_counted(
    host: Host, browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "large").write_bytes(b"x" * 2 * MOST)
    await writes(
        browser, f"os.symlink({str(tmp_path)!r}, f'{{folder}}/away'); os.symlink('.', f'{{folder}}/here')"
    )
    await writes(browser, "os.truncate(os.open(f'{folder}/holes', os.O_CREAT | os.O_WRONLY), 100_000_000)")
    await host.visits.measure()
    await browser.process()
    assert not host.only.reason


async def test_others_and_who_begins_again_notice_nothing(host: Host, browser: Browser) -> None:
    async with Browser(host) as other:
        await other.come()
        await other.sees(READY)
        await writes(browser, "open(f'{folder}/large', 'w').write('x' * 2_000_000)")
        await host.visits.measure()
        assert await browser.is_closed() == (4000, "full")
        await other.process()
        assert (await browser.load("/"))[0] == 200
        await browser.connect()
        await browser.process()
        await host.visits.measure()
        assert len([*host.visits]) == 2


async def test_host_looks_again_and_again(
    host: Host, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("userdesk.serve.visits.MEASURES", 0.01)
    running = asyncio.create_task(host.visits.run())
    await browser.run("open(f'{folder}/large', 'w').write('x' * 2_000_000)")
    assert await browser.is_closed() == (4000, "full")
    running.cancel()


async def test_no_file_is_larger_than_all_may_be(browser: Browser) -> None:
    await browser.run("import resource; say('most', resource.getrlimit(resource.RLIMIT_FSIZE)[1])")
    assert int((await browser.sees(rb"<most (\d+)>"))[1]) == DISK
