"""A visit from its invitation to its end, over real HTTP, with a program in a real pseudo-terminal."""

from host_apart import Browser, Host


async def test_invited_browser_shows_the_program(host: Host, browser: Browser) -> None:
    await browser.sees(b"^\x18\x1bc")
    await browser.run("say('hello', os.isatty(0))")
    await browser.sees(b"<hello True>")


async def test_program_gets_keys_sizes_and_its_visitor_its_answers(host: Host, browser: Browser) -> None:
    await browser.send("resize", {"width": 100, "height": 40})
    await browser.sees(b"<size 100 40>")
    await browser.send("resize", {"width": 10**9, "height": -4})
    await browser.sees(b"<size 500 5>")
    await browser.send("ping", "17")
    assert await browser.hears("pong") == "17"


async def test_who_quits_is_told_so(host: Host, browser: Browser) -> None:
    await browser.run("sys.exit()")
    assert await browser.is_closed() == (4000, "left")
    assert await browser.hears("bye") == "left"
    assert not [*host.visits]
