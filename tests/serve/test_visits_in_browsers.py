"""A visit from its invitation to its end, over real HTTP, with a program in a real pseudo-terminal."""

import asyncio
import json

import aiohttp
import pytest
from host_apart import Browser, Host, NewHost

from userdesk.serve.visit import AWAY, Reason
from userdesk.serve.visits import KEPT

# the terminal


async def test_invited_browser_shows_the_program(host: Host, browser: Browser) -> None:
    await browser.sees(b"^\x18\x1bc")
    await browser.run("say('hello', os.isatty(0), os.open('/dev/tty', os.O_RDWR) > 0)")
    await browser.sees(b"<hello True True>")


async def test_program_gets_every_key_as_it_was_typed(host: Host, browser: Browser) -> None:
    """Nothing of it is a line's end, an interrupt or a flow control to the terminal, nor shown by it."""
    await browser.run("say('rest', os.read(0, 100))")
    typed = "\r\x03\x1a\x11\x13\x04\x7f\xe9\u20ac"
    await browser.type(typed)
    found = await browser.sees(b"<rest (.*?)>")
    assert eval(found[1]).decode() == typed
    assert b"\r" not in browser.shown


async def test_sizes_are_brought_into_what_is_allowed(host: Host, browser: Browser) -> None:
    for width, height, told in ((100, 40, b"100 40"), (10**30, -4, b"500 5"), (0, 10**9, b"20 200")):
        await browser.send("resize", {"width": width, "height": height})
        await browser.sees(b"<size %s>" % told)


@pytest.mark.parametrize(
    ("query", "size"),
    [("width=90&height=33", b"90 33"), ("width=-1&height=x", b"80 24"), ("width=9999999", b"80 24")],
)
async def test_size_at_the_start_is_the_browsers(host: Host, query: str, size: bytes) -> None:
    async with Browser(host) as browser:
        await browser.load(host.invitation)
        await browser.connect(path=f"/ws?{query}")
        await browser.run("size()")
        await browser.sees(b"<size %s>" % size)


async def test_browser_is_answered(host: Host, browser: Browser) -> None:
    for sent in ("1764.5", 17, None):
        await browser.send("ping", sent)
        assert await browser.hears("pong") == sent
    for ignored in (["focus"], ["blur"], ["focus", {"a": 1}]):
        await browser.send(*ignored)
    await browser.process()


# what the program tells


async def test_program_has_the_browser_copy_and_open(host: Host, browser: Browser) -> None:
    await browser.run("tell(type='copy', text='<b>\\u2028 \\ud800 ' + 'x' * 1_000_000)")
    assert len(await browser.hears("copy")) == 1_000_007
    await browser.run("tell(type='open_url', url='javascript:alert(1)')")
    await browser.run("tell(type='open_url', url='https://example.com/?a=b')")
    assert await browser.hears("open_url") == {"url": "https://example.com/?a=b", "new_tab": True}
    assert not browser.frames


async def test_what_a_program_says_by_mistake_harms_nobody(host: Host, browser: Browser) -> None:
    for line in ("b'\\xff\\n{}\\n[]\\nnull\\n'", "b'[' * 100_000 + b'\\n'", "b'x' * 2_500_000 + b'\\n'"):
        await browser.run(f"channel({line})")
    await browser.run("tell(type='copy', text='still')")
    assert await browser.hears("copy") == "still"
    await browser.run("os.close(int(os.environ['USERDESK_VISIT_CHANNEL']))")
    await browser.process()


async def test_exported_file_is_fetched_by_its_visitor_alone(host: Host, browser: Browser) -> None:
    await browser.run("open(f'{folder}/data.md', 'w').write('Grüße ' * 100_000)")
    await browser.run("tell(type='file', path=f'{folder}/data.md', name='Grüße.md')")
    key = await browser.hears("deliver_file_start")
    response = await browser.headers(f"/file/{key}")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Gr%C3%BC%C3%9Fe.md" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    assert await browser.load(f"/file/{key}") == (200, "Grüße " * 100_000)

    async with Browser(host) as other, Browser(host) as stranger:
        await other.come()
        assert (await other.load(f"/file/{key}"))[0] == 404
        assert (await stranger.load(f"/file/{key}"))[0] == 404
        # Nor does the other one's program reach it, or anything that is not the other one's.
        await other.sees(b"<")
        for path in (host.visits_by_number()[1].process.folder / "data.md", "/etc/passwd"):
            await other.run(f"tell(type='file', path={str(path)!r}, name='x')")
            await other.run(f"os.symlink({str(path)!r}, f'{{folder}}/link')")
            await other.run("tell(type='file', path=f'{folder}/link', name='x')")
            await other.run("os.unlink(f'{folder}/link')")
        await other.run("tell(type='copy', text='done')")
        await other.hears("copy")
        assert not other.frames

    await browser.run("sys.exit()")
    await browser.is_closed()
    assert (await browser.load(f"/file/{key}"))[0] == 404


async def test_file_that_shrinks_while_it_is_sent_is_no_whole_file(host: Host, browser: Browser) -> None:
    await browser.run("file = open(f'{folder}/a', 'w'); file.write('x' * 100); file.flush()")
    await browser.run("tell(type='file', path=f'{folder}/a', name='a')")
    key = await browser.hears("deliver_file_start")
    await browser.run("file.truncate(10); say('cut')")
    await browser.sees(b"<cut>")
    with pytest.raises(aiohttp.ClientPayloadError):
        await browser.load(f"/file/{key}")


# coming back


