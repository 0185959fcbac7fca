"""The host of all visits: the service for them, the web server, and what the host's terminal says of it."""

import asyncio
import time
from contextlib import AsyncExitStack, aclosing, suppress
from datetime import datetime, timedelta

from rich.console import Console

from userdesk.api import CreateUnavailable, UserdeskClient
from userdesk.demo.process import DemoProcess
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.domain.failure import configuration_error
from userdesk.serve.admission import Admission
from userdesk.serve.listening import cannot_listen, site
from userdesk.serve.origins import Origins
from userdesk.serve.page_files import PageFiles
from userdesk.serve.request import Request
from userdesk.serve.service_proxy import ServiceProxy
from userdesk.serve.status import ServeStatus, StatusDisplay, VisitorStatus
from userdesk.serve.visit_folders import VisitFolders
from userdesk.serve.visitor_environment import VisitorProgram
from userdesk.serve.visits import Visits
from userdesk.serve.web import WebServer
from userdesk.settings import Settings
from userdesk.settings.api_keys import KeyRing

TICK = 30.0
"""Seconds after which the times on the terminal are drawn anew."""


class Host:
    """Everything that `userdesk serve` runs, in one event loop."""

    def __init__(
        self,
        request: Request,
        settings: Settings,
        chatbot: Chatbot,
        demo: DemoProcess,
        *,
        theme: str = "",
        questions: bytes | None = None,
    ) -> None:
        self._request, self._settings, self._chatbot, self._demo = request, settings, chatbot, demo
        self._theme, self._questions = theme, questions
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Serve until it is cancelled; then nothing is left of it.

        Raises UserdeskError where the service refuses or cannot be reached, and CannotListen.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._demo.stop)
            chatbot, api_key = await self._service()
            proxy = ServiceProxy(
                chatbot,
                api_key,
                connect_timeout=self._settings.connect_timeout,
                allow_plain_http=self._settings.allow_plain_http,
                on_change=self._changed.set,
            )
            stack.push_async_callback(proxy.aclose)
            try:
                await proxy.start()
                folders = VisitFolders()
            except OSError as error:
                reason = error.strerror or str(error)
                raise configuration_error("Visits cannot be held here", reason) from error
            stack.callback(folders.close)
            await asyncio.to_thread(folders.remove_leftovers)
            admission = Admission(self._request.visitors)
            program = VisitorProgram(
                chatbot_id=chatbot.chatbot_id,
                chatbot_name=chatbot.name,
                base_url=proxy.base_url,
                theme=self._theme,
                questions=self._questions,
            )
            visits = Visits(
                admission,
                program,
                folders,
                grant=proxy.grant,
                withdraw=proxy.withdraw,
                idle=self._request.idle,
            )
            admission.on_invitation = visits.on_change = self._changed.set
            server = await self._listen(visits, stack)
            stack.push_async_callback(visits.close)
            await self._serve(visits, server)

    async def _service(self) -> tuple[Chatbot, ApiKey | None]:
        """The chatbot where it now is, and its key, once both have been tried. Raises UserdeskError."""
        if self._chatbot.is_demo:
            try:
                base_url = await self._demo.start()
            except OSError as error:
                reason = error.strerror or str(error)
                raise configuration_error("The chatbot could not be started", reason) from error
            return self._chatbot._replace(base_url=base_url), ApiKey(self._demo.api_key)
        api_key = await asyncio.to_thread(KeyRing(self._settings).api_key, self._chatbot.config_name)
        client = UserdeskClient(
            self._chatbot,
            api_key,
            connect_timeout=self._settings.connect_timeout,
            allow_plain_http=self._settings.allow_plain_http,
        )
        async with aclosing(client):
            with suppress(CreateUnavailable):  # an older deployment: only a message could test the key
                await client.create_conversation()
        return self._chatbot, api_key

    async def _listen(self, visits: Visits, stack: AsyncExitStack) -> WebServer:
        request = self._request
        origins = Origins(request.host, request.public_url or "")
        look = {"title": self._chatbot.name, "theme": self._theme}
        server = WebServer(visits, origins, PageFiles(look))
        stack.push_async_callback(server.close)
        try:
            await server.start(request.host, request.port)
        except OSError as error:
            raise cannot_listen(request.host, request.port, error) from error
        return server

    async def _serve(self, visits: Visits, server: WebServer) -> None:
        """Show how things stand, until it is cancelled."""
        address = site(self._request.host, server.port, self._request.public_url)
        with StatusDisplay(self._chatbot.name, Console(highlight=False)) as display:
            async with asyncio.TaskGroup() as group:
                group.create_task(visits.run())
                while True:
                    self._changed.clear()
                    status = _status(visits, address)
                    display.show(status)
                    waits = TICK if display.is_live and status.visitors else None
                    with suppress(TimeoutError):
                        async with asyncio.timeout(waits):
                            await self._changed.wait()


def _status(visits: Visits, address: str) -> ServeStatus:
    now, monotonic = datetime.now(), time.monotonic()
    return ServeStatus(
        f"{address}/?token={visits.admission.token}",
        visits.admission.uses,
        visits.admission.places,
        tuple(
            VisitorStatus(
                visit.number,
                now - timedelta(seconds=monotonic - visit.began),
                visit.access.questions,
                idle=monotonic - visit.last_active,
                is_away=not visit.is_attached,
                trouble=visit.access.trouble,
            )
            for visit in visits
            if visit.was_seen
        ),
    )
