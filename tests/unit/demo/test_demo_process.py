"""The embedded chatbot as a child process: quick, private, and never left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from userdesk.demo import process
from userdesk.demo.process import DemoProcess

APP = Path(process.__file__).resolve().parents[2]

PARENT = """
import asyncio, sys
from userdesk.demo.process import DemoProcess
async def main():
    demo = DemoProcess()
    print(await demo.start(), demo.child.pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""


def ask(demo: DemoProcess, message: str, made: str | None = None) -> httpx.Response:
    body = {"message": message} | ({"conversationId": made} if made else {})
    return httpx.post(
        f"{demo.base_url}/v1/chatbot/demo/message",
        json=body,
        headers={"Authorization": f"Bearer {demo.api_key}"},
        trust_env=False,
    )


async def test_it_answers_remembers_and_ends(tmp_path: Path) -> None:
    demo = DemoProcess(tmp_path / "demo")
    base_url = await demo.start()
    assert base_url.startswith("http://127.0.0.1:")
    assert await demo.start() == base_url
    made = ask(demo, "my name is Ada").json()["conversationId"]
    await demo.stop()
    assert not demo.running
    with pytest.raises(httpx.ConnectError):
        httpx.get(base_url, trust_env=False)
    await demo.start()
    assert "**Ada**" in ask(demo, "what is my name?", made).json()["response"]
    await demo.stop()
    await demo.stop()


async def test_the_key_is_not_among_the_arguments(tmp_path: Path) -> None:
    demo = DemoProcess()
    await demo.start()
    assert demo.child is not None
    assert demo.api_key not in str(demo.child.args)
    assert demo.api_key not in str(os.environ)
    assert (
        httpx.post(f"{demo.base_url}/v1/chatbot/demo/conversation", json={}, trust_env=False).status_code
        == 401
    )
    await demo.stop()


async def test_an_interrupt_of_the_terminal_does_not_reach_it() -> None:
    demo = DemoProcess()
    await demo.start()
    assert demo.child is not None
    assert os.getsid(demo.child.pid) != os.getsid(0)
    assert os.getpgid(demo.child.pid) != os.getpgid(0)
    await demo.stop()


async def test_it_starts_anew_after_its_death() -> None:
    demo = DemoProcess()
    await demo.start()
    assert demo.child is not None
    demo.child.kill()
    demo.child.wait()
    assert not demo.running
    await demo.start()
    assert ask(demo, "hello").status_code == 200
    await demo.stop()


async def test_a_child_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(OSError, match="No such file"):
        await DemoProcess().start()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(OSError, match="ended with status 1"):
        await DemoProcess().start()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")
def test_it_ends_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(APP)}
    ) as parent:
        assert parent.stdout is not None
        base_url, child = parent.stdout.readline().split()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        # The child holds the other end of nothing but its own pipes: its port closing is its end.
        wait_until_refused(base_url.decode())
    wait_until_gone(int(child))


def test_modules_of_the_current_folder_stay_out(tmp_path: Path) -> None:
    """A file named like a module of the standard library breaks nothing."""
    (tmp_path / "json.py").write_text("raise SystemExit('wrong json')")
    script = "import asyncio, sys; from userdesk.demo.process import DemoProcess as D\n"
    script += "d = D(); print(asyncio.run(d.start())); d.close()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(APP)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.stdout.startswith("http://127.0.0.1:"), done.stderr


def test_the_parent_imports_no_server() -> None:
    code = "import sys, userdesk.demo.process\n"
    code += "print([name for name in ('starlette', 'uvicorn', 'httpx') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(APP)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"


def run_alone(*arguments: str) -> list[str]:
    call = f"run_demo_server({', '.join(arguments)})"
    code = f"import sys; from userdesk.demo.server.host import run_demo_server; sys.exit({call})"
    return [sys.executable, "-c", code]


@pytest.mark.skipif(os.name != "posix", reason="SIGINT is POSIX's")
def test_alone_it_prints_what_to_export_and_ends_on_ctrl_c() -> None:
    with subprocess.Popen(
        run_alone("0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(APP)},
        text=True,
    ) as alone:
        assert alone.stdout is not None
        lines = [alone.stdout.readline().strip() for _ in range(3)]
        exported = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        response = httpx.post(
            f"{exported['USERDESK_BASE_URL']}/v1/chatbot/{exported['USERDESK_CHATBOT_ID']}/conversation",
            json={},
            headers={"Authorization": f"Bearer {exported['USERDESK_API_KEY']}"},
            trust_env=False,
        )
        assert response.status_code == 200
        alone.send_signal(signal.SIGINT)
        _, errors = alone.communicate(timeout=30)
    assert (alone.returncode, errors) == (130, "")


def test_alone_it_says_that_a_port_is_taken() -> None:
    from demo_server import DemoServer

    with DemoServer() as taken:
        done = subprocess.run(
            run_alone(str(taken.port)),
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(APP)},
            timeout=30,
        )
        assert done.returncode == 2
        assert f"port {taken.port} on 127.0.0.1 cannot be used: another program uses it" in done.stderr
        assert "Errno" not in done.stderr and len(done.stderr.splitlines()) == 1


def wait_until_refused(base_url: str) -> None:
    """Ask until nobody is there any more; each answer takes its own short while."""
    for _ in range(2000):
        try:
            httpx.get(base_url, trust_env=False)
        except httpx.HTTPError:
            return
    raise AssertionError("the child still answers")


def wait_until_gone(pid: int) -> None:
    """Wait for a process that is no child of ours: the kernel closes its pidfd's other side."""
    if not hasattr(os, "pidfd_open"):
        return
    import select

    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], 30)[0], "the child is still there"
    finally:
        os.close(descriptor)


async def test_it_tells_visitors_of_no_key_that_they_do_not_have() -> None:
    demo = DemoProcess(for_visitors=True)
    await demo.start()
    requests = {
        "conversation": {},
        "message": {"message": "How do I start a new conversation?", "stream": False},
    }
    welcome, told = (
        httpx.post(
            f"{demo.base_url}/v1/chatbot/demo/{name}",
            json=fields,
            headers={"Authorization": f"Bearer {demo.api_key}"},
            trust_env=False,
        ).json()["response"]
        for name, fields in requests.items()
    )
    await demo.stop()
    assert "demo chatbot" in welcome and "F1" in welcome and "F9" not in welcome
    assert "F2" in told and "Ctrl+N" not in told