async def test_who_comes_back_within_a_minute_finds_the_same_program_drawn_anew(
    host: Host, browser: Browser
) -> None:
    pid = await browser.process()
    await browser.run("x = 'remembered'")
    await browser.go()
    await host.wait(lambda: not host.only.is_attached)
    await host.pass_time(AWAY - 1)
    await browser.connect(columns=90, rows=33)
    await browser.sees(b"^\x18\x1bc")
    await browser.sees(b"<drawn %d>" % pid)
    await browser.run("size()")
    await browser.sees(b"<size 90 33>")
    await browser.run("say(x)")
    await browser.sees(b"<remembered>")


async def test_what_a_program_writes_meanwhile_is_not_kept_for_later(host: Host, browser: Browser) -> None:
    marker = host.only.process.folder / "done"
    await browser.run(f"os.read(0, 2); say('x' * 5_000_000); open({str(marker)!r}, 'w')")
    await browser.type("go")
    await browser.go()
    await host.wait(marker.exists)  # it could write all of it, though nobody looked
    await browser.connect()
    await browser.sees(rb"<drawn \d+>")
    assert len(browser.shown) < 100_000


async def test_who_stays_away_is_gone(host: Host, browser: Browser) -> None:
    await browser.go()
    await host.wait(lambda: not host.only.is_attached)
    await host.pass_time(AWAY)
    assert not [*host.visits]
    assert host.admission.free == 3
    await browser.connect()
    assert await browser.is_closed() == (4000, "away")
    status, text = await browser.load("/")
    assert (status, "conversation is over" in text) == (410, True)


async def test_second_tab_takes_over(host: Host, browser: Browser) -> None:
    pid = await browser.process()
    second = Browser(host, browser.http)
    assert (await second.load("/"))[0] == 200
    await second.connect()
    await second.sees(b"<drawn %d>" % pid)
    assert await browser.is_closed() == (4001, "elsewhere")
    assert await browser.hears("bye") == "elsewhere"
    assert await second.process() == pid
    assert host.only.is_attached
    await second.go()


async def test_who_has_quit_may_begin_again_for_a_minute(host: Host, browser: Browser) -> None:
    pid, link = await browser.process(), host.invitation
    await browser.run("sys.exit()")
    assert await browser.is_closed() == (4000, "left")
    assert not [*host.visits]
    await host.pass_time(KEPT - 1)
    assert await asyncio.gather(*(browser.load("/") for _ in range(5)))
    assert host.only.number == 2
    assert host.granted_after == [None, host.granted[0]]
    assert host.admission.free == 2
    assert host.invitation == link
    await browser.connect()
    assert await browser.process() != pid


async def test_later_the_place_is_somebody_elses(host: Host, browser: Browser) -> None:
    await browser.run("sys.exit()")
    await browser.is_closed()
    assert host.admission.free == 2
    await host.pass_time(KEPT)
    assert host.admission.free == 3
    assert (await browser.load("/"))[0] == 410


# the end


@pytest.mark.parametrize(
    ("line", "reason"), [("sys.exit()", "left"), ("sys.exit(3)", "failed"), ("os.abort()", "failed")]
)
async def test_browser_is_told_how_it_ended(host: Host, browser: Browser, line: str, reason: Reason) -> None:
    await browser.run(line)
    assert await browser.is_closed() == (4000, reason)
    assert await browser.hears("bye") == reason
    assert host.withdrawn == host.granted  # nothing may be asked of the service any more


async def test_untouched_visit_ends_and_one_that_waits_for_an_answer_does_not(new_host: NewHost) -> None:
    async with new_host(idle=600.0) as host, Browser(host) as browser:
        await browser.come()
        await browser.sees(b"<")
        answers = "\x1b[?2026;0$y\x1b[I"
        await browser.run(f"say('got', os.read(0, {len(answers)}))")
        await host.pass_time(599)
        await browser.type(answers)  # which are the terminal's, and not its visitor's
        await browser.sees(b"<got")
        await browser.send("ping", 1)
        await browser.hears("pong")
        host.granted[0].running.add("a request")
        await host.pass_time(500)
        host.granted[0].running.clear()
        await host.pass_time(599)
        await browser.process()
        await host.pass_time(599)
        assert [*host.visits]
        await host.pass_time(1)
        assert await browser.is_closed() == (4000, "idle")
        assert (await browser.load("/"))[0] == 200  # whoever comes back from lunch may begin again


async def test_host_that_ends_says_so(host: Host, browser: Browser) -> None:
    await host.visits.close()
    assert await browser.is_closed() == (4000, "host")
    assert not [*host.visits]
    async with Browser(host) as late:
        assert (await late.load(host.invitation))[0] == 503


async def test_program_that_cannot_be_started_costs_no_place(new_host: NewHost) -> None:
    async with new_host(command=("/nowhere",)) as host, Browser(host) as browser:
        status, _ = await browser.load(host.invitation)
        assert status == 200  # it had been started, and found nothing to become
        await browser.connect()
        assert await browser.is_closed() == (4000, "failed")
        assert b"Traceback" not in browser.shown
        assert b"nowhere" not in browser.shown


async def test_full_disk_costs_no_place(host: Host) -> None:
    host.folders.close()
    async with Browser(host) as browser:
        status, text = await browser.load(host.invitation)
        assert (status, "cannot begin" in text) == (503, True)
        assert str(host.folders) not in text
    assert host.admission.free == host.admission.uses == 3
    assert host.withdrawn == host.granted


async def test_status_is_told_of_who_comes_and_goes(host: Host) -> None:
    told: list[str] = []

    def look() -> None:
        told.append(json.dumps([(visit.number, visit.is_attached) for visit in host.visits]))

    host.visits.on_change = look
    async with Browser(host) as browser:
        await browser.come()
        await browser.sees(b"<")
        await browser.go()
        await host.wait(lambda: not host.only.is_attached)
        await host.pass_time(AWAY)
    assert [*dict.fromkeys(told)] == ["[[1, false]]", "[[1, true]]", "[]"]
