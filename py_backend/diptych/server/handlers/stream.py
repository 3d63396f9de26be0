"""A run's events over a WebSocket, replayed from where the client left off."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import msgspec
from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from diptych.server.base import RESOURCE, JsonErrors
from diptych.server.handlers.catalog import FURTHEST
from diptych.server.problems import known_problems

ENDED, GOING_AWAY = 1000, 1001  # close codes: the run has ended; the events can't be told any more


class StreamHandler(WebSocketMixin, WebSocketHandler, JsonErrors):
    """Tells events, and takes no messages. The mixin sends pings and closes a connection that does not answer them."""

    _telling: asyncio.Task[None] | None = None

    @ws_authenticated
    async def get(self, id: str) -> None:
        """Open the WebSocket, if the user may read and there is such a run; else answer with an error."""
        allowed = await ensure_async(self.authorizer.is_authorized(self, self.current_user, "read", RESOURCE))
        if not allowed:
            raise HTTPError(HTTPStatus.FORBIDDEN.value)
        self._since = self.integer("since", 0, 0, FURTHEST)
        with known_problems():
            await self.services.training.run(id)
        await super().get(id)

    def open(self, id: str) -> None:
        """Begin to tell; a task of its own, so that pongs are still read."""
        super().open(id)
        self._telling = asyncio.create_task(self._tell(id))

    def on_message(self, message: str | bytes) -> None:
        """Ignore what the client says."""

    def on_close(self) -> None:
        """Stop telling."""
        if self._telling is not None:
            self._telling.cancel()

    async def _tell(self, id: str) -> None:
        from diptych.training.errors import TrainingError  # noqa: PLC0415  # not needed to start the server

        try:
            async for event in self.services.training.follow(id, self._since):
                await self.write_message(msgspec.json.encode(event).decode())
        except WebSocketClosedError:
            return
        except TrainingError as error:
            self.close(GOING_AWAY, error.code)
        else:
            self.close(ENDED, "the run has ended")
