"""The floor of the framework: about the smallest Textual chat, an Input and a Static under what was said."""

import os

import httpx
from textual import work
from textual.app import App, ComposeResult
from textual.widgets import Input, RichLog, Static


class Minimal(App[None]):
    CSS = "RichLog { height: 1fr; } Static { height: auto; }"

    def compose(self) -> ComposeResult:
        yield RichLog(wrap=True, markup=False)
        yield Static(markup=False)
        yield Input(placeholder="Message the chatbot")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        headers = {"Authorization": "Bearer bench"}
        self.client = httpx.AsyncClient(headers=headers, timeout=60, trust_env=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.input.clear()
        self.ask(event.value)

    @work
    async def ask(self, question: str) -> None:
        said, writing, line = self.query_one(RichLog), self.query_one(Static), ""
        url = f"{os.environ['USERDESK_BASE_URL']}/v1/chatbot/bench/message"
        body = {"message": question, "stream": True}
        async with self.client.stream("POST", url, json=body) as response:
            async for piece in response.aiter_text():
                done, newline, line = (line + piece).rpartition("\n")
                if newline:
                    said.write(done)
                writing.update(line)
        said.write(line)
        writing.update("")


Minimal().run()
